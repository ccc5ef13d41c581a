//! The test: all cases, ten times in one server, beside ten healthy clients.

use crate::case::{Case, LIMIT};
use crate::crowd::Crowd;
use crate::gauges::{assert_settles, at_rest};
use crate::joined::{self, Watcher};
use crate::{frames, packets, payloads, probes, requests, rooms};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::{Options, Server};

/// How often the table runs in one server.
const ROUNDS: usize = 10;

/// Cases that run at once, so that they also meet each other.
const HANDS: usize = 4;

/// How much more may be allocated after the last round than after the first, in percent.
const GROWTH: u64 = 10;

/// Fewer rows than this are a mistake.
const FEWEST: usize = 150;

#[test]
fn whatever_is_sent_gets_its_answer_and_nobody_else_notices() {
    let cases = [
        requests::cases(),
        frames::cases(),
        payloads::cases(),
        packets::cases(),
        probes::cases(),
        rooms::cases(),
    ];
    let cases: Vec<Case> = cases.into_iter().flatten().collect();
    assert!(cases.len() >= FEWEST, "only {} cases", cases.len());
    let server = Arc::new(crate::server(&Options::max_payload(LIMIT as u64)));
    let mut watcher = Watcher::new(&server);
    let crowd = Crowd::gather(&server);
    let before = at_rest(&crowd, &mut watcher);
    let (mut heap, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        run(&server, &cases, &crowd);
        assert_settles(&crowd, &mut watcher, &before);
        heap.push(joined::heap(&mut watcher));
        resident.extend(server.memory());
    }
    let heard = crowd.finish();
    println!(
        "{} cases, {ROUNDS} rounds; each healthy client heard {heard} messages; {before}; heap {heap:?}, resident {resident:?}",
        cases.len()
    );
    let (first, last) = (heap[0], heap[ROUNDS - 1]);
    assert!(
        last <= first + first * GROWTH / 100,
        "the heap grew: {heap:?}"
    );
}

/// Runs all cases once, some at a time.
fn run(server: &Server, cases: &[Case], crowd: &Crowd) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut watcher = Watcher::new(server);
        let mut failures = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            crowd.tick();
            if let Err(failure) = case.run(server, &mut watcher) {
                failures.push(failure);
                watcher.renew();
            }
        }
        failures
    };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..HANDS).map(|_| scope.spawn(work)).collect();
        let hands = hands.into_iter().map(|hand| hand.join());
        hands
            .flat_map(|failures| failures.expect("a panic is a failure of its case"))
            .collect()
    });
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
