//! The place in a message where its number and its time are.
//!
//! ```text
//! ["msg","0000001700000000123456789xxxxxxxxx..."]
//!         ^ number  ^ nanoseconds    ^ filler
//! ```
//!
//! All servers write the array the same way, so the place is the same in every message and reading it costs a few instructions. One
//! that has spaces in it is read as JSON.

/// Digits of the number, and of the time.
const NUMBER: usize = 8;
const TIME: usize = 16;

/// The shortest message that has both.
pub(super) const LEN: usize = NUMBER + TIME;

/// What stands before the data in an event and in an ack, as every server of the comparison writes it.
pub(super) const EVENT: &[u8] = b"[\"msg\",\"";
pub(super) const ACK: &[u8] = b"[\"";

/// Which message it is, and when it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// From 0, in each room and for each client that echoes.
    pub(super) number: u32,
    /// Nanoseconds since the measurement began.
    pub(super) at: u64,
}

impl Mark {
    /// Writes data of `size` bytes.
    pub(super) fn encode(self, size: usize, out: &mut Vec<u8>) {
        let text = format!("{:0NUMBER$}{:0TIME$}", self.number, self.at);
        out.extend_from_slice(text.as_bytes());
        out.resize(out.len() + size.saturating_sub(LEN), b'x');
    }

    /// Reads the array of an event or an ack; `None` if it is none of ours, or if its data has another size.
    pub(super) fn decode(array: &[u8], before: &[u8], size: usize) -> Option<Self> {
        let usual = array
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(b"\"]"));
        match usual.filter(|data| data.len() == size) {
            Some(data) => Self::read(data),
            None => Self::decode_json(array, before, size),
        }
    }

    /// The same for an array that is written differently.
    #[cold]
    fn decode_json(array: &[u8], before: &[u8], size: usize) -> Option<Self> {
        let data = match before {
            EVENT => serde_json::from_slice::<[&str; 2]>(array)
                .ok()
                .filter(|[name, _]| *name == "msg")
                .map(|[_, data]| data),
            _ => serde_json::from_slice::<[&str; 1]>(array)
                .ok()
                .map(|[data]| data),
        };
        Self::read(data.filter(|data| data.len() == size)?.as_bytes())
    }

    fn read(data: &[u8]) -> Option<Self> {
        let (&number, rest) = data.split_first_chunk()?;
        let (&high, rest) = rest.split_first_chunk()?;
        let (&low, _) = rest.split_first_chunk()?;
        let at = u64::from(digits(high)?) * 100_000_000 + u64::from(digits(low)?);
        let number = digits(number)?;
        Some(Self { number, at })
    }
}

/// Eight decimal digits at once: neighbours are added as tens and ones, then pairs, then fours.
fn digits(text: [u8; 8]) -> Option<u32> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    /// Added to a digit it stays below `@`; to what follows `9`, it does not.
    const SIX: u64 = 0x0606_0606_0606_0606;
    let word = u64::from_le_bytes(text);
    if word & HIGH != ZEROS || word.wrapping_add(SIX) & HIGH != ZEROS {
        return None;
    }
    let ones = word & !HIGH;
    let pairs = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let eight = (fours * 10_000 + (fours >> 32)) & 0xffff_ffff;
    u32::try_from(eight).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn array(before: &[u8], mark: Mark, size: usize) -> Vec<u8> {
        let mut array = before.to_vec();
        mark.encode(size, &mut array);
        array.extend_from_slice(b"\"]");
        array
    }

    #[test]
    fn another_size_another_event_and_no_digits_are_not_ours() {
        let mark = Mark { number: 7, at: 9 };
        let good = array(EVENT, mark, 30);
        assert_eq!(Mark::decode(&good, EVENT, 30), Some(mark));
        assert_eq!(Mark::decode(&good, EVENT, 31), None);
        assert_eq!(Mark::decode(&good, ACK, 30), None);
        let text = String::from_utf8(good).unwrap();
        for (from, to) in [("msg", "nsg"), ("07", "0:"), ("07", "0/"), ("07", "0\u{0}")] {
            let bad = text.replacen(from, to, 1);
            assert_eq!(Mark::decode(bad.as_bytes(), EVENT, 30), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_mark_reads_back(number in 0_u32..100_000_000, at in 0_u64..10_000_000_000_000_000, size in LEN..100) {
            let mark = Mark { number, at };
            for before in [EVENT, ACK] {
                let array = array(before, mark, size);
                prop_assert_eq!(Mark::decode(&array, before, size), Some(mark));
                let spaced = String::from_utf8(array).unwrap().replace(',', " , ");
                prop_assert_eq!(Mark::decode(spaced.as_bytes(), before, size), Some(mark));
            }
        }

        #[test]
        fn digits_are_read_as_by_the_standard_library(text: [u8; 8]) {
            let expected = text.iter().all(u8::is_ascii_digit);
            let expected = expected.then(|| std::str::from_utf8(&text).unwrap().parse().unwrap());
            prop_assert_eq!(digits(text), expected);
        }
    }
}
