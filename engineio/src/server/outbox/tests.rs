use std::io::IoSlice;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use proptest::prelude::*;

use super::*;
use crate::Frame;

const LIMITS: Limits = Limits {
    overflow: Overflow::Cut,
    normal: 10_000,
    reserve: 1_000,
};

const ROOMY: usize = usize::MAX;

fn unit(text: &str) -> Arc<Unit> {
    Arc::new(Unit::new(Frame::text(text.len(), |out| {
        out.extend_from_slice(text.as_bytes());
    })))
}

fn binary(text: &str, attachments: &[&[u8]]) -> Arc<Unit> {
    let head = Frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()));
    let attachments = attachments.iter().map(|data| Frame::binary(data)).collect();
    Arc::new(Unit::with_attachments(head, attachments))
}

fn on_wire(units: &[Arc<Unit>]) -> Vec<u8> {
    let frames = units.iter().flat_map(|unit| unit.frames());
    frames
        .flat_map(|frame| frame.websocket().to_vec())
        .collect()
}

fn websocket() -> Outbox<()> {
    Outbox::websocket(LIMITS, Arc::new(()))
}

/// Writes what a take hands out, up to `room` bytes, and settles it.
fn write(outbox: &mut Outbox<()>, quantum: usize, room: usize, wire: &mut Vec<u8>) -> Settled {
    let mut batch = Batch::default();
    if outbox.take(&mut batch, quantum).is_none() {
        return Settled::Idle;
    }
    let mut slices: SmallVec<[IoSlice<'_>; 64]> = SmallVec::new();
    batch.slices(&mut slices);
    let bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.to_vec()).collect();
    drop(slices);
    let written = bytes.len().min(room);
    wire.extend_from_slice(&bytes[..written]);
    let blocked = (written < bytes.len()).then_some(Duration::ZERO);
    outbox.settle(&mut batch, written, blocked).0
}

#[test]
fn two_outboxes_hold_the_same_unit() {
    let shared = unit("hello");
    let (mut one, mut two) = (websocket(), websocket());
    one.push(&shared, Priority::Normal, false);
    two.push(&shared, Priority::Normal, false);
    assert_eq!(Arc::strong_count(&shared), 3);
}

#[test]
fn only_the_first_push_rings() {
    let mut outbox = websocket();
    assert!(matches!(
        outbox.push(&unit("a"), Priority::Normal, false),
        Push::Ring
    ));
    assert!(matches!(
        outbox.push(&unit("b"), Priority::Normal, false),
        Push::Queued
    ));
    let mut wire = Vec::new();
    assert_eq!(write(&mut outbox, ROOMY, ROOMY, &mut wire), Settled::Idle);
    assert_eq!(wire, on_wire(&[unit("a"), unit("b")]));
    assert_eq!(outbox.buffered(), 0);
    assert!(matches!(
        outbox.push(&unit("c"), Priority::Normal, false),
        Push::Ring
    ));
}

#[test]
fn a_turn_keeps_its_pushes_for_its_end() {
    let mut outbox = websocket();
    outbox.begin_turn();
    assert!(matches!(
        outbox.push(&unit("a"), Priority::Normal, false),
        Push::Queued
    ));
    assert!(outbox.end_turn());
    outbox.begin_turn();
    assert!(!outbox.end_turn());
}

#[test]
fn a_ping_enters_between_frames_and_never_inside_one() {
    let mut outbox = websocket();
    let long = unit("a message that leaves in two parts");
    outbox.push(&long, Priority::Normal, false);
    let mut wire = Vec::new();
    assert_eq!(write(&mut outbox, ROOMY, 5, &mut wire), Settled::Blocked);
    outbox.signal(Signal::Ping);
    outbox.push(&unit("next"), Priority::Normal, false);
    assert!(outbox.unblock());
    assert_eq!(write(&mut outbox, ROOMY, ROOMY, &mut wire), Settled::Idle);
    let expected = [
        on_wire(&[long]),
        b"\x81\x012".to_vec(),
        on_wire(&[unit("next")]),
    ];
    assert_eq!(wire, expected.concat());
}

