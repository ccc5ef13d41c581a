//! The keys that tokens are verified with.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Header};

/// A key that cannot be used.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A PEM file without a public RSA, EC or Ed25519 key.
    #[error("no public RSA, EC or Ed25519 key in the PEM text")]
    Pem,
    /// Not a JSON Web Key Set.
    #[error("not a JSON Web Key Set")]
    KeySet,
    /// An algorithm that is not supported.
    #[error("unknown algorithm {0}")]
    Algorithm(String),
    /// An algorithm that no key can be used with.
    #[error("{0} fits none of the keys")]
    NoKey(String),
    /// A key that none of the algorithms can be used with.
    #[error("no algorithm fits the {0}")]
    LeftOut(&'static str),
}

/// A key and what it may be used for.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    algorithm: Option<Algorithm>,
    /// From a set, which others use too.
    pub(super) is_shared: bool,
    pub(super) key: DecodingKey,
}

impl Key {
    /// A shared secret, for the HS algorithms.
    pub(super) fn secret(secret: &[u8]) -> Self {
        Self {
            id: None,
            algorithm: None,
            is_shared: false,
            key: DecodingKey::from_secret(secret),
        }
    }

    /// A public key: RSA for RS and PS, EC for ES, Ed25519 for EdDSA.
    pub(super) fn pem(pem: &[u8]) -> Result<Self, KeyError> {
        let key = DecodingKey::from_rsa_pem(pem)
            .or_else(|_| DecodingKey::from_ec_pem(pem))
            .or_else(|_| DecodingKey::from_ed_pem(pem))
            .map_err(|_| KeyError::Pem)?;
        Ok(Self {
            id: None,
            algorithm: None,
            is_shared: false,
            key,
        })
    }

    /// A JSON Web Key Set. Keys of unknown kinds are left out, as RFC 7517 section 5 asks.
    pub(super) fn set(json: &str) -> Result<Vec<Self>, KeyError> {
        let set: JwkSet = serde_json::from_str(json).map_err(|_| KeyError::KeySet)?;
        let usable = set.keys.iter().filter_map(|jwk| {
            let key = DecodingKey::from_jwk(jwk).ok()?;
            let algorithm = jwk
                .common
                .key_algorithm
                .and_then(|name| name.to_string().parse().ok());
            Some(Self {
                id: jwk.common.key_id.clone(),
                algorithm,
                is_shared: true,
                key,
            })
        });
        Ok(usable.collect())
    }

    /// A key set may name its keys and say what each is for; a lone key fits whatever it can verify.
    pub(super) fn fits(&self, header: &Header) -> bool {
        let named = match (&self.id, &header.kid) {
            (Some(own), Some(asked)) => own == asked,
            _ => true,
        };
        named && self.serves(header.alg)
    }

    /// Whether it can be used with this algorithm.
    pub(super) fn serves(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|own| own == algorithm) && self.key.family() == algorithm.family()
    }

    /// What kind of key it is, in words.
    pub(super) fn family(&self) -> &'static str {
        match self.key.family() {
            AlgorithmFamily::Hmac => "secret, which needs one of HS",
            AlgorithmFamily::Rsa => "RSA key, which needs one of RS or PS",
            AlgorithmFamily::Ec => "EC key, which needs one of ES",
            AlgorithmFamily::Ed => "Ed25519 key, which needs EdDSA",
        }
    }
}
