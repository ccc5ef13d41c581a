//! What a token has to fulfil.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use serde_json::{Map, Value};

use super::credentials::{Credentials, Source};
use super::identity::{Identity, Standing};
use super::key::{Key, KeyError};
use super::refusal::{Reason, Refusal};
use super::session::is_session_token;
use crate::config::AuthPolicy;
use crate::ids::{GUEST_PREFIX, MAX_ID, UserId};
use crate::time::Timestamp;

/// Keys, and what a token has to fulfil beside being signed with one of them.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) policy: AuthPolicy,
    pub(super) keys: Vec<Key>,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) issuers: Vec<String>,
    pub(super) audiences: Vec<String>,
    pub(super) user_claim: String,
    pub(super) cookie: String,
    pub(super) origins: Vec<String>,
    pub(super) leeway: u64,
}

impl Rules {
    /// No keys yet; `sub` names the user, `access_token_cookie` is the cookie.
    pub(super) fn new(policy: AuthPolicy) -> Self {
        use Algorithm::{
            ES256, ES384, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512, RS256, RS384, RS512,
        };
        Self {
            policy,
            keys: Vec::new(),
            algorithms: vec![
                HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA,
            ],
            issuers: Vec::new(),
            audiences: Vec::new(),
            user_claim: "sub".to_owned(),
            cookie: "access_token_cookie".to_owned(),
            origins: Vec::new(),
            leeway: 0,
        }
    }

    /// Whether every algorithm has a key, and every lone key an algorithm. In a set, which somebody else renews, there may be a
    /// key for it tomorrow.
    pub(super) fn check(&self) -> Result<(), KeyError> {
        let alone = |algorithm: &&Algorithm| !self.keys.iter().any(|key| key.serves(**algorithm));
        let no_set = !self.keys.iter().any(|key| key.is_shared);
        if let Some(algorithm) = self.algorithms.iter().find(alone).filter(|_| no_set) {
            return Err(KeyError::NoKey(format!("{algorithm:?}")));
        }
        let serves = |key: &Key| {
            self.algorithms
                .iter()
                .any(|algorithm| key.serves(*algorithm))
        };
        match self.keys.iter().find(|key| !key.is_shared && !serves(key)) {
            Some(key) => Err(KeyError::LeftOut(key.family())),
            None => Ok(()),
        }
    }

    /// The token that counts, and where it came from.
    pub(super) fn token<'a>(&self, credentials: &Credentials<'a>) -> Option<(Source, &'a str)> {
        credentials.token(&self.cookie, &self.origins)
    }

    /// Who is speaking, as far as tokens say that others made.
    pub(super) fn identify(&self, credentials: &Credentials<'_>) -> Result<Identity, Refusal> {
        let open = self.policy == AuthPolicy::Open;
        match self.token(credentials) {
            None if open => Ok(Identity::guest()),
            None => Err(Reason::Missing.into()),
            Some((source, token)) => match self.verify(token) {
                // A browser sends its cookie whether it is stale or not; nobody chose to speak with it.
                Err(_) if open && source == Source::Cookie => Ok(Identity::guest()),
                verdict => verdict.map_err(Refusal::from),
            },
        }
    }

    /// Reads a token.
    pub(super) fn verify(&self, token: &str) -> Result<Identity, Reason> {
        if is_session_token(token) {
            return Err(Reason::UnknownSession);
        }
        let header = decode_header(token).map_err(|_| Reason::Malformed)?;
        if !self.algorithms.contains(&header.alg) {
            return Err(Reason::Signature);
        }
        let mut verdict = Err(Reason::Signature);
        for key in self.keys.iter().filter(|key| key.fits(&header)) {
            verdict = self.verify_with(token, key, &header);
            if !matches!(verdict, Err(Reason::Signature)) {
                break;
            }
        }
        self.identity(&verdict?)
    }

    fn verify_with(
        &self,
        token: &str,
        key: &Key,
        header: &Header,
    ) -> Result<Map<String, Value>, Reason> {
        let mut rules = Validation::new(header.alg);
        rules.leeway = self.leeway;
        rules.validate_nbf = true;
        rules.validate_aud = !self.audiences.is_empty();
        rules.required_spec_claims.clear();
        if !self.audiences.is_empty() {
            rules.set_audience(&self.audiences);
            rules.required_spec_claims.insert("aud".to_owned());
        }
        if !self.issuers.is_empty() {
            rules.set_issuer(&self.issuers);
            rules.required_spec_claims.insert("iss".to_owned());
        }
        let data = decode::<Map<String, Value>>(token, &key.key, &rules)
            .map_err(|error| reason(error.kind()))?;
        Ok(data.claims)
    }

    fn identity(&self, claims: &Map<String, Value>) -> Result<Identity, Reason> {
        let user = claims
            .get(&self.user_claim)
            .and_then(user_id)
            .ok_or(Reason::Malformed)?;
        let text = |claim: &str| {
            claims
                .get(claim)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let username = text("username");
        let name = username
            .or_else(|| text("name"))
            .or_else(|| text("preferred_username"));
        let expires_at = claims.get("exp").and_then(Value::as_f64);
        let shown = text("name").or(name).unwrap_or(user.as_str()).to_owned();
        Ok(Identity {
            name: shown,
            username: Some(name.unwrap_or(user.as_str()).to_owned()),
            standing: Standing::Known,
            expires_at: expires_at.map(|seconds| expiry(seconds + self.leeway as f64)),
            user,
        })
    }
}

/// `exp` counts seconds, with or without a fraction; `as` saturates, which is what a huge value should do.
#[expect(clippy::cast_possible_truncation, reason = "saturates")]
fn expiry(seconds: f64) -> Timestamp {
    Timestamp::from_millis((seconds * 1000.0) as i64)
}

/// A user id from a claim: a text of at most [`MAX_ID`] bytes or a whole number. One that looks like a guest's would impersonate
/// guests, and is none.
#[must_use]
pub fn user_id(claim: &Value) -> Option<UserId> {
    let id = match claim {
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_i64()
            .map(|n| n.to_string())
            .or_else(|| number.as_u64().map(|n| n.to_string()))?,
        _ => return None,
    };
    let fits = !id.is_empty() && id.len() <= MAX_ID && !id.starts_with(GUEST_PREFIX);
    fits.then(|| UserId::from(id))
}

fn reason(kind: &ErrorKind) -> Reason {
    match kind {
        // A key of the right family and the wrong curve is not the one that signed.
        ErrorKind::InvalidSignature
        | ErrorKind::InvalidAlgorithm
        | ErrorKind::UnsupportedAlgorithm
        | ErrorKind::InvalidEcdsaKey
        | ErrorKind::InvalidEddsaKey
        | ErrorKind::InvalidRsaKey(_)
        | ErrorKind::InvalidKeyFormat => Reason::Signature,
        ErrorKind::ExpiredSignature => Reason::Expired,
        ErrorKind::ImmatureSignature => Reason::NotYetValid,
        ErrorKind::InvalidAudience => Reason::Audience,
        ErrorKind::InvalidIssuer => Reason::Issuer,
        ErrorKind::MissingRequiredClaim(claim) if claim == "aud" => Reason::Audience,
        ErrorKind::MissingRequiredClaim(claim) if claim == "iss" => Reason::Issuer,
        _ => Reason::Malformed,
    }
}
