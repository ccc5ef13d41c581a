//! The id of a session.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;

use crate::DecodeError;

/// How many characters an id has. The Redis adapters of the JavaScript side tell ids from room names by this length.
const LEN: usize = 20;

/// How much randomness fills them: six bits each.
const RANDOM: usize = 15;

/// How many characters [`Debug`] shows: enough to match two log lines, too few to guess the rest.
const SHOWN: usize = 4;

/// The id of a session: 20 characters of the URL-safe base64 alphabet.
///
/// **It is a secret.** Whoever knows it can read and write the session over polling, so `Debug` shows only its beginning.
///
/// ```
/// let sid = engineio::Sid::from_random([0xff; 15]);
/// assert_eq!(sid.as_str(), "____________________");
/// assert_eq!("____________________".parse(), Ok(sid));
/// assert_eq!(format!("{sid:?}"), "Sid(____…)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sid([u8; LEN]);

impl Sid {
    /// Makes an id of bytes that nobody can guess.
    #[must_use]
    pub fn from_random(random: [u8; RANDOM]) -> Self {
        let mut text = [0; LEN];
        BASE64URL_NOPAD.encode_mut(&random, &mut text);
        Self(text)
    }

    /// The id as the wire shows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }
}

impl FromStr for Sid {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let text: [u8; LEN] = text.as_bytes().try_into().map_err(|_| DecodeError::Sid)?;
        let valid = text
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if valid {
            Ok(Self(text))
        } else {
            Err(DecodeError::Sid)
        }
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Sid({}…)",
            self.as_str().get(..SHOWN).unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_twenty_url_safe_characters_are_an_id() {
        assert!("lv_VI97HAXpY6yYWAAAB".parse::<Sid>().is_ok());
        for text in [
            "",
            "lv_VI97HAXpY6yYWAAA",
            "lv_VI97HAXpY6yYWAAABC",
            "lv/VI97HAXpY6yYWAAAB",
            "éééééééééé",
        ] {
            assert_eq!(text.parse::<Sid>(), Err(DecodeError::Sid), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_id_reads_back(random: [u8; RANDOM]) {
            let sid = Sid::from_random(random);
            prop_assert_eq!(sid.to_string().parse(), Ok(sid));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{18,22}") {
            if let Ok(sid) = text.parse::<Sid>() {
                prop_assert_eq!(sid.as_str(), text);
            }
        }
    }
}