#[test]
fn a_full_outbox_frees_itself_and_asks_for_the_cut() {
    let mut outbox = websocket();
    let big = unit(&"x".repeat(6_000));
    outbox.push(&big, Priority::Normal, false);
    let Push::Overflow { freed } = outbox.push(&big, Priority::Normal, false) else {
        panic!("two of these are over the limit");
    };
    assert_eq!(freed, big.cost());
    assert_eq!(Arc::strong_count(&big), 1);
    assert!(matches!(
        outbox.push(&unit("a"), Priority::Normal, false),
        Push::Closed
    ));
}

#[test]
fn an_ack_may_use_the_reserve() {
    let mut outbox = websocket();
    outbox.push(&unit(&"x".repeat(9_800)), Priority::Normal, false);
    assert!(matches!(
        outbox.push(&unit(&"y".repeat(500)), Priority::Reserved, false),
        Push::Queued
    ));
    assert!(matches!(
        outbox.push(&unit(&"z".repeat(500)), Priority::Normal, false),
        Push::Overflow { .. }
    ));
}

#[test]
fn when_all_outboxes_are_over_budget_only_who_is_behind_is_cut() {
    let mut outbox = websocket();
    assert!(matches!(
        outbox.push(&unit("a"), Priority::Normal, true),
        Push::Ring
    ));
    assert!(matches!(
        outbox.push(&unit("b"), Priority::Normal, true),
        Push::Overflow { .. }
    ));
}

#[test]
fn a_volatile_unit_is_dropped_behind_another() {
    let mut outbox = websocket();
    assert!(matches!(
        outbox.push(&unit("a"), Priority::Volatile, false),
        Push::Ring
    ));
    assert!(matches!(
        outbox.push(&unit("b"), Priority::Volatile, false),
        Push::Dropped
    ));
}

fn body(outbox: &mut Outbox<()>) -> Option<String> {
    match outbox.poll_payload(Waker::noop()) {
        Payload::Ready { body, .. } => Some(String::from_utf8(body).expect("text")),
        Payload::Pending => None,
    }
}

#[test]
fn a_poll_takes_whole_units_and_the_switch_takes_the_rest() {
    let mut outbox: Outbox<()> = Outbox::polling(LIMITS);
    outbox.push(&binary("51-[0]", &[b"\x01"]), Priority::Normal, false);
    assert_eq!(body(&mut outbox).as_deref(), Some("451-[0]\x1ebAQ=="));
    outbox.push(&unit("late"), Priority::Normal, false);
    let (poll, ring) = outbox.switch(Arc::new(())).expect("an open session");
    assert!(poll.is_none() && ring);
    let mut wire = Vec::new();
    write(&mut outbox, ROOMY, ROOMY, &mut wire);
    assert_eq!(wire, on_wire(&[unit("late")]));
    assert_eq!(body(&mut outbox).as_deref(), Some("1"));
}

#[test]
fn what_is_over_keeps_no_stream_that_comes_late() {
    let wire = Arc::new(());
    let mut cut: Outbox<()> = Outbox::polling(LIMITS);
    cut.abort();
    assert!(cut.switch(Arc::clone(&wire)).is_none());

    let mut closed: Outbox<()> = Outbox::polling(LIMITS);
    closed.drain(Signal::Close(Bytes::new()));
    assert_eq!(body(&mut closed).as_deref(), Some("6\x1e1"));
    assert!(closed.switch(Arc::clone(&wire)).is_none());
    assert_eq!(Arc::strong_count(&wire), 1);

    let mut closing: Outbox<()> = Outbox::polling(LIMITS);
    closing.drain(Signal::Close(Bytes::from_static(&[0x88, 0x00])));
    assert!(closing.switch(Arc::clone(&wire)).is_some());
    assert_eq!(Arc::strong_count(&wire), 2);
}

