//! Signing tokens, for those who have the secret and no application yet.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Map, Value};

use super::key::KeyError;

/// Signs claims with a shared secret, by one of the HS algorithms.
///
/// # Errors
/// When the algorithm does not exist, or takes no shared secret.
pub fn sign(
    algorithm: &str,
    claims: &Map<String, Value>,
    secret: &[u8],
) -> Result<String, KeyError> {
    let unknown = || KeyError::Algorithm(algorithm.to_owned());
    let known: Algorithm = algorithm.parse().map_err(|_| unknown())?;
    if !algorithm.starts_with("HS") {
        return Err(unknown());
    }
    let key = EncodingKey::from_secret(secret);
    encode(&Header::new(known), claims, &key).map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::Verifier;
    use crate::config::AuthPolicy;

    #[test]
    fn what_is_signed_here_is_believed_here() {
        let claims = json!({"sub": "7", "name": "Ada"});
        let claims = claims.as_object().expect("an object");
        let verifier = Verifier::new(AuthPolicy::Required).secret(b"secret");
        for algorithm in ["HS256", "HS384", "HS512"] {
            let token = sign(algorithm, claims, b"secret").expect("signed");
            let identity = verifier.verify(&token).expect("believed");
            assert_eq!(
                (identity.user.as_str(), identity.name.as_str()),
                ("7", "Ada")
            );
        }
        for algorithm in ["none", "RS256", ""] {
            assert!(
                matches!(
                    sign(algorithm, claims, b"secret"),
                    Err(KeyError::Algorithm(_))
                ),
                "{algorithm}"
            );
        }
    }
}
