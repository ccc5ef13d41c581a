//! The inbound side of a WebSocket without its stream, for tests and fuzz targets. No part of the API.

use super::parser::{Parser, ReadEnd};
use crate::Packet;

/// See the module's documentation.
#[derive(Debug)]
pub struct Inbound(Parser);

/// How a session takes packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As many as there are.
    All,
    /// One, and then the next when it asks again.
    One,
}

impl Inbound {
    /// Before the first frame.
    pub fn new(max_payload: usize) -> Self {
        Self(Parser::new(max_payload))
    }

    /// Feeds bytes as they came in one read, and collects the packets.
    ///
    /// # Errors
    /// What ends the connection, as one word, or two.
    pub fn feed(&mut self, bytes: &[u8], pace: Pace, into: &mut Vec<Packet>) -> Result<(), String> {
        let mut rest = bytes;
        loop {
            let (outcome, unseen) = self.0.parse(rest, &mut |packet| {
                into.push(packet);
                pace == Pace::All
            });
            rest = rest.get(rest.len() - unseen..).unwrap_or_default();
            match outcome {
                Ok(true) => {
                    assert!(
                        rest.is_empty(),
                        "a parser that runs dry has seen everything"
                    );
                    return Ok(());
                }
                Ok(false) => assert_eq!(pace, Pace::One),
                Err(end) => return Err(word(&end)),
            }
        }
    }
}

fn word(end: &ReadEnd) -> String {
    match end {
        ReadEnd::Closed => "closed".to_owned(),
        ReadEnd::Eof => "end of stream".to_owned(),
        ReadEnd::Io(_) => "io".to_owned(),
        ReadEnd::Violation(code, _) => format!("violation {code:?}"),
        ReadEnd::Malformed(_) => "malformed".to_owned(),
    }
}
