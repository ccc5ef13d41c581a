//! Socket.IO packets and their attachments.

use engineio::Message;
use socketio::{Kind, Limits, Packet, event::RESERVED_EVENTS, packet::Decoded};

use crate::json;

/// One text packet; `None` where it is malformed.
pub fn packet(text: &str, limits: Limits) -> Option<Decoded> {
    let (kind, mut rest) = text.split_at_checked(1)?;
    let kind = match kind {
        "0" => Kind::Connect,
        "1" => Kind::Disconnect,
        "2" | "5" => Kind::Event,
        "3" | "6" => Kind::Ack,
        "4" => Kind::ConnectError,
        _ => return None,
    };
    let mut attachments = 0;
    if text.starts_with(['5', '6']) {
        let (count, tail) = digits(rest);
        attachments = usize::try_from(number(count)?).ok()?;
        rest = tail.strip_prefix('-')?;
    }
    let mut namespace = "/";
    if rest.starts_with('/') {
        (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
    }
    let (id, data) = digits(rest);
    let id = if id.is_empty() {
        None
    } else {
        Some(number(id)?)
    };
    let data = if data.is_empty() { None } else { Some(data) };
    let packet = Packet {
        namespace: namespace.into(),
        id,
        data: data.map(Into::into),
        ..Packet::new(kind)
    };
    (attachments <= limits.attachments && fits(kind, data, limits.nesting)).then_some(Decoded {
        packet,
        attachments,
    })
}

/// Whether a packet of this kind may hold this.
fn fits(kind: Kind, data: Option<&str>, nesting: usize) -> bool {
    let Some(data) = data else {
        return kind != Kind::Event;
    };
    let first = match kind {
        Kind::Connect => "{",
        Kind::Disconnect => return false,
        Kind::Event | Kind::Ack => "[",
        Kind::ConnectError => "{\"",
    };
    data.starts_with(|letter| first.contains(letter))
        && json::depth(data) <= nesting
        && serde_json::from_str::<serde::de::IgnoredAny>(data).is_ok()
        && (kind != Kind::Event || has_free_name(data))
}

fn has_free_name(array: &str) -> bool {
    let elements = json::elements(array).unwrap_or_default();
    let Some(name) = elements.first() else {
        return false;
    };
    // A name with half a surrogate is no Rust string, and not reserved.
    let text: String = serde_json::from_str(name.get()).unwrap_or_default();
    json::is_name(name) && !RESERVED_EVENTS.contains(&text.as_str())
}

/// What one session sends, put together.
pub struct Assembler {
    limits: Limits,
    pending: Option<(Packet, usize)>,
}

impl Assembler {
    /// At the start of a session.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            pending: None,
        }
    }

    /// The packet that a message completes, if it does; `None` where it breaks a rule.
    pub fn take(&mut self, message: &Message) -> Option<Option<Packet>> {
        let (packet, count) = match (self.pending.take(), message) {
            (None, Message::Text(text)) => {
                let decoded = packet(text, self.limits)?;
                (decoded.packet, decoded.attachments)
            }
            (Some((mut packet, count)), Message::Binary(data)) => {
                packet.attachments.push(data.clone());
                (packet, count)
            }
            _ => return None,
        };
        let bytes: usize = packet.attachments.iter().map(|data| data.len()).sum();
        if bytes > self.limits.attachment_bytes {
            return None;
        }
        if packet.attachments.len() < count {
            self.pending = Some((packet, count));
            return Some(None);
        }
        let data = packet.data.as_deref().unwrap_or_default();
        // Where no tree can be made of the text, its placeholders are not judged.
        if count > 0 && json::placeholders_fit(data, count) == Some(false) {
            return None;
        }
        Some(Some(packet))
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

/// A number that fits 64 bits.
fn number(digits: &str) -> Option<u64> {
    let significant = digits.trim_start_matches('0');
    match significant.len() {
        0 => (!digits.is_empty()).then_some(0),
        1..=20 => u64::try_from(significant.parse::<u128>().ok()?).ok(),
        _ => None,
    }
}
