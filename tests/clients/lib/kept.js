// What has to be in the histories after a kill, judged by the clients' own log of acks.
import assert from 'node:assert/strict';
import { assertGapless, history } from './rest.js';

export async function histories(server, rooms) {
  const all = new Map();
  for (const room of rooms) all.set(room.id, await history(server, room));
  return all;
}

/** Every acknowledged message is in the history at the `seq` it was told, and no number is missing. */
export function assertKept(stored, acknowledged) {
  for (const messages of stored.values()) assertGapless(messages);
  for (const message of acknowledged) {
    const kept = stored.get(message.chatroom_id)[message.seq - 1];
    assert.ok(kept, `acknowledged, but lost: ${JSON.stringify(message)}`);
    assert.deepEqual([kept.id, kept.message_text, kept.user_id], [message.id, message.message_text, message.user_id]);
  }
}

/** Each text at most once in all rooms together: what got no answer and was sent again is no second message. */
export function assertOnce(stored) {
  const texts = [...stored.values()].flat().map(({ message_text: text }) => text);
  assert.equal(new Set(texts).size, texts.length, 'a message was stored twice');
}
