//! A report for people.

use std::fmt;

use super::latency::Summary;
use super::report::{Report, Server};
use super::verdict::percent;

/// A report as lines of text.
#[derive(Debug)]
pub(super) struct Table<'a>(pub(super) &'a Report);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let scenario = format!("{:?}", report.scenario).to_lowercase();
        writeln!(f, "{scenario}  {}  {}", report.url, report.transport)?;
        let mut row = |name: &str, value: String| writeln!(f, "  {name:<14}{value}");
        row("clients", clients(report))?;
        if report.messages > 0 {
            row("messages", messages(report))?;
        }
        row(
            "deliveries",
            format!(
                "{}, {}/s",
                grouped(report.deliveries as f64),
                grouped(report.deliveries_per_second)
            ),
        )?;
        row("checked", checked(report))?;
        if let Some(took) = &report.latency_us {
            row("latency", latency(took))?;
        }
        if let Some(server) = &report.server {
            row("server", cpu(server))?;
            row("memory", memory(server))?;
        }
        row("load", load(report))?;
        match report.counts {
            true => row("counts", "yes".to_owned()),
            false => row("counts", format!("NO: {}", report.why_not.join("; "))),
        }
    }
}

fn messages(report: &Report) -> String {
    let of = match report.rate {
        Some(rate) => format!("{rate} a second"),
        None => format!("{} in flight", report.in_flight),
    };
    let count = grouped(report.messages as f64);
    let (size, seconds) = (report.size, report.seconds);
    format!("{count} of {size} bytes, {of}, in {seconds:.1} s")
}

fn checked(report: &Report) -> String {
    let Report {
        lost,
        duplicated,
        reordered,
        damaged,
        ..
    } = report;
    format!("{lost} lost, {duplicated} twice, {reordered} out of order, {damaged} damaged")
}

fn latency(took: &Summary) -> String {
    let Summary {
        p50,
        p90,
        p99,
        p999,
        max,
    } = *took;
    let [p50, p90, p99, p999, max] = [p50, p90, p99, p999, max].map(time);
    format!("p50 {p50}  p90 {p90}  p99 {p99}  p99.9 {p999}  max {max}")
}

fn clients(report: &Report) -> String {
    let mut text = grouped(report.clients as f64);
    if report.rooms > 1 {
        text += &format!(" in {} rooms", report.rooms);
    }
    if report.stalled > 0 {
        let (stalled, cut) = (report.stalled, report.stalled_cut);
        text += &format!(", {stalled} did not read, of which {cut} were cut");
    }
    if report.cut > 0 {
        let reason = report.first_cut.as_deref().unwrap_or("no reason");
        text += &format!(", {} CUT (the first: {reason})", report.cut);
    }
    text
}

fn cpu(server: &Server) -> String {
    let mut text = format!("pid {}, {} busy", server.pid, percent(server.busy));
    if let Some((all, user)) = server.cpu_us_per_delivery.zip(server.user_us_per_delivery) {
        text += &format!(", {all:.2} µs a delivery ({user:.2} user)");
    }
    if let Some(connect) = server.cpu_us_per_connect {
        text += &format!(", {connect:.0} µs a connect");
    }
    text
}

fn memory(server: &Server) -> String {
    let bytes = |bytes: Option<u64>| match bytes {
        Some(bytes) => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
        None => "not read".to_owned(),
    };
    let mut text = format!(
        "{} before, {} with clients",
        bytes(server.rss_before),
        bytes(server.rss_after)
    );
    if let Some(one) = server.bytes_per_client {
        text += &format!(" ({:.2} KiB each)", one / 1024.0);
    }
    if server.rss_after_disconnect.is_some() {
        text += &format!(", {} after them", bytes(server.rss_after_disconnect));
    }
    text
}

fn load(report: &Report) -> String {
    let mut text = format!("{} busy", percent(report.load.busy));
    let load = &report.load;
    if let Some((all, user)) = load.cpu_us_per_delivery.zip(load.user_us_per_delivery) {
        text += &format!(", {all:.2} µs a delivery ({user:.2} user)");
    }
    text
}

/// Microseconds, in the unit that suits them.
fn time(micros: f64) -> String {
    match micros {
        us if us < 1e3 => format!("{us:.0} µs"),
        us if us < 1e6 => format!("{:.2} ms", us / 1e3),
        us => format!("{:.2} s", us / 1e6),
    }
}

/// A whole number with commas.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{outcome, plan};
    use super::*;

    #[test]
    fn a_table_says_what_counts_and_what_does_not() {
        let plan = plan("fanout http://127.0.0.1:1 --server-pid 7");
        let table = Table(&Report::new(&plan, outcome(9.8, 5.0))).to_string();
        for part in ["1,000,000, 100,000/s", "1.95 KiB each", "counts        yes"] {
            assert!(table.contains(part), "{part} in {table}");
        }
        let table = Table(&Report::new(&plan, outcome(9.8, 9.4))).to_string();
        let reason = "counts        NO: the load was 94.0 % busy, not less than 90 %";
        assert!(table.contains(reason), "{table}");
    }

    #[test]
    fn numbers_are_grouped_and_times_have_units() {
        let numbers = [0.0, 999.0, 1_000.0, 1_234_567.4].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567"]);
        let times = [12.3, 1_234.0, 2_500_000.0].map(time);
        assert_eq!(times, ["12 µs", "1.23 ms", "2.50 s"]);
    }
}
