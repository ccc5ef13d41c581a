//! The packets of the load generator, found by where their commas are.

/// What a client asks for.
pub enum Message<'a> {
    Connect,
    Join { ack: &'a [u8], room: &'a [u8] },
    Say { room: &'a [u8], data: &'a [u8] },
    Echo { ack: &'a [u8], data: &'a [u8] },
    Other,
}

/// Text of the form `42<ack>["<event>",<arguments>]`, or `40`.
pub fn understand(text: &[u8]) -> Message<'_> {
    if text.starts_with(b"40") {
        return Message::Connect;
    }
    let parts = || {
        let rest = text.strip_prefix(b"42")?;
        let bracket = memchr::memchr(b'[', rest)?;
        let (ack, array) = rest.split_at(bracket);
        let array = array.strip_prefix(b"[\"")?.strip_suffix(b"]")?;
        let quote = memchr::memchr(b'"', array)?;
        let (event, rest) = array.split_at(quote);
        Some((ack, event, rest.strip_prefix(b"\",")?))
    };
    match parts() {
        Some((ack, b"join", room)) => Message::Join { ack, room },
        Some((ack, b"echo", data)) => Message::Echo { ack, data },
        Some((_, b"msg", args)) => match memchr::memchr(b',', args) {
            Some(comma) => {
                let (room, data) = args.split_at(comma);
                let data = data.get(1..).unwrap_or_default();
                Message::Say { room, data }
            }
            None => Message::Other,
        },
        _ => Message::Other,
    }
}
