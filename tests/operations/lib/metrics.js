// What `/metrics` says, as numbers.

/** The text, and what is in it: `get(name, labels)` adds up all lines of that name that have at least these labels. */
export class Metrics {
  constructor(text) {
    this.text = text;
    this.lines = [];
    for (const line of text.split('\n')) {
      const found = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (!found) continue;
      const labels = Object.fromEntries([...(found[2] ?? '').matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
      this.lines.push({ name: found[1], labels, value: Number(found[3]) });
    }
  }

  of(name, labels = {}) {
    return this.lines.filter((line) => line.name === name && Object.entries(labels).every(([label, value]) => line.labels[label] === value));
  }

  get(name, labels) {
    return this.of(name, labels).reduce((sum, { value }) => sum + value, 0);
  }
}

/** Asks for them; `secret` is the bearer token. */
export async function scrape(url, secret) {
  const answer = await fetch(`${url}/metrics`, { headers: secret ? { authorization: `Bearer ${secret}` } : {} });
  if (answer.status !== 200) throw new Error(`/metrics: ${answer.status}`);
  return new Metrics(await answer.text());
}
