//! All clients on one poll, in one thread.

use std::io;
use std::time::{Duration, Instant};

use engineio::Transport;
use mio::{Events, Poll};
use socketio::client::Notice;

use super::clients::Clients;
use super::error::told;
use super::place::Place;
use super::scene::Scene;

/// Bytes of one read, for all clients: more than a server sends one of them between two reads, and less than a cache.
const SCRATCH: usize = 256 * 1024;

/// Clients that one poll tells of.
const EVENTS: usize = 4096;

/// Clients with what drives them.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) clients: Clients,
    poll: Poll,
    events: Events,
    scratch: Vec<u8>,
    epoch: Instant,
    cut: usize,
    reason: Option<String>,
}

impl Crowd {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            clients: Clients::default(),
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS),
            scratch: vec![0; SCRATCH],
            epoch: Instant::now(),
            cut: 0,
            reason: None,
        })
    }

    /// Nanoseconds since the beginning.
    pub(super) fn now(&self) -> u64 {
        nanos(self.epoch)
    }

    /// Begins to connect one more client.
    pub(super) fn add(&mut self, place: &Place, transport: Transport) -> io::Result<()> {
        self.clients.add(place, transport, self.poll.registry())
    }

    /// Waits for events and hands them to the scene.
    pub(super) fn turn(&mut self, patience: Duration, scene: &mut impl Scene) -> io::Result<()> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other?,
        }
        for event in &self.events {
            let who = event.token().0;
            let now = nanos(self.epoch);
            let on = |notice: Notice<'_>| scene.on_notice(who, notice, now);
            self.clients.read(event, &mut self.scratch, on);
            scene.on_read(who, now, &mut self.clients);
            self.clients.write(who);
        }
        self.settle(scene);
        Ok(())
    }

    /// Tells the scene who has ended.
    pub(super) fn settle(&mut self, scene: &mut impl Scene) {
        while self.clients.has_ended() {
            for (who, error) in self.clients.ended() {
                self.cut += 1;
                self.reason.get_or_insert_with(|| told(&error));
                scene.on_end(who, &error);
            }
        }
    }

    /// Reads and writes for all, whether they are ready or not: those that did not read have missed that they are.
    pub(super) fn wake(&mut self, scene: &mut impl Scene) {
        for who in 0..self.clients.len() {
            let now = nanos(self.epoch);
            let on = |notice: Notice<'_>| scene.on_notice(who, notice, now);
            self.clients.read_all(who, &mut self.scratch, on);
            self.clients.write(who);
        }
        self.settle(scene);
    }

    /// How many connections have ended that should not have.
    pub(super) fn cut(&self) -> usize {
        self.cut
    }

    /// Why the first of them did.
    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

fn nanos(epoch: Instant) -> u64 {
    u64::try_from(epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
