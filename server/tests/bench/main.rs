//! `roomcast bench`, the binary, against servers in this process: one that does what it should, and some that do not.

mod fanout;

use std::process::{Command, Output};
use std::time::Duration;

use fanout::Fault;
use serde_json::Value;

/// Runs a scenario against a server of its own.
fn bench(fault: Fault, line: &str) -> Output {
    let server = fanout::Server::start(fault);
    run(&server.url(), line)
}

fn run(url: &str, line: &str) -> Output {
    let (scenario, flags) = line.split_once(' ').unwrap_or((line, ""));
    Command::new(env!("CARGO_BIN_EXE_roomcast"))
        .args(["bench", scenario, url])
        .args(flags.split_whitespace())
        .output()
        .expect("the binary runs")
}

/// The one object on standard output.
fn json(fault: Fault, line: &str) -> Value {
    let output = bench(fault, &format!("{line} --json"));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).expect("one object")
}

/// Lost, twice, out of order, damaged, cut.
fn found(report: &Value) -> [u64; 5] {
    ["lost", "duplicated", "reordered", "damaged", "cut"]
        .map(|field| report[field].as_u64().expect("a number"))
}

fn positive(report: &Value, field: &str) -> u64 {
    let value = report[field].as_u64().expect("a number");
    assert!(value > 0, "{field} in {report}");
    value
}

#[test]
fn every_message_reaches_everybody_once_and_in_order() {
    let pid = std::process::id();
    let report = json(
        Fault::None,
        &format!("fanout --clients 50 --seconds 1 --warm-up 0.2 --messages 60 --server-pid {pid}"),
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    let (messages, deliveries) = (
        positive(&report, "messages"),
        positive(&report, "deliveries"),
    );
    // Four messages are under way at either end of the window.
    assert!(deliveries.abs_diff(messages * 50) <= 2 * 4 * 50, "{report}");
    assert_eq!(report["server"]["pid"], pid);
    assert!(report["server"]["rss_after"].as_u64().unwrap() > 1_000_000);
    assert!(report["load"]["busy"].is_number());
}

#[test]
fn a_message_that_one_client_does_not_get_is_lost() {
    let report = json(
        Fault::Drop,
        "fanout --clients 20 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [1, 0, 0, 0, 0], "{report}");
    assert_eq!(report["counts"], false);
    assert_eq!(report["why_not"][0], "1 messages were lost");
}

#[test]
fn a_message_that_comes_twice_is_a_duplicate() {
    let report = json(
        Fault::Repeat,
        "fanout --clients 20 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [0, 1, 0, 0, 0], "{report}");
}

#[test]
fn messages_that_change_places_are_out_of_order() {
    let report = json(
        Fault::Swap,
        "fanout --clients 20 --senders 1 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [0, 0, 1, 0, 0], "{report}");
}

#[test]
fn a_message_that_is_changed_is_damaged() {
    let report = json(
        Fault::Change,
        "fanout --clients 20 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    let [lost, _, _, damaged, _] = found(&report);
    assert_eq!((lost, damaged), (1, 1), "{report}");
}

#[test]
fn a_client_that_is_cut_is_a_finding_and_no_failure() {
    let report = json(
        Fault::Cut,
        "fanout --clients 20 --senders 1 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [0, 0, 0, 0, 1], "{report}");
    let why = report["first_cut"].as_str().unwrap();
    assert_eq!(why, "the server ended the session");
}

#[test]
fn rooms_do_not_hear_each_other() {
    let report = json(
        Fault::None,
        "rooms --clients 40 --rooms 8 --in-flight 16 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    positive(&report, "deliveries");
}

#[test]
fn every_echo_is_answered() {
    let report = json(
        Fault::None,
        "echo --clients 8 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    positive(&report, "deliveries");
    assert!(report["latency_us"]["p50"].as_f64().unwrap() > 0.0);
}

#[test]
fn no_polling_client_misses_a_message() {
    let report = json(
        Fault::None,
        "polling --clients 20 --rate 50 --seconds 0.2 --warm-up 0.1 --messages 30",
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    assert_eq!(report["transport"], "polling");
    positive(&report, "deliveries");
}

#[test]
fn latency_counts_from_when_a_message_was_due() {
    let pause = Duration::from_millis(400);
    let report = json(
        Fault::Pause(pause),
        "latency --clients 4 --rate 100 --seconds 1 --warm-up 0.1",
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    let p90 = report["latency_us"]["p90"].as_f64().unwrap();
    // Forty of a hundred messages were due while it stood still; waiting for the answer would have shown one of them.
    assert!(p90 > 200_000.0, "{report}");
}

#[test]
fn clients_come_and_stay() {
    let connect = json(Fault::None, "connect --clients 100 --burst");
    assert_eq!(connect["deliveries"], 100);
    assert_eq!(found(&connect), [0; 5]);
    let idle = json(Fault::None, "idle --clients 20 --seconds 0.2");
    assert_eq!(found(&idle), [0; 5]);
}

#[test]
fn those_who_do_not_read_hold_up_nobody() {
    let report = json(
        Fault::None,
        "slow --clients 20 --stalled 5 --seconds 0.2 --warm-up 0.1 --messages 60",
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    assert_eq!(report["stalled"], 5);
    positive(&report, "deliveries");
}

#[test]
fn those_who_do_not_read_for_long_are_cut_and_counted_apart() {
    // More in the end than the server keeps for one client and the system for one connection.
    let report = json(
        Fault::None,
        "slow --clients 6 --stalled 2 --in-flight 1 --size 20000 --seconds 0.2 --warm-up 0 --messages 150",
    );
    assert_eq!(found(&report), [0; 5], "{report}");
    assert_eq!(report["stalled_cut"], 2, "{report}");
    assert_eq!(report["counts"], true, "{report}");
}

/// What is printed when there is nothing to measure.
fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn where_nobody_listens_the_complaint_says_so() {
    let url = fanout::Server::start(Fault::None).url();
    let told = complaint(&run(&url, "fanout --clients 2"));
    assert!(told.contains(&format!("no server at {url}")), "{told}");
}

#[test]
fn what_is_no_socket_io_server_is_named() {
    let told = complaint(&bench(Fault::NotFound, "fanout --clients 2"));
    assert!(
        told.contains("does not take a Socket.IO client: the server answered 404"),
        "{told}"
    );
}

#[test]
fn a_server_that_does_not_answer_join_is_told_apart() {
    let told = complaint(&bench(Fault::Mute, "fanout --clients 2"));
    assert!(told.contains("did not answer `join` within 5 s"), "{told}");
}

#[test]
fn a_process_that_is_not_there_is_named() {
    let told = complaint(&bench(
        Fault::None,
        "fanout --clients 2 --server-pid 4194305",
    ));
    assert!(
        told.contains("--server-pid 4194305: no such process"),
        "{told}"
    );
}

#[test]
fn more_clients_than_files_are_refused() {
    let told = complaint(&bench(Fault::None, "idle --clients 4000000000"));
    assert!(told.contains("4000000032 files are needed"), "{told}");
}

#[test]
fn a_table_is_printed_where_no_json_is_asked_for() {
    let output = bench(
        Fault::None,
        "fanout --clients 5 --seconds 0.2 --warm-up 0.1 --messages 10",
    );
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(table.starts_with("fanout  http://127.0.0.1:"), "{table}");
    assert!(
        table.contains("counts        NO: --server-pid was not given"),
        "{table}"
    );
}
