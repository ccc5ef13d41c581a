//! The rows.

use super::{Bytes, FIN, Row, Say, Then, opcode, text};

/// All of them.
pub(super) const TABLES: &[&[Row]] = &[FRAMING, TEXTS, SIZES, CLOSES, PACKETS];

const TEXT: u8 = FIN | opcode::TEXT;
const BINARY: u8 = FIN | opcode::BINARY;
const PROTOCOL: Then = Then::Closes(1002, "transport error");
const NOT_TEXT: Then = Then::Closes(1007, "transport error");
const TOO_BIG: Then = Then::Closes(1009, "transport error");
const NO_PACKET: Then = Then::Closes(1005, "parse error");
const UNDECODABLE: Then = Then::Closes(1005, "forced close");
const EVENT: Bytes = text(r#"42["nothing"]"#);

/// Rules of RFC 6455.
#[rustfmt::skip]
const FRAMING: &[Row] = &[
    ("no mask", &[Say::Unmasked(TEXT, EVENT)], PROTOCOL),
    ("a binary message without a mask", &[Say::Unmasked(BINARY, text("a"))], PROTOCOL),
    ("a close without a mask", &[Say::Unmasked(FIN | opcode::CLOSE, text(""))], PROTOCOL),
    ("reserved bit 1", &[Say::Frame(TEXT | 0x40, EVENT)], PROTOCOL),
    ("reserved bit 2", &[Say::Frame(TEXT | 0x20, EVENT)], PROTOCOL),
    ("reserved bit 3", &[Say::Frame(TEXT | 0x10, EVENT)], PROTOCOL),
    ("opcode 3", &[Say::Frame(FIN | 3, EVENT)], PROTOCOL),
    ("opcode 7", &[Say::Frame(FIN | 7, EVENT)], PROTOCOL),
    ("opcode 11", &[Say::Frame(FIN | 11, text(""))], PROTOCOL),
    ("opcode 15", &[Say::Frame(FIN | 15, text(""))], PROTOCOL),
    ("a ping in fragments", &[Say::Frame(opcode::PING, text("a"))], PROTOCOL),
    ("a close in fragments", &[Say::Frame(opcode::CLOSE, text(""))], PROTOCOL),
    ("a ping of 126 bytes", &[Say::Frame(FIN | opcode::PING, LONG_PING)], PROTOCOL),
    ("a close of 126 bytes", &[Say::Frame(FIN | opcode::CLOSE, LONG_PING)], PROTOCOL),
    ("a continuation of nothing", &[Say::Frame(FIN | opcode::CONTINUATION, EVENT)], PROTOCOL),
    ("a fragment of nothing", &[Say::Frame(opcode::CONTINUATION, EVENT)], PROTOCOL),
    ("a message in a message", &[Say::Frame(opcode::TEXT, text("42[")), Say::Frame(TEXT, EVENT)], PROTOCOL),
    ("bytes in a text", &[Say::Frame(opcode::TEXT, text("42[")), Say::Frame(BINARY, text("a"))], PROTOCOL),
    ("HTTP again", &[Say::Raw(b"GET /socket.io/ HTTP/1.1\r\nHost: a\r\n\r\n")], PROTOCOL),
    ("zeros", &[Say::Raw(&[0; 64])], PROTOCOL),
    ("ones", &[Say::Raw(&[0xff; 64])], PROTOCOL),
    ("a message in fragments, one of them empty",
     &[Say::Frame(opcode::TEXT, text("42[")), Say::Frame(opcode::CONTINUATION, text("")), Say::Frame(FIN | opcode::CONTINUATION, text("\"nothing\"]"))],
     Then::Silence),
    ("a ping in a message",
     &[Say::Frame(opcode::TEXT, text("42[")), Say::Frame(FIN | opcode::PING, text("ping")), Say::Frame(FIN | opcode::CONTINUATION, text("\"nothing\"]"))],
     Then::Pong(b"ping")),
    ("a ping of 125 bytes", &[Say::Frame(FIN | opcode::PING, Bytes::Plain(&[7; 125]))], Then::Pong(&[7; 125])),
    ("an empty ping", &[Say::Frame(FIN | opcode::PING, text(""))], Then::Pong(b"")),
    ("a pong unasked", &[Say::Frame(FIN | opcode::PONG, text("a"))], Then::Silence),
    ("a length in more bytes than it needs", &[Say::Raw(&[TEXT, 0xfe, 0, 1, 0, 0, 0, 0, b'6'])], Then::Silence),
];

const LONG_PING: Bytes = Bytes::Plain(&[b'a'; 126]);

/// Text that is no UTF-8.
#[rustfmt::skip]
const TEXTS: &[Row] = &[
    ("a byte that is never UTF-8", &[Say::Frame(TEXT, Bytes::Plain(b"42[\"\xff\"]"))], NOT_TEXT),
    ("an overlong slash", &[Say::Frame(TEXT, Bytes::Plain(b"42[\"\xc0\xaf\"]"))], NOT_TEXT),
    ("a surrogate", &[Say::Frame(TEXT, Bytes::Plain(b"42[\"\xed\xa0\x80\"]"))], NOT_TEXT),
    ("beyond Unicode", &[Say::Frame(TEXT, Bytes::Plain(b"42[\"\xf4\x90\x80\x80\"]"))], NOT_TEXT),
    ("half a character", &[Say::Frame(TEXT, Bytes::Plain(b"42[\"\xe6\xbc"))], NOT_TEXT),
    ("a continuation byte for a type", &[Say::Frame(TEXT, Bytes::Plain(b"\x80"))], NOT_TEXT),
    ("half a character, then another fragment",
     &[Say::Frame(opcode::TEXT, Bytes::Plain(b"42[\"\xe6\xbc")), Say::Frame(FIN | opcode::CONTINUATION, text("\"]"))],
     NOT_TEXT),
    ("a character in two fragments",
     &[Say::Frame(opcode::TEXT, Bytes::Plain(b"42[\"\xe6\xbc")), Say::Frame(FIN | opcode::CONTINUATION, Bytes::Plain(b"\xa2\"]"))],
     Then::Silence),
];

/// More than the limit.
#[rustfmt::skip]
const SIZES: &[Row] = &[
    ("a long text", &[Say::Frame(TEXT, Bytes::Long("42[\"", "a", 100_001, "\"]"))], TOO_BIG),
    ("a long binary message", &[Say::Frame(BINARY, Bytes::Long("", "a", 100_001, ""))], TOO_BIG),
    ("a text announced with 2^32 bytes", &[Say::Raw(&[TEXT, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4, b'4'])], TOO_BIG),
    ("a text announced with 2^63 - 1 bytes",
     &[Say::Raw(&[TEXT, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4, b'4'])],
     TOO_BIG),
    ("a text announced with 2^64 - 1 bytes", &[Say::Raw(&[TEXT, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4, b'4'])], TOO_BIG),
    ("two fragments that are too long together",
     &[Say::Frame(opcode::TEXT, Bytes::Long("42[\"", "a", 60_000, "")), Say::Frame(opcode::CONTINUATION, Bytes::Long("", "a", 60_000, ""))],
     TOO_BIG),
];

/// Ends of all kinds.
#[rustfmt::skip]
const CLOSES: &[Row] = &[
    ("a close", &[Say::Frame(FIN | opcode::CLOSE, text(""))], Then::Closes(1005, "transport close")),
    ("a normal close", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x03\xe8bye"))], Then::Closes(1000, "transport close")),
    ("a close of an application's own",
     &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x0f\xa0"))],
     Then::Closes(4000, "transport close")),
    ("a message behind the close",
     &[Say::Frame(FIN | opcode::CLOSE, text("")), Say::Frame(TEXT, EVENT)],
     Then::Closes(1005, "transport close")),
    ("half a status", &[Say::Frame(FIN | opcode::CLOSE, text("a"))], PROTOCOL),
    ("status 0", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\0\0"))], STATUS),
    ("status 999", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x03\xe7"))], STATUS),
    ("status 1005", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x03\xed"))], STATUS),
    ("status 1006", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x03\xee"))], STATUS),
    ("status 2999", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x0b\xb7"))], STATUS),
    ("status 65535", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\xff\xff"))], STATUS),
    ("a reason that is no UTF-8", &[Say::Frame(FIN | opcode::CLOSE, Bytes::Plain(b"\x03\xe8\xff"))], Then::Closes(1007, "transport error")),
    ("the end of the stream", &[Say::Finish], Then::Ends("transport close")),
    ("the end of the stream in a header", &[Say::Raw(&[TEXT]), Say::Finish], Then::Ends("transport close")),
    ("the end of the stream in a message", &[Say::Raw(&[TEXT, 0x85, 0, 0, 0, 0, b'4']), Say::Finish], Then::Ends("transport close")),
    ("the end of the stream between fragments", &[Say::Frame(opcode::TEXT, text("42[")), Say::Finish], Then::Ends("transport close")),
];

const STATUS: Then = Then::Closes(1002, "transport close");

/// Engine.IO packets.
#[rustfmt::skip]
const PACKETS: &[Row] = &[
    ("an empty text", &[Say::Frame(TEXT, text(""))], NO_PACKET),
    ("type 7", &[Say::Frame(TEXT, text("7"))], NO_PACKET),
    ("type a", &[Say::Frame(TEXT, text("abc"))], NO_PACKET),
    ("six bytes, the first two one character", &[Say::Frame(TEXT, text("é1234"))], NO_PACKET),
    ("a zero byte", &[Say::Frame(TEXT, text("\0"))], NO_PACKET),
    ("a separator", &[Say::Frame(TEXT, text("\u{1e}"))], NO_PACKET),
    ("base64 of nothing", &[Say::Frame(TEXT, text("b"))], UNDECODABLE),
    ("broken base64", &[Say::Frame(TEXT, text("b===="))], NO_PACKET),
    ("an attachment of nothing in base64", &[Say::Frame(TEXT, text("bAQ=="))], UNDECODABLE),
    ("a message of nothing", &[Say::Frame(TEXT, text("4"))], UNDECODABLE),
    ("a ping", &[Say::Frame(TEXT, text("2"))], Then::Closes(1005, "transport error")),
    ("a probe", &[Say::Frame(TEXT, text("2probe"))], Then::Closes(1005, "transport error")),
    ("a close packet", &[Say::Frame(TEXT, text("1"))], Then::Closes(1005, "transport close")),
    ("an event behind a close packet", &[Say::Frame(TEXT, text("1")), Say::Frame(TEXT, EVENT)], GONE),
    ("a handshake", &[Say::Frame(TEXT, text("0{}"))], NO_PACKET),
    ("a pong unasked", &[Say::Frame(TEXT, text("3"))], Then::Silence),
    ("two pongs and one with a tail",
     &[Say::Frame(TEXT, text("3")), Say::Frame(TEXT, text("3")), Say::Frame(TEXT, text("3probe"))],
     Then::Silence),
    ("an upgrade", &[Say::Frame(TEXT, text("5"))], Then::Silence),
    ("a noop with a tail", &[Say::Frame(TEXT, text("6tail"))], Then::Silence),
];

const GONE: Then = Then::Closes(1005, "transport close");
