use std::time::Duration;

use clap::Parser;

use super::super::scene::Count;
use super::*;
use crate::config::{Args, Command};

/// The plan of a command line.
pub(in super::super) fn plan(line: &str) -> Plan {
    let line = ["roomcast", "bench"].into_iter().chain(line.split(' '));
    let Some(Command::Bench(args)) = Args::try_parse_from(line).unwrap().command else {
        panic!("bench")
    };
    Plan::new(&args).unwrap()
}

/// Ten seconds, a million deliveries, a server that took `server` of them and a load that took `load`.
pub(in super::super) fn outcome(server: f64, load: f64) -> Outcome {
    let cpu = |seconds: f64| {
        let half = Duration::from_secs_f64(seconds / 2.0);
        Some(Cpu {
            user: half,
            system: half,
        })
    };
    let window = Window {
        time: Duration::from_secs(10),
        count: Count {
            messages: 1_000,
            deliveries: 1_000_000,
        },
        server: cpu(server),
        load: cpu(load),
    };
    Outcome {
        window,
        findings: Findings::default(),
        connecting: Window {
            server: cpu(0.05),
            ..window
        },
        connected: 1_000,
        memory: Memory {
            before: Some(10_000_000),
            after: Some(12_000_000),
            after_disconnect: None,
        },
        cuts: Cuts::default(),
    }
}

#[test]
fn the_json_has_the_fields_that_others_read() {
    let plan = plan("fanout http://127.0.0.1:1 --server-pid 7");
    let report = Report::new(&plan, outcome(9.8, 5.0));
    let json = serde_json::to_value(&report).unwrap();
    let expected = serde_json::json!({
        "scenario": "fanout", "url": "http://127.0.0.1:1", "transport": "websocket", "clients": 1000, "rooms": 1, "in_flight": 4,
        "rate": null, "size": 200, "seconds": 10.0, "deliveries": 1_000_000, "deliveries_per_second": 100_000.0, "messages": 1000,
        "lost": 0, "duplicated": 0, "reordered": 0, "damaged": 0, "cut": 0, "first_cut": null, "stalled": 0, "stalled_cut": 0,
        "latency_us": null,
        "server": {
            "pid": 7, "user_seconds": 4.9, "system_seconds": 4.9, "busy": 0.98, "user_us_per_delivery": 4.9, "cpu_us_per_delivery": 9.8,
            "rss_before": 10_000_000, "rss_after": 12_000_000, "rss_after_disconnect": null, "bytes_per_client": 2000.0,
            "cpu_us_per_connect": 50.0,
        },
        "load": { "busy": 0.5, "user_us_per_delivery": 2.5, "cpu_us_per_delivery": 5.0 },
        "counts": true, "why_not": [],
    });
    assert_eq!(json, expected);
}

#[test]
fn without_a_process_there_is_no_server_in_the_report() {
    let report = Report::new(&plan("latency http://127.0.0.1:1"), outcome(1.0, 1.0));
    let json = serde_json::to_value(&report).unwrap();
    assert!(json["server"].is_null());
    assert_eq!(json["rate"], 20.0);
}
