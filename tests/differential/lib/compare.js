// Where the answers to one script differ.

/** The steps with different answers, as `[{step, reference, ours}]`. */
export function differences(reference, ours) {
  return reference
    .map(({ step, answers }, i) => ({ step, reference: answers, ours: ours[i].answers }))
    .filter(({ reference, ours }) => JSON.stringify(reference) !== JSON.stringify(ours));
}
