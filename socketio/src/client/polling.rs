//! A client's packets over HTTP long-polling, on one connection that is kept.

use engineio::client::Response;
use engineio::{Message, Packet, payload};

use super::session::{Core, Reply};
use super::{ClientError, Notice};

/// What an Engine.IO packet that carries a Socket.IO packet begins with.
const MESSAGE: u8 = b'4';

/// What a binary message begins with where only text can travel.
const BASE64: u8 = b'b';

/// The state of one polling session.
#[derive(Debug, Default)]
pub(super) struct Polling {
    /// The id of the session; empty until it is open.
    sid: String,
    /// The request that has no answer yet.
    asked: Asked,
    /// An answer of which the end was not read yet.
    partial: Vec<u8>,
    /// The body of the next POST.
    queue: Vec<u8>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Packets of the server: the first request is such a one.
    #[default]
    Get,
    /// Whether the server took ours.
    Post,
    Nothing,
}

impl Polling {
    pub(super) fn on_bytes(
        &mut self,
        core: &mut Core,
        input: &[u8],
        mut on: impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        if self.partial.is_empty() {
            let read = self.answer(core, input, &mut on)?;
            self.partial
                .extend_from_slice(input.get(read..).unwrap_or_default());
            return Ok(());
        }
        let mut partial = std::mem::take(&mut self.partial);
        partial.extend_from_slice(input);
        let read = self.answer(core, &partial, &mut on)?;
        partial.drain(..read);
        // Owns nothing while it waits.
        if !partial.is_empty() {
            self.partial = partial;
        }
        Ok(())
    }

    /// Takes one answer if it is whole; how long it was.
    fn answer(
        &mut self,
        core: &mut Core,
        input: &[u8],
        on: &mut impl FnMut(Notice<'_>),
    ) -> Result<usize, ClientError> {
        let Some((response, length)) = Response::decode(input)? else {
            return Ok(0);
        };
        if response.status != 200 {
            return Err(ClientError::refused(response.status, &response.body));
        }
        let asked = std::mem::replace(&mut self.asked, Asked::Nothing);
        if asked == Asked::Get {
            for packet in response.body.split(|&byte| byte == payload::SEPARATOR) {
                self.packet(core, packet, on)?;
            }
        }
        Ok(length)
    }

    fn packet(
        &mut self,
        core: &mut Core,
        packet: &[u8],
        on: &mut impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        if packet.first() == Some(&BASE64) {
            let text = str::from_utf8(packet).map_err(|_| ClientError::packet(packet))?;
            if let Ok(Packet::Message(Message::Binary(data))) = Packet::decode_text(text.into()) {
                on(Notice::Binary(&data));
                return Ok(());
            }
            return Err(ClientError::packet(packet));
        }
        match core.on_text(packet, on)? {
            None => {}
            Some(Reply::Pong) => self.push(Reply::PONG),
            Some(Reply::Connect { sid, packet }) => {
                // It goes into a request line, where a space or a line end would be another request.
                if !sid.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(ClientError::packet(sid.as_bytes()));
                }
                self.sid = sid;
                self.send(packet.as_bytes());
            }
        }
        Ok(())
    }

    pub(super) fn send(&mut self, packet: &[u8]) {
        self.push(&[MESSAGE]);
        self.queue.extend_from_slice(packet);
    }

    fn push(&mut self, packet: &[u8]) {
        if !self.queue.is_empty() {
            self.queue.push(payload::SEPARATOR);
        }
        self.queue.extend_from_slice(packet);
    }

    /// Asks for something if nothing is asked.
    pub(super) fn turn(&mut self, core: &Core, outgoing: &mut Vec<u8>) {
        if self.asked != Asked::Nothing {
            return;
        }
        let target = core.address.target();
        if self.queue.is_empty() {
            target.poll(&self.sid, outgoing);
            self.asked = Asked::Get;
        } else {
            target.post(&self.sid, &self.queue, outgoing);
            self.queue = Vec::new();
            self.asked = Asked::Post;
        }
    }
}
