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
    /// The application takes nothing.
    full: bool,
    /// The session is not read.
    paused: bool,
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

/// How long a client may take nothing of what is there for it.
const WRITE_TIMEOUT: Duration = Duration::from_millis(30_000);

libfuzzer_sys::fuzz_target!(|input: (bool, bool, Vec<Event>)| {
    let (websocket, hears, events) = input;
    let mut driver = Driver::new(websocket);
    for event in events {
        driver.on_event(event);
        driver.check();
    }
    // Whether the client hears what there is for it before it falls silent.
    if hears {
        driver.everything_leaves();
    }
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
            full: false,
            paused: false,
            closing: false,
            closed: None,
            probes: [None; 2],
        }
    }

    fn on_event(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Wait(millis) => self.now += Duration::from_millis(millis.into()),
            Event::Packet(incoming) => self.on_packet(incoming),
            Event::Malformed => {
                let action = self.session.on_malformed();
                self.act(action);
            }
            Event::Full => self.full = true,
            Event::Room => self.full = false,
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
            Event::VisitEnd(written) => self.carrier.end_visit(written.into(), now),
            Event::Writable => self.carrier.on_writable(),
        }
        // The others wake nobody.
        let wakes = matches!(
            event,
            Event::Wait(_) | Event::Packet(_) | Event::Full | Event::Room | Event::ProbeOpen
        );
        if self.carrier.take_wake() || wakes {
            self.turn();
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
        if self.carrier.look(self.now) {
            self.session.on_poll_end();
        }
    }

    /// The session's task runs.
    fn turn(&mut self) {
        self.tick();
        let limit = self
            .carrier
            .blocked_since()
            .map(|since| since + WRITE_TIMEOUT);
        if self.closed.is_none() && limit.is_some_and(|limit| limit <= self.now) {
            let reason = CloseReason::TransportError;
            let action = self.session.on_transport_lost(reason);
            self.act(action);
        }
        if self.closed.is_none() && !self.closing {
            self.look_whether_to_read();
        }
    }

    fn look_whether_to_read(&mut self) {
        let now = self.now;
        let congested = self.carrier.is_congested(!self.full, now);
        let pause = self.full || congested;
        match (self.paused, pause) {
            (false, true) => {
                self.session.on_pause();
                self.clock.on_pause();
            }
            (true, false) => {
                self.session.on_resume(now);
                self.clock.on_resume(now);
            }
            (false, false) | (true, true) => {}
        }
        self.paused = pause;
    }

    fn tick(&mut self) {
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
                self.carrier.end_visit(usize::MAX, self.now);
                self.carrier.on_writable();
                self.carrier.begin_visit(usize::MAX);
            } else if self.carrier.poll() == Poll::None {
                self.on_event(Event::PollStart);
            } else {
                self.look();
            }
            if self.carrier.take_wake() {
                self.turn();
            }
            self.check();
        }
        assert!(self.carrier.is_done());
        self.carrier.rest();
        self.check();
    }

    /// When the session's task runs next, if nothing wakes it.
    fn deadline(&self) -> Option<Duration> {
        let stalled = self.carrier.blocked_since();
        let stalled = stalled.map(|since| since + WRITE_TIMEOUT);
        [self.session.deadline(), stalled]
            .into_iter()
            .flatten()
            .min()
    }

    /// A peer that stays silent is noticed, and an orderly close completes, by a task that nobody else wakes.
    fn every_wait_ends(&mut self) {
        // Only who is known to take nothing is not waited for until the application is done.
        if self.full && self.carrier.blocked_since().is_none() {
            self.on_event(Event::Room);
        }
        for _ in 0..1_000 {
            self.carrier.stall(self.now);
            if self.carrier.take_wake() {
                self.turn();
            }
            self.check();
            if self.closed.is_some() {
                return;
            }
            let next = self.deadline().expect("something is due");
            self.now = self.now.max(next);
            self.turn();
        }
        panic!("every wait ends");
    }
}
