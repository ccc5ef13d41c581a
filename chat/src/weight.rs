//! What messages weigh on the wire, whatever the vocabulary: what one socket is given at once has to fit into its queue.

use crate::model::Message;

/// A socket that has more than a megabyte waiting is cut. A history goes out twice, as an event and in the ack, and
/// the list of who is there beside it.
pub(crate) const MOST_AT_ONCE: usize = 384 * 1024;

/// Ids, names, a time and the punctuation around the text.
const AROUND: usize = 512;

/// How many of these, beginning with the first, weigh no more than [`MOST_AT_ONCE`]. One always does.
pub(crate) fn fitting<'a>(messages: impl Iterator<Item = &'a Message>) -> usize {
    let weights = messages.map(|message| AROUND + written(&message.body));
    let sums = weights.scan(0_usize, |sum, weight| {
        *sum += weight;
        Some(*sum)
    });
    let fitting = sums.take_while(|sum| *sum <= MOST_AT_ONCE).count();
    fitting.max(1)
}

/// The bytes of a text in JSON, without the quotes.
fn written(text: &str) -> usize {
    let bytes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..=0x1f => 6,
        _ => 1,
    });
    bytes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_weighs_what_it_takes_in_json() {
        let text: String = (0..0x300).filter_map(char::from_u32).collect();
        let json = serde_json::to_string(&text).expect("a text");
        assert_eq!(written(&text) + 2, json.len());
    }
}
