#![no_main]
//! A session and its outbox under any interleaving of their events, next to models of its deadlines and of what the client hears:
//! one close, one switch, every wait ends, and nothing lost, doubled or reordered across the switch.

use std::time::Duration;

use engineio::{
    CloseReason, Transport,
    session::{Action, ProbeAction, ProbeId, SessionState, Timing},
};
use fuzz::{
    carrier::{Carrier, Poll},
    clock::{Clock, Due},
    event::{Event, Incoming},
};

/// The driver of the session, reduced to what can be checked.
struct Driver {
    session: SessionState,
    carrier: Carrier,
    now: Duration,
    clock: Clock,
    switched: bool,
    closing: bool,
    closed: Option<CloseReason>,
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
    let mut driver = Driver::new(websocket);
    for event in events {
        driver.on_event(event);
        driver.check();
    }
    driver.everything_leaves();
    driver.every_wait_ends();
});

impl Driver {
    fn new(websocket: bool) -> Self {
        let transport = match websocket {
            true => Transport::WebSocket,
            false => Transport::Polling,
        };
        let now = Duration::from_secs(1);
        Self {
            session: SessionState::new(TIMING, transport, now),
            carrier: Carrier::new(websocket),
            now,
            clock: Clock::new(TIMING, now),
            switched: websocket,
            closing: false,
            closed: None,
            probes: [None; 2],
        }
    }

