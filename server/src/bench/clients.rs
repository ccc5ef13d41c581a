//! Every client with its socket.

use std::io;

use engineio::Transport;
use mio::event::Event;
use mio::{Registry, Token};
use socketio::client::{Client, ClientError, Notice};

use super::place::Place;

/// All clients, by number.
#[derive(Debug, Default)]
pub(super) struct Clients {
    slots: Vec<Slot>,
    /// Those that have ended since somebody asked.
    ended: Vec<(usize, ClientError)>,
}

#[derive(Debug)]
struct Slot {
    client: Option<Client>,
    is_stalled: bool,
}

impl Clients {
    /// How many there are, those included that have ended.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Begins to connect one more.
    pub(super) fn add(
        &mut self,
        place: &Place,
        transport: Transport,
        registry: &Registry,
    ) -> io::Result<()> {
        let who = self.slots.len();
        let mut client = place.connect(who, transport)?;
        client.register(registry, Token(who))?;
        self.slots.push(Slot {
            client: Some(client),
            is_stalled: false,
        });
        Ok(())
    }

    /// Reads from the one that an event tells of. One that has ended, or does not read, says nothing.
    pub(super) fn read(&mut self, event: &Event, scratch: &mut [u8], on: impl FnMut(Notice<'_>)) {
        let who = event.token().0;
        let client = self.reader(who);
        if let Some(Err(error)) = client.map(|client| client.read(event, scratch, on)) {
            self.end(who, error);
        }
    }

    /// Reads all that has come for one, event or not.
    pub(super) fn read_all(&mut self, who: usize, scratch: &mut [u8], on: impl FnMut(Notice<'_>)) {
        let client = self.reader(who);
        if let Some(Err(error)) = client.map(|client| client.read_all(scratch, on)) {
            self.end(who, error);
        }
    }

    /// Queues a packet.
    pub(super) fn send(&mut self, who: usize, packet: &[u8]) {
        if let Some(client) = self.client(who) {
            client.send(packet);
        }
    }

    /// Writes what is queued.
    pub(super) fn write(&mut self, who: usize) {
        if let Some(Err(error)) = self.reader(who).map(Client::write) {
            self.end(who, error);
        }
    }

    /// Has one neither read nor write any more, or do so again.
    pub(super) fn stall(&mut self, who: usize, is_stalled: bool) {
        if let Some(slot) = self.slots.get_mut(who) {
            slot.is_stalled = is_stalled;
        }
    }

    /// Whether its connection stands.
    pub(super) fn is_open(&self, who: usize) -> bool {
        self.slots
            .get(who)
            .is_some_and(|slot| slot.client.is_some())
    }

    /// Those that have ended since the last call.
    pub(super) fn ended(&mut self) -> Vec<(usize, ClientError)> {
        std::mem::take(&mut self.ended)
    }

    /// Whether some have ended since the last call.
    pub(super) fn has_ended(&self) -> bool {
        !self.ended.is_empty()
    }

    /// Closes every connection at once.
    pub(super) fn close(&mut self) {
        self.slots.clear();
    }

    /// One that is there and reads.
    fn reader(&mut self, who: usize) -> Option<&mut Client> {
        let slot = self.slots.get_mut(who).filter(|slot| !slot.is_stalled);
        slot?.client.as_mut()
    }

    fn client(&mut self, who: usize) -> Option<&mut Client> {
        self.slots.get_mut(who)?.client.as_mut()
    }

    fn end(&mut self, who: usize, error: ClientError) {
        if let Some(slot) = self.slots.get_mut(who) {
            slot.client = None;
            self.ended.push((who, error));
        }
    }
}
