// A numbered stream of messages, every second one binary, and the check that nothing is lost, doubled or swapped.
import assert from 'node:assert/strict';

/** What message `index` carries: Unicode text, or bytes that begin with the index. */
export function body(index) {
  if (index % 2 === 0) return `message ${index} \u2028 Grüße 漢字 🎉 ${'.'.repeat(index % 300)}`;
  const bytes = Buffer.alloc(4 + (index % 700), index & 0xff);
  bytes.writeUInt32BE(index);
  return bytes;
}

/** Takes messages one by one; the first that is not the next is the failure. */
export class Sequence {
  constructor(first = 0) {
    this.next = first;
    this.by = { polling: 0, websocket: 0 };
    this.failure = undefined;
  }

  take(index, by, check = () => {}) {
    if (this.failure) return;
    try {
      assert.equal(index, this.next, `message ${this.next} comes next, not ${index}`);
      check();
      this.next += 1;
      this.by[by] += 1;
    } catch (error) {
      this.failure = error;
    }
  }

  /** True when `count` messages came; throws what went wrong. */
  reached(count) {
    if (this.failure) throw this.failure;
    return this.next >= count;
  }
}

/** Compares a received body with what was sent. */
export function same(received, sent) {
  if (typeof sent === 'string') assert.equal(received, sent);
  else assert.ok(Buffer.from(received).equals(sent), 'the bytes differ');
}
