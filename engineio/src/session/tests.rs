use proptest::prelude::*;

use super::*;
use crate::Message;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const TIMING: Timing = Timing {
    ping_interval: ms(300),
    ping_timeout: ms(200),
    upgrade_timeout: ms(1000),
    close_timeout: ms(5000),
};

fn polling() -> SessionState {
    SessionState::new(TIMING, Transport::Polling, ms(0))
}

fn websocket() -> SessionState {
    SessionState::new(TIMING, Transport::WebSocket, ms(0))
}

fn text(text: &str) -> Packet {
    Packet::Message(Message::Text(text.into()))
}

fn pong() -> Packet {
    Packet::Pong("".into())
}

fn probe() -> Packet {
    Packet::Ping("probe".into())
}

#[test]
fn the_server_pings_an_interval_after_the_opening_and_after_each_pong() {
    let mut session = websocket();
    assert_eq!(session.on_tick(ms(299)), Action::None);
    assert_eq!(session.on_tick(ms(300)), Action::Ping);
    assert_eq!(session.on_tick(ms(300)), Action::None);
    assert_eq!(session.on_packet(pong(), ms(350)), Action::None);
    assert_eq!(session.deadline(), Some(ms(650)));
    assert_eq!(session.on_tick(ms(650)), Action::Ping);
}

#[test]
fn a_tick_that_is_many_intervals_late_pings_once_and_the_pong_has_its_whole_time() {
    let mut session = websocket();
    assert_eq!(session.on_tick(ms(3000)), Action::Ping);
    assert_eq!(session.on_tick(ms(3000)), Action::None);
    assert_eq!(session.deadline(), Some(ms(3200)));
    assert_eq!(session.on_packet(pong(), ms(3100)), Action::None);
    assert_eq!(session.deadline(), Some(ms(3400)));
}

#[test]
fn a_missing_pong_ends_the_session() {
    let mut session = websocket();
    assert_eq!(session.on_tick(ms(300)), Action::Ping);
    assert_eq!(session.deadline(), Some(ms(500)));
    assert_eq!(
        session.on_tick(ms(500)),
        Action::Close(CloseReason::PingTimeout)
    );
    assert_eq!(session.on_tick(ms(9000)), Action::None);
    assert_eq!(session.deadline(), None);
}

#[test]
fn a_ping_from_the_client_is_a_transport_error() {
    for ping in [Packet::Ping("".into()), probe()] {
        let action = websocket().on_packet(ping, ms(1));
        assert_eq!(action, Action::Close(CloseReason::TransportError));
    }
}

#[test]
fn messages_are_delivered_until_the_session_ends() {
    let mut session = polling();
    let hello = Message::Text("hello".into());
    assert_eq!(
        session.on_packet(text("hello"), ms(1)),
        Action::Deliver(hello)
    );
    assert_eq!(
        session.on_packet(Packet::Close, ms(2)),
        Action::Close(CloseReason::TransportClose)
    );
    assert_eq!(session.on_packet(text("late"), ms(3)), Action::None);
}

#[test]
fn packets_that_only_a_server_sends_are_ignored() {
    for packet in [Packet::Upgrade, Packet::Noop] {
        assert_eq!(websocket().on_packet(packet, ms(1)), Action::None);
    }
}

#[test]
fn malformed_bytes_are_a_parse_error() {
    assert_eq!(
        polling().on_malformed(),
        Action::Close(CloseReason::ParseError)
    );
}

#[test]
fn a_second_poll_or_post_overlaps_and_the_first_may_be_followed_by_another() {
    let mut session = polling();
    assert_eq!(session.on_poll_start(), Ok(()));
    assert_eq!(session.on_poll_start(), Err(Refusal::Overlap));
    session.on_poll_end();
    assert_eq!(session.on_poll_start(), Ok(()));
    assert_eq!(session.on_post_start(), Ok(()));
    assert_eq!(session.on_post_start(), Err(Refusal::Overlap));
    session.on_post_end();
    assert_eq!(session.on_post_start(), Ok(()));
}

#[test]
fn polling_requests_of_a_websocket_session_name_the_wrong_transport() {
    assert_eq!(websocket().on_poll_start(), Err(Refusal::WrongTransport));
    assert_eq!(websocket().on_post_start(), Err(Refusal::WrongTransport));
}

#[test]
fn a_probe_is_answered_and_five_moves_the_session() {
    let mut session = polling();
    let id = session.on_probe_open(ms(10)).unwrap();
    assert_eq!(
        session.on_probe_packet(id, &probe(), ms(20)),
        ProbeAction::Pong
    );
    assert_eq!(session.transport(), Transport::Polling);
    assert_eq!(
        session.on_probe_packet(id, &Packet::Upgrade, ms(30)),
        ProbeAction::Switch
    );
    assert_eq!(session.transport(), Transport::WebSocket);
}

