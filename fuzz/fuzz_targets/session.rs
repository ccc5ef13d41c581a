#![no_main]
//! A session under any interleaving of its events, next to a model of what may happen:
//! one close, one switch, every wait ends, and nothing lost, doubled or reordered across the switch.

use std::time::Duration;

use arbitrary::Arbitrary;
use engineio::{
    CloseReason, Message, Packet, Transport,
    session::{Action, ProbeAction, ProbeId, SessionState, Timing},
};

#[derive(Arbitrary, Debug)]
enum Event {
    /// Time passes, in milliseconds.
    Wait(u16),
    Packet(Incoming),
    Malformed,
    Pause,
    Resume,
    PollStart,
    PollEnd,
    PostStart,
    PostEnd,
    ProbeOpen,
    /// Of the last probe, or of the one before, which has been given up.
    ProbePacket(bool, Incoming),
    ProbeLost(bool),
    TransportLost,
    CloseAsked,
    Flushed,
    /// The application sends the next number.
    Emit,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Incoming {
    Close,
    Ping,
    Probe,
    Pong,
    Message,
    Upgrade,
    Noop,
}

impl Incoming {
    fn packet(self) -> Packet {
        match self {
            Self::Close => Packet::Close,
            Self::Ping => Packet::Ping("".into()),
            Self::Probe => Packet::Ping("probe".into()),
            Self::Pong => Packet::Pong("".into()),
            Self::Message => Packet::Message(Message::Text("hello".into())),
            Self::Upgrade => Packet::Upgrade,
            Self::Noop => Packet::Noop,
        }
    }
}

/// The driver of the session, reduced to what can be checked.
struct Driver {
    session: SessionState,
    now: Duration,
    switched: bool,
    paused: bool,
    closed: Option<CloseReason>,
    polling: bool,
    queue: Vec<u32>,
    emitted: u32,
    received: u32,
    /// The last probe and the one before.
    probes: [Option<ProbeId>; 2],
}

const TIMING: Timing = Timing {
    ping_interval: Duration::from_millis(25_000),
    ping_timeout: Duration::from_millis(20_000),
    upgrade_timeout: Duration::from_millis(10_000),
    close_timeout: Duration::from_millis(30_000),
};

libfuzzer_sys::fuzz_target!(|input: (bool, Vec<Event>)| {
    let (websocket, events) = input;
    let transport = if websocket {
        Transport::WebSocket
    } else {
        Transport::Polling
    };
    let now = Duration::from_secs(1);
    let mut driver = Driver {
        session: SessionState::new(TIMING, transport, now),
        now,
        switched: websocket,
        paused: false,
        closed: None,
        polling: false,
        queue: Vec::new(),
        emitted: 0,
        received: 0,
        probes: [None; 2],
    };
    for event in events {
        driver.on_event(event);
        driver.check();
    }
    driver.every_wait_ends();
});

impl Driver {
    fn on_event(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Wait(millis) => self.wait(Duration::from_millis(millis.into())),
            Event::Packet(incoming) => {
                let open = self.session.is_open();
                let action = self.session.on_packet(incoming.packet(), now);
                let delivered = matches!(action, Action::Deliver(_));
                assert_eq!(delivered, open && matches!(incoming, Incoming::Message));
                self.act(action);
            }
            Event::Malformed => {
                let action = self.session.on_malformed();
                self.act(action);
            }
            Event::Pause => {
                self.paused = true;
                self.session.on_pause();
            }
            Event::Resume => {
                self.paused = false;
                self.session.on_resume(now);
            }
            Event::PollStart => match self.session.on_poll_start() {
                Ok(()) => {
                    assert!(!self.switched && !self.polling);
                    self.polling = true;
                    self.drain();
                }
                Err(_) => assert!(self.switched || self.polling || !self.session.is_open()),
            },
            Event::PollEnd => {
                self.polling = false;
                self.session.on_poll_end();
            }
            Event::PostStart => {
                let refused = self.session.on_post_start().is_err();
                assert!(refused || !self.switched);
            }
            Event::PostEnd => self.session.on_post_end(),
            Event::ProbeOpen => {
                if let Ok(probe) = self.session.on_probe_open(now) {
                    assert!(!self.switched);
                    self.probes = [Some(probe), self.probes[0]];
                }
            }
            Event::ProbePacket(last, incoming) => self.on_probe_packet(last, incoming),
            Event::ProbeLost(last) => {
                if let Some(probe) = self.probes[usize::from(!last)] {
                    self.session.on_probe_lost(probe);
                }
            }
            Event::TransportLost => {
                let action = self.session.on_transport_lost(CloseReason::TransportClose);
                self.act(action);
            }
            Event::CloseAsked => self.session.on_close(CloseReason::ForcedClose, now),
            Event::Flushed => {
                let action = self.session.on_flushed();
                self.act(action);
            }
            Event::Emit => {
                self.queue.push(self.emitted);
                self.emitted += 1;
                self.drain();
            }
        }
    }

    fn on_probe_packet(&mut self, last: bool, incoming: Incoming) {
        let Some(probe) = self.probes[usize::from(!last)] else {
            return;
        };
        let action = self
            .session
            .on_probe_packet(probe, &incoming.packet(), self.now);
        if action == ProbeAction::Switch {
            assert!(
                last && !self.switched && self.closed.is_none(),
                "one switch, by the last probe, and none of a closed session"
            );
            self.switched = true;
            self.polling = false;
            self.drain();
        }
    }

    /// What the current transport would carry now.
    fn drain(&mut self) {
        let writable = self.session.transport() == Transport::WebSocket || self.polling;
        if !writable || self.closed.is_some() {
            return;
        }
        for number in self.queue.drain(..) {
            assert_eq!(number, self.received, "in order, none lost, none twice");
            self.received += 1;
        }
        if !self.switched {
            self.polling = false;
            self.session.on_poll_end();
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        for _ in 0..8 {
            match self.session.on_tick(self.now) {
                Action::None => return,
                action => self.act(action),
            }
        }
        panic!("ticks at one moment come to an end");
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Close(reason) => {
                assert_eq!(self.closed, None, "a session closes once");
                self.closed = Some(reason);
            }
            Action::Deliver(_) | Action::Ping => {
                assert_eq!(self.closed, None, "nothing after the close")
            }
            Action::None | Action::Noop | Action::AbandonProbe => {}
        }
    }

    fn check(&self) {
        let session = &self.session;
        assert_eq!(session.transport() == Transport::WebSocket, self.switched);
        assert!(self.closed.is_none() || session.close_reason() == self.closed);
        assert!(self.closed.is_none() || (!session.is_open() && session.deadline().is_none()));
        assert!(self.closed.is_some() || self.paused || session.deadline().is_some());
    }

    /// A peer that stays silent is noticed, and an orderly close completes.
    fn every_wait_ends(&mut self) {
        if self.paused {
            self.session.on_resume(self.now);
        }
        for _ in 0..2 {
            self.wait(TIMING.ping_interval.max(TIMING.close_timeout));
        }
        assert!(self.closed.is_some());
    }
}
