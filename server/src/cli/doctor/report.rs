//! For people: one line for each check.

use super::super::paint::{Paint, Tone};
use super::check::{Check, Status};

/// The report.
pub(super) fn text(url: &str, checks: &[Check]) -> String {
    let paint = Paint::stdout();
    let mut text = format!(
        "{}\n",
        paint.dye(Tone::Strong, &format!("roomcast doctor {url}"))
    );
    for check in checks {
        text.push_str(&line(check, paint));
    }
    let failed = checks.iter().filter(|check| check.is_failure()).count();
    let (tone, sum) = match failed {
        0 => (Tone::Good, "nothing failed".to_owned()),
        _ => (
            Tone::Bad,
            format!("{failed} of {} checks failed", checks.len()),
        ),
    };
    text.push_str(&format!("{}\n", paint.dye(tone, &sum)));
    text
}

fn line(check: &Check, paint: Paint) -> String {
    let (tone, word) = match check.status {
        Status::Ok => (Tone::Good, "ok  "),
        Status::Fail => (Tone::Bad, "FAIL"),
        Status::Skip => (Tone::Faint, "skip"),
    };
    let fix = check.fix.as_ref().map(|fix| format!(" - fix: {fix}"));
    let word = paint.dye(tone, word);
    format!(
        "{word} {:<10} {}{}\n",
        check.name,
        check.detail,
        fix.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::super::check::Finding;
    use super::*;

    #[test]
    fn a_check_is_one_line_with_cause_and_fix() {
        let check = Check::fail("reach", Finding::new("nothing listens", "start it"));
        let line = line(&check, Paint::plain());
        assert_eq!(line, "FAIL reach      nothing listens - fix: start it\n");
    }
}