#[test]
fn five_is_accepted_without_a_probe() {
    let mut session = polling();
    let id = session.on_probe_open(ms(10)).unwrap();
    assert_eq!(
        session.on_probe_packet(id, &Packet::Upgrade, ms(30)),
        ProbeAction::Switch
    );
}

#[test]
fn noops_start_a_hundred_milliseconds_after_the_probe_and_stop_with_it() {
    let mut session = polling();
    let id = session.on_probe_open(ms(10)).unwrap();
    assert_eq!(session.on_tick(ms(115)), Action::None);
    session.on_probe_packet(id, &probe(), ms(120));
    assert_eq!(session.on_tick(ms(219)), Action::None);
    assert_eq!(session.on_tick(ms(220)), Action::Noop);
    assert_eq!(session.on_tick(ms(221)), Action::None);
    assert_eq!(session.deadline(), Some(ms(300)));
    assert_eq!(session.on_tick(ms(320)), Action::Noop);
    session.on_probe_lost(id);
    assert_eq!(session.on_tick(ms(420)), Action::Ping);
}

#[test]
fn a_probe_that_times_out_or_misbehaves_leaves_the_polling_session_alone() {
    let mut session = polling();
    let id = session.on_probe_open(ms(0)).unwrap();
    session.on_probe_packet(id, &probe(), ms(1));
    assert_eq!(session.on_tick(ms(1000)), Action::AbandonProbe);
    let id = session.on_probe_open(ms(1001)).unwrap();
    assert_eq!(
        session.on_probe_packet(id, &text("too early"), ms(1002)),
        ProbeAction::Abandon
    );
    assert!(session.is_open());
    assert_eq!(session.transport(), Transport::Polling);
    assert!(session.on_probe_open(ms(1003)).is_ok());
}

#[test]
fn a_probe_that_ends_late_does_not_end_the_next_one() {
    let mut session = polling();
    let first = session.on_probe_open(ms(0)).unwrap();
    assert_eq!(session.on_tick(ms(1000)), Action::AbandonProbe);
    let second = session.on_probe_open(ms(1001)).unwrap();
    session.on_probe_lost(first);
    for late in [probe(), Packet::Upgrade, text("too early")] {
        let action = session.on_probe_packet(first, &late, ms(1002));
        assert_eq!(action, ProbeAction::Abandon);
    }
    let refused = Err(Refusal::AlreadyUpgrading);
    assert_eq!(session.on_probe_open(ms(1003)), refused);
    let action = session.on_probe_packet(second, &Packet::Upgrade, ms(1004));
    assert_eq!(action, ProbeAction::Switch);
}

#[test]
fn five_does_not_move_a_session_that_is_over() {
    let mut session = polling();
    let id = session.on_probe_open(ms(0)).unwrap();
    let closed = Action::Close(CloseReason::ParseError);
    assert_eq!(session.on_malformed(), closed);
    let action = session.on_probe_packet(id, &Packet::Upgrade, ms(10));
    assert_eq!(action, ProbeAction::Abandon);
    assert_eq!(session.transport(), Transport::Polling);
}

#[test]
fn a_second_probe_is_refused_during_and_after_the_first() {
    let mut session = polling();
    let id = session.on_probe_open(ms(0)).unwrap();
    assert_eq!(session.on_probe_open(ms(1)), Err(Refusal::AlreadyUpgrading));
    session.on_probe_packet(id, &Packet::Upgrade, ms(2));
    assert_eq!(session.on_probe_open(ms(3)), Err(Refusal::AlreadyUpgrading));
}

#[test]
fn a_ping_that_is_under_way_at_the_switch_gets_a_whole_time_out() {
    let mut session = polling();
    let id = session.on_probe_open(ms(250)).unwrap();
    assert_eq!(session.on_tick(ms(300)), Action::Ping);
    session.on_probe_packet(id, &Packet::Upgrade, ms(450));
    assert_eq!(session.on_tick(ms(500)), Action::None);
    assert_eq!(
        session.on_tick(ms(650)),
        Action::Close(CloseReason::PingTimeout)
    );
}