    fn on_event(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Wait(millis) => self.wait(Duration::from_millis(millis.into())),
            Event::Packet(incoming) => self.on_packet(incoming),
            Event::Malformed => {
                let action = self.session.on_malformed();
                self.act(action);
            }
            Event::Pause => {
                self.session.on_pause();
                self.clock.on_pause();
            }
            Event::Resume => {
                self.session.on_resume(now);
                self.clock.on_resume(now);
            }
            Event::PollStart => match self.session.on_poll_start() {
                Ok(()) => {
                    assert!(!self.switched && self.carrier.poll() == Poll::None);
                    self.look();
                }
                Err(_) => assert!(self.switched || self.carrier.poll() != Poll::None),
            },
            Event::PollAgain if self.carrier.poll() != Poll::None => self.look(),
            Event::PollAgain => {}
            Event::PollLost => {
                self.carrier.lose_poll();
                self.session.on_poll_end();
            }
            Event::PostStart => {
                let refused = self.session.on_post_start().is_err();
                assert!(refused || !self.switched);
            }
            Event::PostEnd => self.session.on_post_end(),
            Event::ProbeOpen => self.on_probe_open(),
            Event::ProbePacket(last, incoming) => self.on_probe_packet(last, incoming),
            Event::ProbeLost(last) => self.on_probe_lost(last),
            Event::TransportLost => {
                let action = self.session.on_transport_lost(CloseReason::TransportClose);
                self.act(action);
            }
            Event::CloseAsked => self.on_close_asked(),
            Event::Emit(attachments) => self.carrier.emit(attachments % 3),
            Event::VisitBegin(quantum) => self.carrier.begin_visit(quantum.into()),
            Event::VisitEnd(written) => self.carrier.end_visit(written.into()),
            Event::Writable => self.carrier.on_writable(),
        }
    }

    fn on_packet(&mut self, incoming: Incoming) {
        let open = self.session.is_open();
        let action = self.session.on_packet(incoming.packet(), self.now);
        let delivered = matches!(action, Action::Deliver(_));
        assert_eq!(delivered, open && matches!(incoming, Incoming::Message));
        if open && matches!(incoming, Incoming::Pong) {
            self.clock.on_pong(self.now);
        }
        self.act(action);
    }

    fn on_close_asked(&mut self) {
        if self.session.is_open() {
            self.closing = true;
            self.clock.on_close(self.now);
            self.carrier.drain();
        }
        self.session.on_close(CloseReason::ForcedClose, self.now);
    }

    fn on_probe_open(&mut self) {
        if let Ok(probe) = self.session.on_probe_open(self.now) {
            assert!(!self.switched);
            self.probes = [Some(probe), self.probes[0]];
            self.clock.on_probe_open(self.now);
        }
    }

    fn on_probe_lost(&mut self, last: bool) {
        if let Some(probe) = self.probes[usize::from(!last)] {
            self.session.on_probe_lost(probe);
            if last {
                self.clock.on_probe_end();
            }
        }
    }

    fn on_probe_packet(&mut self, last: bool, incoming: Incoming) {
        let Some(probe) = self.probes[usize::from(!last)] else {
            return;
        };
        let packet = incoming.packet();
        match self.session.on_probe_packet(probe, &packet, self.now) {
            ProbeAction::Pong => self.clock.on_probed(self.now),
            ProbeAction::Switch => {
                assert!(
                    last && !self.switched && self.closed.is_none(),
                    "one switch, by the last probe, and none of a closed session"
                );
                self.switched = true;
                self.clock.on_switch(self.now);
                self.carrier.switch();
            }
            ProbeAction::Abandon if last => self.clock.on_probe_end(),
            ProbeAction::Abandon => {}
        }
    }

    /// The poll looks for its answer.
    fn look(&mut self) {
        if self.carrier.look() {
            self.session.on_poll_end();
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        for _ in 0..8 {
            let action = self.session.on_tick(self.now);
            let due = match self.closed {
                Some(_) => Due::Nothing,
                None => self.clock.tick(self.now),
            };
            let expected = match &action {
                Action::None => Due::Nothing,
                Action::AbandonProbe => Due::Abandon,
                Action::Noop => Due::Noop,
                Action::Ping => Due::Ping,
                Action::Close(_) => Due::End,
                Action::Deliver(_) => panic!("nothing came"),
            };
            assert_eq!(due, expected);
            match action {
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
                self.carrier.abort();
            }
            Action::Deliver(_) => assert_eq!(self.closed, None, "nothing after the close"),
            Action::Ping => {
                assert_eq!(self.closed, None, "nothing after the close");
                self.carrier.ping();
            }
            Action::Noop => self.carrier.noop(),
            Action::None | Action::AbandonProbe => {}
        }
    }

    fn check(&mut self) {
        if self.closing && self.closed.is_none() && self.carrier.is_flushed() {
            assert!(self.carrier.is_done(), "an orderly close loses nothing");
            let action = self.session.on_flushed();
            assert_eq!(action, Action::Close(CloseReason::ForcedClose));
            self.act(action);
        }
        let session = &self.session;
        assert_eq!(session.transport() == Transport::WebSocket, self.switched);
        match self.closed {
            None => assert_eq!(session.deadline(), self.clock.next()),
            Some(_) => {
                assert_eq!(session.close_reason(), self.closed);
                assert!(!session.is_open() && session.deadline().is_none());
            }
        }
        self.carrier.check();
    }

    /// With a client that reads and a stream that takes everything, all that was said is heard.
    fn everything_leaves(&mut self) {
        for _ in 0..10_000 {
            if self.carrier.is_done() {
                break;
            }
            if self.switched {
                self.carrier.end_visit(usize::MAX);
                self.carrier.on_writable();
                self.carrier.begin_visit(usize::MAX);
            } else if self.carrier.poll() == Poll::None {
                self.on_event(Event::PollStart);
            } else {
                self.look();
            }
            self.check();
        }
        assert!(self.carrier.is_done());
        self.carrier.rest();
        self.check();
    }

    /// A peer that stays silent is noticed, and an orderly close completes.
    fn every_wait_ends(&mut self) {
        self.on_event(Event::Resume);
        for _ in 0..2 {
            self.wait(TIMING.ping_interval.max(TIMING.close_timeout));
            self.check();
        }
        assert!(self.closed.is_some());
    }
}
