//! Durations in words: `90s`, `15m`, `1h`, `30d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A duration as people write it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span(pub(super) Duration);

impl FromStr for Span {
    type Err = humantime::DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        humantime::parse_duration(text).map(Self)
    }
}

/// The two largest units of it: `1 h 30 min`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
        match (days, hours, minutes, seconds % 60) {
            (0, 0, 0, seconds) => write!(f, "{seconds} s"),
            (0, 0, minutes, 0) => write!(f, "{minutes} min"),
            (0, 0, minutes, seconds) => write!(f, "{minutes} min {seconds} s"),
            (0, hours, 0, _) => write!(f, "{hours} h"),
            (0, hours, minutes, _) => write!(f, "{hours} h {minutes} min"),
            (days, 0, ..) => write!(f, "{days} d"),
            (days, hours, ..) => write!(f, "{days} d {hours} h"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown_in_words() {
        for (text, millis, shown) in [
            ("250ms", 250, "0 s"),
            ("90s", 90_000, "1 min 30 s"),
            ("15m", 900_000, "15 min"),
            ("1h", 3_600_000, "1 h"),
            ("25h", 90_000_000, "1 d 1 h"),
            ("30d", 2_592_000_000, "30 d"),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(
                (span.0.as_millis(), span.to_string()),
                (millis, shown.to_owned())
            );
        }
        for wrong in ["", "1", "h", "-1s", "soon"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }
}
