// The documents of the repository, and what in them is to be run.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');

/** Folders that hold what is made, installed, or taken from elsewhere. */
const FOREIGN = ['node_modules', 'target', 'fixtures', 'results', 'corpus', 'seeds'];

export const read = (name) => readFileSync(join(ROOT, name), 'utf8');

/** Every file with such an ending, by its path from the root. */
export function files(ending, folder = '') {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.filter(({ name }) => !name.startsWith('.') && !FOREIGN.includes(name)).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(ending, path);
    return entry.isFile() && path.endsWith(ending) ? [path] : [];
  }).sort();
}

/** The fenced blocks of a document, each with its language, its text and the line where it begins. */
export function fenced(text) {
  const found = [];
  let open;
  text.split('\n').forEach((line, index) => {
    const fence = /^\s*```(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      found.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else open = { language: fence[1], line: index + 1, lines: [] };
  });
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return found;
}

/** What stands indented in comments: lines to be copied. */
export function indented(text) {
  const found = [];
  text.split('\n').forEach((line, index) => {
    const inside = /^# {3,}(\S.*)$/.exec(line);
    if (!inside) return;
    const last = found.at(-1);
    if (last && last.line + last.count === index + 1) {
      last.text += `\n${inside[1]}`;
      last.count += 1;
    } else found.push({ language: 'comment', line: index + 1, text: inside[1], count: 1 });
  });
  return found;
}

/** The headings of a document as addresses. */
export function anchors(text) {
  const headings = text.split('\n').filter((line) => /^#{1,6} /.test(line));
  return headings.map((line) => line.replace(/^#+ /, '').toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-'));
}
