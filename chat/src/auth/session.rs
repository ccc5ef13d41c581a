//! Sessions: tokens that this server makes, of which it only keeps a hash.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ids::UserId;
use crate::time::Timestamp;

/// The length of a token: 32 bytes in base64url.
const LENGTH: usize = 43;

/// What is kept of a token: it tells whether a token is the one, and nothing about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token. The token is random enough to need no salt.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    pub(crate) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A new token. No JWT has its shape.
pub(crate) fn random_token() -> String {
    // Two random UUIDs are 244 random bits of a generator that is fit for secrets.
    let halves = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()];
    BASE64URL_NOPAD.encode(halves.as_flattened())
}

/// Whether a token has the shape of ours.
pub(crate) fn is_session_token(token: &str) -> bool {
    token.len() == LENGTH
        && token
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What is kept of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// The hash of its token.
    pub hash: TokenHash,
    /// Whose it is; the id of a guest, when nobody was known.
    pub user: UserId,
    /// What its client said about itself, as JSON.
    pub metadata: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_shape_and_is_never_the_same() {
        let (one, other) = (random_token(), random_token());
        assert!(is_session_token(&one), "{one}");
        assert_ne!(one, other);
        assert_ne!(TokenHash::of(&one), TokenHash::of(&other));
        assert!(!is_session_token("eyJhbGciOiJIUzI1NiJ9.e30.x"));
    }
}
