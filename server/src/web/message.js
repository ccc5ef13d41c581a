// A message as the page knows it, whichever way it came.

/** From REST: the whole object. */
export function fromRest(message) {
  return {
    id: message.id,
    seq: message.seq,
    roomId: message.chatroom_id,
    userId: message.user_id,
    text: message.message_text,
    at: message.created_date,
    // What was deleted keeps its number and has no words.
    deleted: message.message_text === "",
    edited: message.created_date !== message.last_updated_date,
  };
}

/** From the socket, or from the answer to a send. */
export function fromSocket(message, edited = false) {
  return {
    id: message.id,
    seq: message.seq,
    roomId: message.chat_id,
    userId: message.sender_id,
    name: message.sender?.name,
    text: message.content,
    at: message.created_at,
    deleted: message.content === "",
    edited,
  };
}

/** A random id for a message, so that sending it again after a lost answer does not double it. */
export function messageId() {
  // `crypto.randomUUID` exists only on https and localhost; the page must also work on a plain LAN address.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
