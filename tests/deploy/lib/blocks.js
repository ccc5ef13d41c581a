// The fenced blocks of a document.

/** Each with its language, its text and the line where it begins. */
export function blocks(document) {
  const found = [];
  let open;
  document.split('\n').forEach((line, index) => {
    const fence = /^```(\w*)/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      found.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else open = { language: fence[1], line: index + 1, lines: [] };
  });
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return found;
}
