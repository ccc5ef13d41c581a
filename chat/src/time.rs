//! Moments, as the wire shows them.

use std::fmt;
use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};
use time::OffsetDateTime;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The system's clock now.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since the epoch, as `exp` of a token counts.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self((seconds as i64).saturating_mul(1000))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How long ago an earlier moment was; nothing if it was later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(if millis > 0 { millis as u64 } else { 0 })
    }

    /// RFC 3339 with milliseconds: `2024-01-01T12:00:00.000Z`.
    #[must_use]
    pub const fn with_millis(self) -> Millis {
        Millis(self)
    }

    /// Without `fmt`: every message says when it was written, several times.
    fn written(self) -> Written {
        let at = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000));
        let at = at.ok().filter(|at| (0..10_000).contains(&at.year()));
        let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let mut text = Written::default();
        text.put(0..4, at.year().unsigned_abs());
        text.put(5..7, u8::from(at.month()).into());
        text.put(8..10, at.day().into());
        text.put(11..13, at.hour().into());
        text.put(14..16, at.minute().into());
        text.put(17..19, at.second().into());
        text
    }
}

/// `2024-01-01T12:00:00.000Z`, or less of it.
struct Written {
    text: [u8; 24],
    len: usize,
}

impl Default for Written {
    fn default() -> Self {
        let text = *b"0000-00-00T00:00:00Z000Z";
        Self { text, len: 20 }
    }
}

impl Written {
    fn put(&mut self, place: Range<usize>, mut number: u32) {
        let digits = self.text.get_mut(place).unwrap_or_default();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }

    fn with_millis(mut self, millis: u32) -> Self {
        self.text[19] = b'.';
        self.put(20..23, millis);
        self.len = self.text.len();
        self
    }

    /// Digits and punctuation: ASCII.
    fn as_str(&self) -> &str {
        let text = self.text.get(..self.len).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    }
}

/// RFC 3339 without a fraction: `2024-01-01T12:00:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written().as_str())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written().as_str())
    }
}

/// A [`Timestamp`] that shows its milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Millis(Timestamp);

impl Millis {
    fn written(self) -> Written {
        let millis = self.0.0.rem_euclid(1000);
        self.0.written().with_millis(millis.unsigned_abs() as u32)
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written().as_str())
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_in_utc() {
        let noon = Timestamp::from_millis(1_704_110_400_007);
        assert_eq!(noon.to_string(), "2024-01-01T12:00:00Z");
        assert_eq!(noon.with_millis().to_string(), "2024-01-01T12:00:00.007Z");
        assert_eq!(
            Timestamp::from_millis(-1).with_millis().to_string(),
            "1969-12-31T23:59:59.999Z"
        );
        assert_eq!(
            Timestamp::from_seconds(u64::MAX).to_string(),
            "1969-12-31T23:59:59Z"
        );
        let late = Timestamp::from_seconds(253_402_300_799);
        assert_eq!(late.to_string(), "9999-12-31T23:59:59Z");
        let json = serde_json::to_string(&(noon, noon.with_millis()));
        let expected = r#"["2024-01-01T12:00:00Z","2024-01-01T12:00:00.007Z"]"#;
        assert_eq!(json.ok().as_deref(), Some(expected));
    }
}
