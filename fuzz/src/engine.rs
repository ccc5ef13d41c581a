//! Engine.IO packets and polling bodies.

use engineio::{Message, Packet};

/// One text packet; `None` where it is malformed.
pub fn packet(text: &str) -> Option<Packet> {
    let kind = text.chars().next()?;
    let data = &text[kind.len_utf8()..];
    Some(match kind {
        // What a handshake says is not modelled.
        '0' => return Packet::decode_text(text.into()).ok(),
        '1' => Packet::Close,
        '2' => Packet::Ping(data.into()),
        '3' => Packet::Pong(data.into()),
        '4' => Packet::Message(Message::Text(data.into())),
        '5' => Packet::Upgrade,
        '6' => Packet::Noop,
        'b' => Packet::Message(Message::Binary(base64(data)?.into())),
        _ => return None,
    })
}

/// The packets of a polling body, to the first that is malformed, which is `None`.
pub fn payload(body: &[u8]) -> Vec<Option<Packet>> {
    let mut packets = Vec::new();
    for part in body.split(|byte| *byte == 0x1e) {
        packets.push(str::from_utf8(part).ok().and_then(packet));
        if packets.last() == Some(&None) {
            break;
        }
    }
    packets
}

/// Either alphabet, the padding optional, spare bits ignored.
fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_suffix('=').unwrap_or(text);
    let text = text.strip_suffix('=').unwrap_or(text);
    if text.len() % 4 == 1 {
        return None;
    }
    let (mut data, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            data.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(data)
}
