//! What tokens are verified with.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chat::AuthPolicy;
use chat::auth::{KeyError, Verifier};

use super::{Auth, Secret, Settings};

/// Keys, and what a token has to fulfil.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keys {
    /// The shared secret that tokens are signed with.
    pub secret: Option<Secret>,
    /// Files with public keys.
    pub public_keys: Vec<PathBuf>,
    /// A file with a JSON Web Key Set.
    pub set: Option<PathBuf>,
    /// The algorithms that count; all of them when missing.
    pub algorithms: Option<Vec<String>>,
    /// `iss` has to be one of these, unless there are none.
    pub issuers: Vec<String>,
    /// `aud` has to name one of these, unless there are none.
    pub audiences: Vec<String>,
    /// The claim that names the user.
    pub user_claim: String,
    /// The cookie that may hold the token.
    pub cookie: String,
    /// How far clocks may differ, in seconds.
    pub leeway: u64,
}

/// A key that cannot be used. The texts are for the person who wrote the setting.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// A file that cannot be read.
    #[error("cannot read {what} from {}: {cause}", .path.display())]
    File {
        /// What should be in it.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// A file without a key of the right kind.
    #[error("{}: {cause}", .path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: KeyError,
    },
    /// An algorithm that cannot be verified, or that does not go with the keys.
    #[error("auth.algorithms: {0}")]
    Algorithm(KeyError),
}

impl Keys {
    pub(super) fn resolve(settings: &Settings) -> Self {
        let texts = |key| settings.find(key).unwrap_or_default();
        Self {
            secret: settings.find("auth.jwt_secret"),
            public_keys: settings.find("auth.jwt_public_keys").unwrap_or_default(),
            set: settings.find("auth.jwks"),
            algorithms: settings.find("auth.algorithms"),
            issuers: texts("auth.issuers"),
            audiences: texts("auth.audiences"),
            user_claim: settings.get("auth.user_claim"),
            cookie: settings.get("auth.cookie"),
            leeway: settings.get::<Duration>("auth.leeway").as_secs(),
        }
    }

    /// Whether there is nothing to verify with.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.secret.is_none() && self.public_keys.is_empty() && self.set.is_none()
    }

    /// Reads the files and makes what verifies tokens. Pages of `origins` may use the cookie.
    ///
    /// # Errors
    /// When a file cannot be read, or has no key.
    pub fn verifier(&self, auth: Auth, origins: Vec<String>) -> Result<Verifier, KeysError> {
        let policy = match auth {
            Auth::Open => AuthPolicy::Open,
            Auth::Required => AuthPolicy::Required,
        };
        let mut verifier = Verifier::new(policy)
            .origins(origins)
            .issuers(self.issuers.clone())
            .audiences(self.audiences.clone())
            .user_claim(&*self.user_claim)
            .cookie(&*self.cookie)
            .leeway(self.leeway);
        if let Some(secret) = &self.secret {
            verifier = verifier.secret(secret.expose());
        }
        for path in &self.public_keys {
            let pem = read("a public key", path)?;
            verifier = verifier
                .pem(pem.as_bytes())
                .map_err(|cause| wrong(path, cause))?;
        }
        if let Some(path) = &self.set {
            let set = read("a key set", path)?;
            verifier = verifier.key_set(&set).map_err(|cause| wrong(path, cause))?;
        }
        match &self.algorithms {
            Some(names) => verifier
                .algorithms(names)
                .and_then(Verifier::fitting)
                .map_err(KeysError::Algorithm),
            None => Ok(verifier),
        }
    }
}

fn read(what: &'static str, path: &Path) -> Result<String, KeysError> {
    fs::read_to_string(path).map_err(|cause| KeysError::File {
        what,
        path: path.to_owned(),
        cause,
    })
}

fn wrong(path: &Path, cause: KeyError) -> KeysError {
    let path = path.to_owned();
    KeysError::Key { path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(pairs: &[(&str, &str)]) -> Result<(), String> {
        let pairs = pairs.iter();
        let settings = pairs.fold(Settings::default(), |all, (key, text)| all.with(key, text));
        let verifier = Keys::resolve(&settings).verifier(Auth::Required, Vec::new());
        verifier.map(|_| ()).map_err(|error| error.to_string())
    }

    #[test]
    fn algorithms_go_with_the_keys() {
        const SECRET: (&str, &str) = ("auth.jwt_secret", "s");
        let algorithms = |words| verdict(&[SECRET, ("auth.algorithms", words)]);
        assert_eq!(verdict(&[SECRET]), Ok(()));
        assert_eq!(algorithms("HS256"), Ok(()));
        let rs = "auth.algorithms: RS256 fits none of the keys".to_owned();
        assert_eq!(algorithms("RS256"), Err(rs.clone()));
        assert_eq!(algorithms("HS256,RS256"), Err(rs.clone()));
        assert_eq!(verdict(&[("auth.algorithms", "RS256")]), Err(rs));
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../chat/src/auth/fixtures/ed25519.pub.pem"
        );
        let both = |words| {
            let key = ("auth.jwt_public_keys", file);
            verdict(&[SECRET, key, ("auth.algorithms", words)])
        };
        assert_eq!(both("HS256,EdDSA"), Ok(()));
        let left_out = "auth.algorithms: no algorithm fits the Ed25519 key, which needs EdDSA";
        assert_eq!(both("HS256"), Err(left_out.to_owned()));
        let left_out = "auth.algorithms: no algorithm fits the secret, which needs one of HS";
        assert_eq!(both("EdDSA"), Err(left_out.to_owned()));
    }
}