#[test]
fn no_pong_is_awaited_while_reading_is_paused() {
    let mut session = websocket();
    assert_eq!(session.on_tick(ms(300)), Action::Ping);
    session.on_pause();
    assert_eq!(session.on_tick(ms(99_000)), Action::None);
    session.on_resume(ms(100_000));
    assert_eq!(session.on_tick(ms(100_299)), Action::None);
    assert_eq!(session.on_tick(ms(100_300)), Action::Ping);
}

#[test]
fn an_orderly_close_waits_for_the_queue_and_no_longer_than_its_deadline() {
    let mut session = websocket();
    session.on_close(CloseReason::ForcedClose, ms(100));
    assert!(!session.is_open());
    assert_eq!(session.on_packet(text("late"), ms(101)), Action::None);
    let mut other = session.clone();
    let done = Action::Close(CloseReason::ForcedClose);
    assert_eq!(session.on_flushed(), done);
    assert_eq!(other.on_tick(ms(5099)), Action::None);
    assert_eq!(other.on_tick(ms(5100)), done);
}

#[test]
fn a_close_during_the_upgrade_keeps_its_reason_on_the_new_transport() {
    let mut session = polling();
    let id = session.on_probe_open(ms(0)).unwrap();
    session.on_close(CloseReason::ForcedClose, ms(1));
    assert_eq!(
        session.on_probe_packet(id, &Packet::Upgrade, ms(2)),
        ProbeAction::Switch
    );
    assert_eq!(
        session.on_flushed(),
        Action::Close(CloseReason::ForcedClose)
    );
}

/// Anything that can happen to a session.
#[derive(Debug, Clone)]
enum Event {
    Tick,
    Packet(u8),
    ProbeOpen,
    /// Of the last probe, or of the one before.
    ProbePacket(bool, u8),
    ProbeLost(bool),
    Close,
    Lost,
    Pause,
    Resume,
    Flushed,
}

fn packet(kind: u8) -> Packet {
    match kind % 6 {
        0 => Packet::Close,
        1 => Packet::Ping("".into()),
        2 => pong(),
        3 => probe(),
        4 => Packet::Upgrade,
        _ => text("x"),
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(Event::Tick),
        3 => any::<u8>().prop_map(Event::Packet),
        2 => Just(Event::ProbeOpen),
        3 => any::<(bool, u8)>().prop_map(|(last, kind)| Event::ProbePacket(last, kind)),
        1 => any::<bool>().prop_map(Event::ProbeLost),
        1 => Just(Event::Close),
        1 => Just(Event::Lost),
        1 => Just(Event::Pause),
        1 => Just(Event::Resume),
        1 => Just(Event::Flushed),
    ]
}

proptest! {
    /// Whatever happens in whatever order: nothing is delivered after the end, the end comes at
    /// most once, and the transport never goes back.
    #[test]
    fn the_end_is_final_and_the_switch_is_one_way(
        events in proptest::collection::vec((event(), 0u64..400), 0..60)
    ) {
        let mut session = polling();
        let mut now = ms(0);
        let mut ends = 0;
        let mut upgraded = false;
        let mut probes: Vec<ProbeId> = Vec::new();
        for (event, pause) in events {
            now += ms(pause);
            let was_open = session.is_open();
            let nth = |last: bool| probes.iter().rev().nth(usize::from(!last)).copied();
            let action = match event {
                Event::Tick => session.on_tick(now),
                Event::Packet(kind) => session.on_packet(packet(kind), now),
                Event::ProbeOpen => { probes.extend(session.on_probe_open(now).ok()); Action::None }
                Event::ProbePacket(last, kind) => {
                    if let Some(probe) = nth(last) {
                        let action = session.on_probe_packet(probe, &packet(kind), now);
                        let switched = action == ProbeAction::Switch;
                        prop_assert!(!(switched && (upgraded || !last)));
                    }
                    Action::None
                }
                Event::ProbeLost(last) => {
                    if let Some(probe) = nth(last) {
                        session.on_probe_lost(probe);
                    }
                    Action::None
                }
                Event::Close => { session.on_close(CloseReason::ForcedClose, now); Action::None }
                Event::Lost => session.on_transport_lost(CloseReason::TransportError),
                Event::Pause => { session.on_pause(); Action::None }
                Event::Resume => { session.on_resume(now); Action::None }
                Event::Flushed => session.on_flushed(),
            };
            prop_assert!(was_open || !matches!(action, Action::Deliver(_) | Action::Ping));
            ends += u32::from(matches!(action, Action::Close(_)));
            prop_assert!(ends <= 1);
            prop_assert!(!upgraded || session.transport() == Transport::WebSocket);
            upgraded = session.transport() == Transport::WebSocket;
            prop_assert!(session.is_open() || session.close_reason().is_some());
        }
    }
}
