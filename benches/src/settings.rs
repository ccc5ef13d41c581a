//! How long everything is measured, and on which messages.

use std::time::Duration;

use criterion::Criterion;

/// Short enough that all benchmarks together stay below five minutes, long enough that two runs agree within a few per cent.
#[must_use]
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .sample_size(30)
        .configure_from_args()
}

/// A message that is short, one as people write them in a chat, and one that is long.
pub const SIZES: [usize; 3] = [16, 200, 16 * 1024];

/// Text of `len` bytes as people write it: ASCII with a character of two bytes here and there.
#[must_use]
pub fn text(len: usize) -> String {
    let mut text: String = "see you at the café at seven, bring the others "
        .chars()
        .cycle()
        .take(len)
        .collect();
    while text.len() > len {
        text.pop();
    }
    text.extend(std::iter::repeat_n('.', len - text.len()));
    text
}

/// `len` bytes that are not text.
#[must_use]
pub fn binary(len: usize) -> Vec<u8> {
    (0..=u8::MAX).rev().cycle().take(len).collect()
}
