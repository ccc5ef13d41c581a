//! Binary messages where only text can travel: polling bodies, and WebSocket clients that asked for it.

use std::sync::LazyLock;

use bytes::Bytes;
use data_encoding::{BASE64, Encoding, Specification};

use crate::DecodeError;

/// How many `=` can end a base64 text.
const MAX_PADDING: usize = 2;

/// Both alphabets, no padding, spare bits ignored.
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut rules = Specification::new();
    rules
        .symbols
        .push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    rules.translate.from.push_str("-_");
    rules.translate.to.push_str("+/");
    rules.check_trailing_bits = false;
    rules.encoding().expect("the rules are constant and valid")
});

/// Appends `data` in the standard alphabet, with padding.
pub(crate) fn encode(data: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + BASE64.encode_len(data.len()), 0);
    if let Some(text) = out.get_mut(start..) {
        BASE64.encode_mut(data, text);
    }
}

/// The length that [`encode`] appends.
pub(crate) fn encoded_len(data: &[u8]) -> usize {
    BASE64.encode_len(data.len())
}

/// Reads the standard or the URL-safe alphabet, even mixed, with or without padding.
///
/// As lenient as the reference in what it takes for granted of an encoder, and stricter in one thing: the reference skips characters
/// outside both alphabets, which would hand garbage to the application; here they are an error.
pub(crate) fn decode(text: &str) -> Result<Bytes, DecodeError> {
    let text = text.as_bytes();
    let padding = text
        .iter()
        .rev()
        .take(MAX_PADDING)
        .take_while(|&&byte| byte == b'=')
        .count();
    let unpadded = text.get(..text.len() - padding).unwrap_or_default();
    let data = LENIENT.decode(unpadded).map_err(|_| DecodeError::Base64)?;
    Ok(data.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_and_missing_padding_are_read() {
        for text in ["+/+/", "-_-_", "+_-/"] {
            assert_eq!(
                decode(text),
                Ok(Bytes::from_static(&[0xfb, 0xff, 0xbf])),
                "{text}"
            );
        }
        for text in ["AQ==", "AQ=", "AQ", "AR"] {
            assert_eq!(decode(text), Ok(Bytes::from_static(&[1])), "{text}");
        }
        assert_eq!(decode(""), Ok(Bytes::new()));
    }

    #[test]
    fn junk_is_an_error() {
        for text in [
            "A", "AQ===", "A=Q=", "AQ ID", "AQID\n", "é", "====", "=A", "AQIDB",
        ] {
            assert_eq!(decode(text), Err(DecodeError::Base64), "{text:?}");
        }
    }

    #[test]
    fn the_announced_length_is_the_encoded_length() {
        for len in 0..10 {
            let data = vec![0xff; len];
            let mut out = b"b".to_vec();
            encode(&data, &mut out);
            assert_eq!(out.len(), 1 + encoded_len(&data));
        }
    }
}
