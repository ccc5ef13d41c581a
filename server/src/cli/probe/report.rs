//! For people: one line for each step.

use super::super::paint::{Paint, Tone, tame};
use super::step::Step;

/// How much of an answer is shown.
const SHOWN: usize = 150;

/// The report.
pub(super) fn text(url: &str, vocabulary: &str, steps: &[Step]) -> String {
    let paint = Paint::stdout();
    let heading = format!("roomcast probe {url} ({vocabulary})");
    let mut text = format!("{}\n\n", paint.dye(Tone::Strong, &heading));
    for step in steps {
        text.push_str(&line(step, paint));
    }
    let passed = steps.iter().filter(|step| step.ok).count();
    let total: f64 = steps.iter().map(|step| step.took.as_secs_f64() * 1e3).sum();
    let sum = format!("{passed} of {} steps worked, in {total:.1} ms", steps.len());
    let tone = if passed == steps.len() {
        Tone::Good
    } else {
        Tone::Bad
    };
    text.push_str(&format!("\n{}\n", paint.dye(tone, &sum)));
    text
}

fn line(step: &Step, paint: Paint) -> String {
    let word = if step.ok {
        paint.dye(Tone::Good, "ok  ")
    } else {
        paint.dye(Tone::Bad, "FAIL")
    };
    let millis = step.took.as_secs_f64() * 1e3;
    let detail = tame(&step.detail, SHOWN);
    let detail = if step.ok {
        paint.dye(Tone::Faint, &detail)
    } else {
        detail
    };
    format!("  {word} {:<18} {millis:>8.1} ms  {detail}\n", step.name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_step_is_one_line_with_its_time() {
        let step = Step::new(
            "ping",
            Duration::from_micros(1250),
            Err("no answer\nwithin 5 s".to_owned()),
        );
        let line = line(&step, Paint::plain());
        assert_eq!(
            line,
            "  FAIL ping                    1.2 ms  no answer within 5 s\n"
        );
    }
}
