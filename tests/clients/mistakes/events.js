// Every event that a client can send, field by field, with the words in which its vocabulary refuses.

const room = { is: 'room' };
const text = { is: 'text' };
const own = { is: 'id', optional: true };

const chatty = {
  notAnObject: 'user_id and chatroom_id are required',
  missing: () => 'user_id and chatroom_id are required',
  unknown: 'Chatroom not found',
  notMember: 'Not a member of this chatroom',
};
const messenger = {
  notAnObject: 'the payload must be an object',
  missing: (field) => `${field} is required`,
  unknown: 'Room not found',
  notMember: 'Not a member of this room',
  notJoined: ['not_in_room', 'Not in the room'],
};
const shows = {
  notAnObject: 'Missing show_id or message',
  missing: (field) => (field === 'is_typing' ? 'is_typing must be true or false' : 'Missing show_id or message'),
  unknown: 'Show not found',
  notMember: 'Not a member of this show',
  notJoined: ['not_in_room', 'Not in show chat room'],
};
const chats = {
  notAnObject: 'the payload must be an object',
  missing: (field) => `${field} is required`,
  unknown: 'Chat not found',
  notMember: 'Not a member of this chat',
  notJoined: ['forbidden', 'Not a member of this chat'],
};
// `messenger` says which of two it wants.
const place = { ...messenger, missing: () => 'to_user_id or room_id is required' };

/**
 * `fields` are those of a good payload. `needs` says that the socket has to be in the room (or, in `chats`, a member).
 * `creates`: an unknown room is made. `anything`: whatever the payload is, it is taken. `limited`: it counts as sending.
 */
export const EVENTS = [
  { name: 'join', words: chatty, fields: { user_id: { is: 'self' }, chatroom_id: room } },
  { name: 'leave', words: chatty, fields: { user_id: { is: 'self' }, chatroom_id: room } },
  { name: 'send_personal_message', words: messenger, fields: { to_user_id: { is: 'person' }, content: text, client_msg_id: own }, limited: true },
  { name: 'send_group_message', words: messenger, fields: { room_id: room, content: text, client_msg_id: own }, needs: true, limited: true },
  { name: 'join_room', words: messenger, fields: { room_id: room }, creates: true },
  { name: 'leave_room', words: messenger, fields: { room_id: room } },
  { name: 'typing_start', words: place, fields: { room_id: room }, needs: true },
  { name: 'typing_stop', words: place, fields: { room_id: room }, needs: true },
  { name: 'join_show', words: shows, fields: { show_id: room } },
  { name: 'leave_show', words: shows, fields: { show_id: room } },
  { name: 'send_message', words: shows, fields: { show_id: room, message: text, client_msg_id: own }, needs: true, limited: true },
  { name: 'typing', words: shows, fields: { show_id: room, is_typing: { is: 'flag' } }, needs: true },
  { name: 'get_active_users', words: shows, fields: { show_id: room } },
  { name: 'chat:join', words: chats, fields: { chatId: room } },
  { name: 'chat:leave', words: chats, fields: { chatId: room } },
  {
    name: 'message:send',
    words: chats,
    fields: { chatId: room, content: text, messageType: { is: 'kind', optional: true }, client_msg_id: own },
    needs: true,
    limited: true,
  },
  { name: 'message:read', words: chats, fields: { messageId: { is: 'message' }, chatId: room }, needs: true },
  { name: 'typing:start', words: chats, fields: { chatId: room }, needs: true },
  { name: 'typing:stop', words: chats, fields: { chatId: room }, needs: true },
  { name: 'ping', anything: true, fields: {} },
  { name: 'status', anything: true, fields: {} },
  { name: 'info', anything: true, fields: {} },
  { name: 'echo', anything: true, fields: {} },
  { name: 'message', anything: true, fields: {} },
];
