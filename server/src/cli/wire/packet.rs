//! Socket.IO packets as text, for one namespace.

use serde_json::Value;
use socketio::{Kind, packet};

use super::WireError;

/// Packets of more than this are not for a tool that prints them.
const MAX_ATTACHMENTS: usize = 10;

/// Deeper JSON is not read; it would not be shown either.
const MAX_NESTING: usize = 64;

/// What a server says to one socket.
#[derive(Clone, PartialEq, Debug)]
pub(in super::super) enum Heard {
    /// The namespace is open.
    Connected(Value),
    /// It is refused.
    Refused(Value),
    /// An event with its arguments.
    Event(String, Vec<Value>),
    /// The answer to an event of ours.
    Ack(u64, Vec<Value>),
    /// The socket has to leave the namespace.
    Disconnected,
}

/// What a server says to a CONNECT.
#[derive(Clone, PartialEq, Debug)]
pub(in super::super) enum Verdict {
    /// The namespace is open.
    Connected(Value),
    /// The `message` and `data` of the refusal.
    Refused { message: String, data: Value },
}

/// The packet that asks for a namespace.
pub(in super::super) fn connect(namespace: &str, token: Option<&str>) -> String {
    let auth = token.map(|token| serde_json::json!({ "token": token }).to_string());
    format!("40{}{}", place(namespace), auth.unwrap_or_default())
}

/// The packet of an event; with an id it wants an ack.
pub(in super::super) fn event(
    namespace: &str,
    id: Option<u64>,
    name: &str,
    args: &[Value],
) -> String {
    let mut array = vec![Value::from(name)];
    array.extend_from_slice(args);
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    format!("42{}{id}{}", place(namespace), Value::from(array))
}

/// The namespace before the data of a packet.
fn place(namespace: &str) -> String {
    match namespace {
        "/" => String::new(),
        name => format!("{name},"),
    }
}

impl Heard {
    /// Reads a message of Engine.IO, behind its `4`. Attachments are not waited for: their placeholders are shown.
    pub(in super::super) fn decode(text: &str) -> Result<Self, WireError> {
        let unfit = || WireError::Packet(text.to_owned());
        let decoded = packet::decode_text(text.into(), MAX_ATTACHMENTS, MAX_NESTING);
        let packet = decoded.map_err(|_| unfit())?.packet;
        let data = packet.data.as_deref().unwrap_or("null");
        let data: Value = serde_json::from_str(data).map_err(|_| unfit())?;
        let list = |data| match data {
            Value::Array(list) => list,
            _ => Vec::new(),
        };
        Ok(match packet.kind {
            Kind::Connect => Self::Connected(data),
            Kind::ConnectError => Self::Refused(data),
            Kind::Disconnect => Self::Disconnected,
            Kind::Ack => Self::Ack(packet.id.ok_or_else(unfit)?, list(data)),
            Kind::Event => {
                let mut list = list(data).into_iter();
                let name = list.next();
                let name = name.as_ref().and_then(Value::as_str).ok_or_else(unfit)?;
                Self::Event(name.to_owned(), list.collect())
            }
        })
    }

    /// The verdict, if it is one.
    pub(in super::super) fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Connected(data) => Some(Verdict::Connected(data)),
            Self::Refused(Value::Object(mut error)) => Some(Verdict::Refused {
                message: match error.remove("message") {
                    Some(Value::String(message)) => message,
                    other => other.unwrap_or_default().to_string(),
                },
                data: error.remove("data").unwrap_or_default(),
            }),
            Self::Refused(other) => Some(Verdict::Refused {
                message: other.to_string(),
                data: Value::Null,
            }),
            Self::Event(..) | Self::Ack(..) | Self::Disconnected => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn packets_are_written_for_their_namespace() {
        assert_eq!(connect("/", None), "40");
        assert_eq!(connect("/admin", Some("t")), r#"40/admin,{"token":"t"}"#);
        assert_eq!(
            event("/", Some(7), "echo", &[json!({"a": 1})]),
            r#"427["echo",{"a":1}]"#
        );
        assert_eq!(event("/admin", None, "ping", &[]), r#"42/admin,["ping"]"#);
    }

    #[test]
    fn what_is_heard_is_told_apart() {
        let pong = Heard::Event("pong".to_owned(), vec![json!({"timestamp": 1})]);
        assert_eq!(Heard::decode(r#"2["pong",{"timestamp":1}]"#).unwrap(), pong);
        assert_eq!(
            Heard::decode("37[true]").unwrap(),
            Heard::Ack(7, vec![json!(true)])
        );
        assert_eq!(Heard::decode("1").unwrap(), Heard::Disconnected);
        let refused = Heard::decode(r#"4{"message":"no","data":{"reason":"expired"}}"#).unwrap();
        let verdict = Verdict::Refused {
            message: "no".to_owned(),
            data: json!({"reason": "expired"}),
        };
        assert_eq!(refused.verdict(), Some(verdict));
        assert!(Heard::decode("9").is_err() && Heard::decode("2{").is_err());
    }
}
