//! The clocks agree: a token that is signed here and verified there ends when both think so.

use std::time::{Duration, SystemTime};

use http::header::DATE;

use super::super::span::Span;
use super::super::wire::Answer;
use super::check::{Check, Finding};
use super::patient::Patient;

const NAME: &str = "clock";

/// The header has whole seconds, and networks take their time; beyond this tokens of a minute suffer.
const TOLERANCE: Duration = Duration::from_secs(10);

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    // A request that opens no session: every answer has the header.
    let target = patient.dialer.site().engine("EIO=4");
    let answer = match Answer::get(&target).send(&patient.dialer).await {
        Ok(answer) => answer,
        Err(error) => return Check::skip(NAME, error.to_string()),
    };
    let date = answer
        .header(DATE)
        .and_then(|date| httpdate::parse_http_date(date).ok());
    match date {
        // The answer was written about half of the time ago.
        Some(date) => judge(date, SystemTime::now() - answer.took / 2),
        None => Check::skip(NAME, "the answer has no header `Date`"),
    }
}

fn judge(theirs: SystemTime, ours: SystemTime) -> Check {
    let (skew, side) = match theirs.duration_since(ours) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    if skew <= TOLERANCE {
        return Check::ok(
            NAME,
            format!("within {} s of this machine", TOLERANCE.as_secs()),
        );
    }
    let cause = format!(
        "the clock of the server is {} {side} this one: tokens end at the wrong time",
        Span(skew)
    );
    Check::fail(
        NAME,
        Finding::new(cause, "set both by NTP (`timedatectl set-ntp true`)"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_off_by_seconds_and_not_by_minutes() {
        let now = SystemTime::now();
        assert!(!judge(now + Duration::from_secs(5), now).is_failure());
        assert!(!judge(now - Duration::from_secs(5), now).is_failure());
        let late = judge(now - Duration::from_secs(90), now);
        assert!(
            late.is_failure() && late.detail.contains("1 min 30 s behind"),
            "{}",
            late.detail
        );
        let early = judge(now + Duration::from_secs(3600), now);
        assert!(early.detail.contains("1 h ahead of"), "{}", early.detail);
    }
}