/// Notes that it was called.
struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_poll_that_is_pending_at_the_cut_is_woken_by_who_has_released_the_lock() {
    let bell = Arc::new(Bell(AtomicBool::new(false)));
    let mut outbox: Outbox<()> = Outbox::polling(LIMITS);
    let polled = outbox.poll_payload(&Waker::from(Arc::clone(&bell)));
    assert_eq!(polled, Payload::Pending);
    outbox.abort();
    assert!(!bell.0.load(Ordering::SeqCst), "under the lock");
    outbox.take_drained().into_iter().for_each(Waker::wake);
    assert!(bell.0.load(Ordering::SeqCst));
    assert_eq!(body(&mut outbox).as_deref(), Some("1"));
}

#[test]
fn a_poll_that_is_pending_at_the_close_gets_one_and_a_later_one_gets_a_noop_before_it() {
    let mut outbox: Outbox<()> = Outbox::polling(LIMITS);
    assert_eq!(body(&mut outbox), None);
    assert!(matches!(
        outbox.drain(Signal::Close(Bytes::new())),
        Push::Wake(_)
    ));
    assert_eq!(body(&mut outbox).as_deref(), Some("1"));
    assert!(outbox.is_sealed());

    let mut outbox: Outbox<()> = Outbox::polling(LIMITS);
    outbox.drain(Signal::Close(Bytes::new()));
    assert_eq!(body(&mut outbox).as_deref(), Some("6\x1e1"));

    let mut outbox: Outbox<()> = Outbox::polling(LIMITS);
    outbox.push(&unit("bye"), Priority::Normal, false);
    outbox.drain(Signal::Close(Bytes::new()));
    assert_eq!(body(&mut outbox).as_deref(), Some("4bye\x1e1"));
}

#[test]
fn a_drained_websocket_says_its_close_frame_last() {
    let mut outbox = websocket();
    outbox.push(&unit("bye"), Priority::Normal, false);
    outbox.drain(Signal::Close(Bytes::from_static(&[0x88, 0x00])));
    assert!(matches!(
        outbox.push(&unit("late"), Priority::Normal, false),
        Push::Closed
    ));
    let mut wire = Vec::new();
    assert_eq!(write(&mut outbox, ROOMY, ROOMY, &mut wire), Settled::Again);
    assert_eq!(write(&mut outbox, ROOMY, ROOMY, &mut wire), Settled::Sealed);
    assert_eq!(wire, [on_wire(&[unit("bye")]), vec![0x88, 0x00]].concat());
}

proptest! {
    /// However writes are cut and whatever is pushed between them, the wire carries every frame
    /// whole, once and in order, and nothing stays charged.
    #[test]
    fn any_split_of_the_writes_gives_the_same_bytes(
        steps in proptest::collection::vec((0usize..4, 0usize..40, 1usize..80), 1..80)
    ) {
        let mut outbox = websocket();
        let mut pushed = Vec::new();
        let mut wire = Vec::new();
        for (step, size, room) in steps {
            match step {
                0 => {
                    let next = unit(&"t".repeat(size));
                    outbox.push(&next, Priority::Normal, false);
                    pushed.push(next);
                }
                1 => {
                    let next = binary(&"h".repeat(size), &[&vec![1; room], b""]);
                    outbox.push(&next, Priority::Normal, false);
                    pushed.push(next);
                }
                _ => {
                    if write(&mut outbox, room, size, &mut wire) == Settled::Blocked {
                        outbox.unblock();
                    }
                }
            }
        }
        while outbox.buffered() > 0 || outbox.has_output() {
            write(&mut outbox, ROOMY, ROOMY, &mut wire);
        }
        prop_assert_eq!(wire, on_wire(&pushed));
        prop_assert!(!outbox.queue.spilled());
    }
}
