//! The keys of this server and what a JWT has to fulfil.

use std::sync::Arc;

use parking_lot::RwLock;

use super::credentials::{Credentials, Source};
use super::identity::Identity;
use super::key::{Key, KeyError};
use super::refusal::{Reason, Refusal};
use super::rules::Rules;
use super::session::is_session_token;
use crate::config::AuthPolicy;

/// Verifies tokens. Without a key every token is refused. Its rules can be replaced while it is used.
#[derive(Debug)]
pub struct Verifier {
    /// Held for as long as a pointer is copied, or exchanged.
    rules: RwLock<Arc<Rules>>,
}

impl Verifier {
    /// No keys yet; `sub` names the user, `access_token_cookie` is the cookie.
    #[must_use]
    pub fn new(policy: AuthPolicy) -> Self {
        Self {
            rules: RwLock::new(Arc::new(Rules::new(policy))),
        }
    }

    /// Takes the rules of another verifier. Who has been let in stays.
    pub fn replace(&self, other: Self) {
        *self.rules.write() = other.rules.into_inner();
    }

    fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read())
    }

    /// Nobody else has them while it is made.
    fn changed(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        if let Some(rules) = Arc::get_mut(self.rules.get_mut()) {
            change(rules);
        }
        self
    }

    /// Adds a shared secret, for the HS algorithms.
    #[must_use]
    pub fn secret(self, secret: &[u8]) -> Self {
        self.changed(|rules| rules.keys.push(Key::secret(secret)))
    }

    /// Adds a public key: RSA for RS and PS, EC for ES, Ed25519 for EdDSA.
    pub fn pem(self, pem: &[u8]) -> Result<Self, KeyError> {
        let key = Key::pem(pem)?;
        Ok(self.changed(|rules| rules.keys.push(key)))
    }

    /// Adds the keys of a JSON Web Key Set. Keys of unknown kinds are left out, as RFC 7517 section 5 asks.
    pub fn key_set(self, json: &str) -> Result<Self, KeyError> {
        let keys = Key::set(json)?;
        Ok(self.changed(|rules| rules.keys.extend(keys)))
    }

    /// Accepts only these algorithms, by name.
    pub fn algorithms(self, names: &[impl AsRef<str>]) -> Result<Self, KeyError> {
        let parse = |name: &str| {
            name.parse()
                .map_err(|_| KeyError::Algorithm(name.to_owned()))
        };
        let names = names.iter().map(|name| parse(name.as_ref()));
        let algorithms = names.collect::<Result<_, _>>()?;
        Ok(self.changed(|rules| rules.algorithms = algorithms))
    }

    /// Holds the algorithms against the keys: each has to have a key, and every key that came alone one of them. Keys of a set,
    /// which others share and renew, may wait for an algorithm, and beside a set an algorithm for a key.
    ///
    /// # Errors
    /// The first algorithm or key that fits none.
    pub fn fitting(self) -> Result<Self, KeyError> {
        self.rules().check()?;
        Ok(self)
    }

    /// Requires `iss` to be one of these.
    #[must_use]
    pub fn issuers(self, issuers: Vec<String>) -> Self {
        self.changed(|rules| rules.issuers = issuers)
    }

    /// Requires `aud` to contain one of these.
    #[must_use]
    pub fn audiences(self, audiences: Vec<String>) -> Self {
        self.changed(|rules| rules.audiences = audiences)
    }

    /// The claim that names the user.
    #[must_use]
    pub fn user_claim(self, claim: impl Into<String>) -> Self {
        self.changed(|rules| rules.user_claim = claim.into())
    }

    /// The cookie that holds the token.
    #[must_use]
    pub fn cookie(self, name: impl Into<String>) -> Self {
        self.changed(|rules| rules.cookie = name.into())
    }

    /// Pages of these origins may use the cookie; the CORS list.
    #[must_use]
    pub fn origins(self, origins: Vec<String>) -> Self {
        self.changed(|rules| rules.origins = origins)
    }

    /// How far the clock of who made the token may be off, in seconds.
    #[must_use]
    pub fn leeway(self, seconds: u64) -> Self {
        self.changed(|rules| rules.leeway = seconds)
    }

    /// Whether there is a key to verify with.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        !self.rules().keys.is_empty()
    }

    /// Whether a token is required.
    #[must_use]
    pub fn policy(&self) -> AuthPolicy {
        self.rules().policy
    }

    /// The token that counts, and where it came from.
    #[must_use]
    pub fn token<'a>(&self, credentials: &Credentials<'a>) -> Option<(Source, &'a str)> {
        self.rules().token(credentials)
    }

    /// The same, if it is one of this server's own.
    #[must_use]
    pub fn session_token<'a>(&self, credentials: &Credentials<'a>) -> Option<(Source, &'a str)> {
        self.token(credentials)
            .filter(|(_, token)| is_session_token(token))
    }

    /// Who is speaking, as far as tokens say that others made.
    pub fn identify(&self, credentials: &Credentials<'_>) -> Result<Identity, Refusal> {
        self.rules().identify(credentials)
    }

    /// Reads a token.
    pub fn verify(&self, token: &str) -> Result<Identity, Reason> {
        self.rules().verify(token)
    }
}
