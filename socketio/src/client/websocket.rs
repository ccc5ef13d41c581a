//! A client's packets over one WebSocket.

use engineio::client::{Incoming, Opcode, Response, Scanner, encode_masked, is_accepted};

use super::session::{Core, Reply};
use super::{ClientError, Notice};

/// What an Engine.IO packet that carries a Socket.IO packet begins with.
const MESSAGE: u8 = b'4';

/// The state of one WebSocket.
#[derive(Debug, Default)]
pub(super) struct WebSocket {
    stage: Stage,
    scanner: Scanner,
}

#[derive(Debug)]
enum Stage {
    /// The answer to the upgrade, as far as it was read.
    Upgrading(Vec<u8>),
    Open,
}

impl Default for Stage {
    fn default() -> Self {
        Self::Upgrading(Vec::new())
    }
}

impl WebSocket {
    pub(super) fn on_bytes(
        &mut self,
        core: &mut Core,
        input: &[u8],
        outgoing: &mut Vec<u8>,
        mut on: impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        let Stage::Upgrading(read) = &mut self.stage else {
            return self.scan(core, input, outgoing, &mut on);
        };
        read.extend_from_slice(input);
        let Some((response, length)) = Response::decode(read)? else {
            return Ok(());
        };
        if !is_accepted(&response) {
            return Err(ClientError::refused(response.status, &response.body));
        }
        let rest = read.split_off(length);
        self.stage = Stage::Open;
        self.scan(core, &rest, outgoing, &mut on)
    }

    fn scan(
        &mut self,
        core: &mut Core,
        input: &[u8],
        outgoing: &mut Vec<u8>,
        on: &mut impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        self.scanner.scan(input, |incoming| {
            match incoming {
                Incoming::Text(text) => match core.on_text(text, on)? {
                    None => {}
                    Some(Reply::Pong) => encode_masked(Opcode::Text, &[Reply::PONG], outgoing),
                    Some(Reply::Connect { packet, .. }) => {
                        Self::send(packet.as_bytes(), outgoing);
                    }
                },
                Incoming::Binary(data) => on(Notice::Binary(data)),
                Incoming::Ping(data) => encode_masked(Opcode::Pong, &[data], outgoing),
                Incoming::Pong(_) => {}
                Incoming::Close(payload) => {
                    let status = payload.first_chunk().map(|&code| u16::from_be_bytes(code));
                    return Err(ClientError::Closed { status });
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    pub(super) fn send(packet: &[u8], outgoing: &mut Vec<u8>) {
        encode_masked(Opcode::Text, &[&[MESSAGE], packet], outgoing);
    }
}
