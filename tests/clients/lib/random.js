// Seeded randomness: every test that uses it prints its seed, and `SEED=<n>` repeats it.

/** The seed of this run. */
export const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A generator (mulberry32) of numbers in `0..1`; the same seed and name give the same numbers. */
export function random(name, seed = SEED) {
  let state = seed;
  for (const letter of name) state = Math.imul(state ^ letter.codePointAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number in `low..=high`. */
export const between = (next, low, high) => low + Math.floor(next() * (high - low + 1));
