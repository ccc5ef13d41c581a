// Whether a payload is what a document shows: every field is there, with a value of the same kind.
import assert from 'node:assert/strict';

const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** Asserts that `actual` has the fields of `shown`; more fields are allowed, another precision of times is not. */
export function assertShape(actual, shown, path = '') {
  const where = `${path || 'the payload'} of ${JSON.stringify(actual)}`;
  assert.equal(kind(actual), kind(shown), where);
  if (kind(shown) === 'object') {
    for (const [field, value] of Object.entries(shown)) {
      assert.ok(field in actual, `${where} has ${field}`);
      assertShape(actual[field], value, `${path}.${field}`);
    }
  } else if (kind(shown) === 'array' && shown.length > 0) {
    assert.ok(actual.length > 0, where);
    for (const item of actual) assertShape(item, shown[0], `${path}[]`);
  } else if (typeof shown === 'string' && TIME.test(shown)) {
    assert.match(actual, TIME, where);
    assert.equal(actual.length, shown.length, where);
  }
}

/** A document's JSON; `[...]` stands for a list that it does not show. */
export const documented = (text) => JSON.parse(text.replaceAll('[...]', '[]'));

/** The object that a document shows in a comment of its JavaScript, or behind `//`. */
export function commented(text) {
  const shown = /\/\*([\s\S]*)\*\//.exec(text)?.[1] ?? /\/\/ (\{.*\})/.exec(text)[1];
  return new Function(`return (${shown})`)();
}
