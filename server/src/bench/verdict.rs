//! Whether a result counts.

use super::plan::Scenario;
use super::report::Report;

/// Below it, a server waits for something else than itself.
const SERVER_BUSY: f64 = 0.95;

/// From here on, the load may be what was measured.
const LOAD_BUSY: f64 = 0.90;

/// Everything that speaks against it; nothing, when it counts.
pub(super) fn why_not(report: &Report, pid: Option<u32>) -> Vec<String> {
    let mut reasons = Vec::new();
    let told = [
        (report.lost, "messages were lost"),
        (report.duplicated, "messages came twice"),
        (report.reordered, "messages came out of order"),
        (report.damaged, "messages came that nobody has sent so"),
        (report.cut as u64, "clients were cut"),
    ];
    for (count, what) in told {
        if count > 0 {
            reasons.push(format!("{count} {what}"));
        }
    }
    if report.deliveries == 0 && report.scenario != Scenario::Idle {
        reasons.push("nothing arrived".to_owned());
    }
    // How busy the load is while it connects says nothing: the server is asked for what one costs.
    let is_open = !matches!(report.scenario, Scenario::Idle | Scenario::Connect);
    if is_open && report.load.busy >= LOAD_BUSY {
        let busy = percent(report.load.busy);
        reasons.push(format!("the load was {busy} busy, not less than 90 %"));
    }
    if let (Some(pid), None) = (pid, &report.server) {
        reasons.push(format!("the server, process {pid}, has ended"));
    }
    if report.scenario.is_throughput() {
        match &report.server {
            None if pid.is_none() => reasons.push("--server-pid was not given".to_owned()),
            Some(server) if server.busy < SERVER_BUSY => {
                let busy = percent(server.busy);
                reasons.push(format!("the server was {busy} busy, not at least 95 %"));
            }
            _ => {}
        }
    }
    reasons
}

/// A share for people; one digit behind the point, so that it does not round to the limit it missed.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{outcome, plan};
    use super::*;

    fn told(line: &str, server: f64, load: f64) -> Vec<String> {
        Report::new(&plan(line), outcome(server, load)).why_not
    }

    #[test]
    fn throughput_counts_when_the_server_is_busy_and_the_load_is_not() {
        let line = "fanout http://127.0.0.1:1 --server-pid 7";
        assert_eq!(told(line, 9.5, 8.9), [""; 0]);
        let idle = "the server was 94.9 % busy, not at least 95 %";
        assert_eq!(told(line, 9.49, 8.9), [idle]);
        let full = "the load was 90.0 % busy, not less than 90 %";
        assert_eq!(told(line, 9.49, 9.0), [full, idle]);
        let unknown = told("rooms http://127.0.0.1:1", 9.5, 1.0);
        assert_eq!(unknown, ["--server-pid was not given"]);
    }

    #[test]
    fn a_server_that_has_ended_is_named() {
        let mut outcome = outcome(9.9, 1.0);
        outcome.window.server = None;
        let plan = plan("latency http://127.0.0.1:1 --server-pid 7");
        let report = Report::new(&plan, outcome);
        assert_eq!(report.why_not, ["the server, process 7, has ended"]);
    }

    #[test]
    fn a_rate_does_not_need_a_busy_server() {
        assert_eq!(told("latency http://127.0.0.1:1", 1.0, 1.0), [""; 0]);
        assert_eq!(told("polling http://127.0.0.1:1", 1.0, 9.5).len(), 1);
    }

    #[test]
    fn what_was_found_speaks_against_it() {
        let mut outcome = outcome(9.9, 1.0);
        outcome.findings.lost = 3;
        outcome.cuts.reading = 2;
        let plan = plan("fanout http://127.0.0.1:1 --server-pid 7");
        let report = Report::new(&plan, outcome);
        assert!(!report.counts);
        assert_eq!(
            report.why_not,
            ["3 messages were lost", "2 clients were cut"]
        );
    }
}
