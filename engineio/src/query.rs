//! What a request says about itself before the session is known: its query string.

use std::borrow::Cow;

use crate::Transport;

/// The only protocol revision that this crate speaks, as `EIO` names it.
const V4: &str = "4";

/// The protocol revision that a client wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// Engine.IO 4, which Socket.IO 3 and 4 use.
    V4,
    /// Anything else. A missing `EIO` means revision 3.
    #[default]
    Other,
}

/// The parameters that the engine reads. Every other one belongs to the application.
///
/// ```
/// use engineio::{Protocol, Query, Transport};
///
/// let query = Query::decode("EIO=4&transport=polling&t=abc&sid=");
/// assert_eq!(query.protocol, Protocol::V4);
/// assert_eq!(query.transport, Some(Transport::Polling));
/// assert_eq!(query.sid, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// `EIO`. Matters only at the handshake.
    pub protocol: Protocol,
    /// `transport`, `None` when missing or unknown.
    pub transport: Option<Transport>,
    /// `sid`, `None` when missing or empty: both ask for a new session. Not checked further, because a malformed id and an unknown one
    /// get the same answer.
    pub sid: Option<String>,
    /// `b64` with any value: the client cannot take binary.
    pub base64: bool,
    /// `j`, even empty: the client polls by script tags (JSONP).
    pub jsonp: bool,
}

impl Query {
    /// Reads what stands behind the `?` of a request. Of duplicates the last one wins.
    #[must_use]
    pub fn decode(query: &str) -> Self {
        let mut decoded = Self::default();
        for (key, value) in pairs(query) {
            match &*key {
                "EIO" => {
                    decoded.protocol = if value == V4 {
                        Protocol::V4
                    } else {
                        Protocol::Other
                    }
                }
                "transport" => decoded.transport = Transport::decode(&value),
                "sid" => decoded.sid = Some(value.into_owned()).filter(|sid| !sid.is_empty()),
                "b64" => decoded.base64 = !value.is_empty(),
                "j" => decoded.jsonp = true,
                _ => {}
            }
        }
        decoded
    }
}

/// All parameters of a query string in their order, percent-decoded, `+` as a space.
///
/// Escapes that are not escapes stay as they are, and what is not UTF-8 afterwards becomes U+FFFD, as in the reference.
pub fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(query.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_of_duplicates_wins() {
        let query =
            Query::decode("EIO=4&EIO=3&transport=x&transport=websocket&sid=a&sid=&b64=1&b64=");
        let expected = Query {
            transport: Some(Transport::WebSocket),
            ..Query::default()
        };
        assert_eq!(query, expected);
    }

    #[test]
    fn names_that_are_special_elsewhere_are_unknown_here() {
        for name in [
            "constructor",
            "__proto__",
            "toString",
            "Polling",
            "polling ",
            "",
        ] {
            assert_eq!(
                Query::decode(&format!("transport={name}")).transport,
                None,
                "{name}"
            );
        }
    }

    #[test]
    fn only_exactly_four_is_revision_four() {
        assert_eq!(Query::decode("EIO=4").protocol, Protocol::V4);
        assert_eq!(Query::decode("%45IO=%34").protocol, Protocol::V4);
        for query in ["", "EIO", "EIO=", "EIO=04", "EIO=4.0", "EIO=+4", "eio=4"] {
            assert_eq!(Query::decode(query).protocol, Protocol::Other, "{query}");
        }
    }

    #[test]
    fn escapes_are_decoded_and_broken_ones_stay() {
        let all: Vec<_> = pairs("a=%C3%A9+b&&c=%zz%&d=%ff&e").collect();
        let expected = [("a", "é b"), ("c", "%zz%"), ("d", "\u{fffd}"), ("e", "")];
        assert_eq!(all, expected.map(|(key, value)| (key.into(), value.into())));
    }

    #[test]
    fn base64_needs_a_value_and_jsonp_does_not() {
        assert!(Query::decode("b64=0").base64);
        assert!(!Query::decode("b64").base64);
        assert!(Query::decode("j=0").jsonp);
        assert!(Query::decode("j").jsonp);
    }

    proptest! {
        #[test]
        fn no_query_panics(query in ".*") {
            let _ = Query::decode(&query);
        }

        #[test]
        fn a_session_id_survives_escaping(sid in ".+") {
            let query: String = sid.bytes().map(|byte| format!("%{byte:02X}")).collect();
            prop_assert_eq!(Query::decode(&format!("sid={query}")).sid, Some(sid));
        }
    }
}
