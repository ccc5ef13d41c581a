// Every kind of mistake, made with every event: what is sent, and the `[code, message]` that comes back; `undefined` is success.

const LONG = 'x'.repeat(16 * 1024 + 1);
const ENDLESS = 'x'.repeat(5000);
const NOBODY = '00000000-0000-0000-0000-000000000000';
const BYTES = Buffer.from([0, 1, 2, 255]);
const BINARY = ['invalid', 'binary data is not taken here'];

const string = (field) => ['invalid', `${field} must be a string`];

/** Ids that no reader of JSON keeps as they are, and numbers that are no ids. */
const HUGE = { 'a huge number': 1e300, '2^53': 2 ** 53, 'a negative number': -1, 'a fraction': 1.5 };
const NOT_A_TEXT = { 'a yes': true, 'an object': { a: 1 }, 'an array': ['x'] };

const wrongTypes = (field, values, error) => Object.entries(values).map(([what, value]) => [`wrong type: ${field} is ${what}`, { [field]: value }, error]);

function* ofId(field) {
  yield* wrongTypes(field, NOT_A_TEXT, string(field));
  for (const [what, value] of Object.entries(HUGE)) yield [`huge number: ${field} is ${what}`, { [field]: value }, string(field)];
}

/** The mistakes that one field can have. */
const FIELDS = {
  * self(field) {
    yield* ofId(field);
    yield ["someone else's id", { [field]: 2 }, ['forbidden', 'user_id is another user']];
    yield ['unknown id: nobody has it', { [field]: NOBODY }, ['forbidden', 'user_id is another user']];
  },
  * person(field) {
    yield* ofId(field);
    yield ['unknown id: a guest', { [field]: 'guest-1' }, ['not_found', 'User not found']];
    yield ['unknown id: too long for one', { [field]: ENDLESS }, ['too_large', `${field} is too long`]];
  },
  * room(field, { words, creates, needs }) {
    yield* ofId(field);
    const unknown = creates ? undefined : ['not_found', words.unknown];
    yield [`huge number: ${field} is a text of digits`, { [field]: (creates ? '8' : '9').repeat(30) }, unknown];
    yield [`unknown id: ${field}`, { [field]: creates ? 'made by joining' : NOBODY }, unknown];
    yield [`unknown id: ${field} is too long for one`, { [field]: ENDLESS }, creates ? ['too_large', 'room is too long'] : unknown];
    yield ['not a member: a private room', { [field]: 'vault' }, ['forbidden', words.notMember]];
    if (needs) yield ['not a member: a public room that was not joined', { [field]: 'hall' }, words.notJoined];
  },
  * message(field) {
    yield* wrongTypes(field, { ...NOT_A_TEXT, 'a number': 7 }, string(field));
    yield [`huge number: ${field} is a huge number`, { [field]: 1e300 }, string(field)];
    const unknown = ['not_found', 'Message not found'];
    yield [`unknown id: ${field}`, { [field]: NOBODY }, unknown];
    yield [`unknown id: ${field} is no UUID`, { [field]: 'x' }, unknown];
    yield ["someone else's id: a message of another room", { [field]: 'ELSEWHERE' }, unknown];
  },
  * text(field, { words }) {
    yield* wrongTypes(field, { ...NOT_A_TEXT, 'a number': 7 }, string(field));
    yield [`empty text: ${field}`, { [field]: '' }, ['invalid', words.missing(field)]];
    yield [`empty text: ${field} is blank`, { [field]: ' \n\t' }, ['invalid', words.missing(field)]];
    yield [`text over the limit: ${field}`, { [field]: LONG }, ['too_large', 'text is too long']];
  },
  * id(field) {
    yield* wrongTypes(field, { ...NOT_A_TEXT, 'a number': 7 }, string(field));
    yield [`empty text: ${field}`, { [field]: '' }, ['invalid', `${field} must not be empty`]];
    yield [`text over the limit: ${field}`, { [field]: 'x'.repeat(251) }, ['too_large', `${field} is too long`]];
  },
  * flag(field) {
    yield* wrongTypes(field, { ...NOT_A_TEXT, 'a text': 'yes', 'a number': 1 }, ['invalid', `${field} must be true or false`]);
  },
  * kind(field) {
    yield* wrongTypes(field, { ...NOT_A_TEXT, 'a number': 7 }, string(field));
    yield [`unknown id: ${field} is no such word`, { [field]: 'video' }, ['invalid', `${field} must be text, image or file`]];
    yield [`empty text: ${field}`, { [field]: '' }, ['invalid', `${field} must be text, image or file`]];
  },
};

function* ofFields(event) {
  for (const [field, { is, optional }] of Object.entries(event.fields)) {
    for (const [kind, change, error] of FIELDS[is](field, event)) {
      // For a flag a yes is what it takes.
      if (is === 'flag' && change[field] === true) continue;
      yield [kind, { change }, error];
    }
    const missing = ['invalid', event.words.missing(field)];
    if (!optional) {
      yield [`missing field: ${field}`, { change: { [field]: undefined } }, missing];
      yield [`missing field: ${field} is null`, { change: { [field]: null } }, missing];
      if (['self', 'room', 'person'].includes(is)) yield [`missing field: ${field} is an empty text`, { change: { [field]: '' } }, missing];
    }
    yield [`binary: ${field}`, { change: { [field]: BYTES } }, BINARY];
  }
}

const NOT_OBJECTS = { nothing: [], null: [null], 'a text': ['text'], 'a number': [42], 'a yes': [true], 'an array': [[{}, 1]] };

/** `[kind, what is sent, error]` for one event: `args` instead of a payload, or `change` to a good one. */
export function* mistakes(event) {
  for (const [what, args] of Object.entries(NOT_OBJECTS)) {
    yield [`wrong type: the payload is ${what}`, { args }, event.anything ? undefined : ['invalid', event.words.notAnObject]];
  }
  yield ['binary: the payload', { args: [BYTES] }, BINARY];
  yield ['binary: an extra field', { change: { extra: { deep: [BYTES] } } }, BINARY];
  yield* ofFields(event);
  yield ['extra fields', { change: { extra: 1, ['__proto__']: null, constructor: {}, ['a very long name'.repeat(99)]: [null] } }, undefined];
  const foreign = { sender_id: 2, from_user_id: 2, userId: 2, username: 'Ben', ...('user_id' in event.fields ? {} : { user_id: 2 }) };
  yield ["someone else's id in a field that the event has not", { change: foreign }, undefined];
}
