//! The server takes the token, or needs none.

use chat::Timestamp;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use super::super::paint::tame;
use super::super::span::Span;
use super::super::wire::{Verdict, WireError};
use super::check::{Check, Finding};
use super::patient::Patient;
use super::{advice, talk};

const NAME: &str = "auth";

/// How much of what a server says is shown.
const SHOWN: usize = 120;

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    if !patient.polls && !patient.streams {
        return Check::skip(NAME, "needs a transport");
    }
    let token = patient.args.token.as_deref();
    let verdict = talk::anyhow(patient, token).await;
    let namespace = patient.namespace();
    match (verdict, token) {
        (Ok(Verdict::Connected(_)), None) => {
            Check::ok(NAME, format!("{namespace} is open without a token"))
        }
        (Ok(Verdict::Connected(_)), Some(token)) => {
            let ends = claims(token).and_then(|claims| expiry(&claims));
            let ends = ends.map(|at| format!(", until {at}")).unwrap_or_default();
            Check::ok(NAME, format!("{namespace} takes the token{ends}"))
        }
        (Ok(Verdict::Refused { message, data }), None)
            if word(&data) == Some("missing") || asks_for_token(&message) =>
        {
            Check::skip(
                NAME,
                format!(
                    "{namespace} wants a token: give --token ({})",
                    tame(&message, SHOWN)
                ),
            )
        }
        (Ok(Verdict::Refused { message, data }), token) => {
            Check::fail(NAME, refused(&message, &data, token))
        }
        (Err(error), _) => Check::fail(NAME, broken(&error, patient)),
    }
}

fn broken(error: &WireError, patient: &Patient<'_>) -> Finding {
    advice::no_session(error, &patient.dialer)
}

/// The word that Roomcast gives with a refusal.
fn word(data: &Value) -> Option<&str> {
    data.get("reason")?.as_str()
}

fn asks_for_token(message: &str) -> bool {
    let message = message.to_lowercase();
    ["token", "auth", "unauthorized"]
        .iter()
        .any(|word| message.contains(word))
}

fn refused(message: &str, data: &Value, token: Option<&str>) -> Finding {
    let said = tame(message, SHOWN);
    if said == "Invalid namespace" {
        return Finding::new(
            "the namespace does not exist",
            "correct the path in the URL: it is the namespace, not the path of requests",
        );
    }
    let claims = token.and_then(claims);
    let reason = word(data).or_else(|| guess(claims.as_ref()));
    match reason {
        Some("expired") => expired(claims.as_ref(), &said),
        Some("signature") => Finding::new(
            format!(
                "the token is signed with another secret or key than the server verifies with ({said})"
            ),
            "give both the same: ROOMCAST_JWT_SECRET of the server is what the application signs with; line breaks count",
        ),
        Some("not_yet_valid") => Finding::new(
            format!("the token is not valid yet: its `nbf` is in the future ({said})"),
            "set the clocks of the server and of who signs by NTP",
        ),
        Some(claim @ ("audience" | "issuer")) => Finding::new(
            format!("the token has another {claim} than the server wants ({said})"),
            "compare `aud` and `iss` of the token with the settings of the server",
        ),
        Some("malformed") => Finding::new(
            format!("the token is no JWT, or its `sub` is no user id ({said})"),
            "give the whole token and nothing else, without `Bearer`; `sub` is a text or a whole number",
        ),
        Some("unknown_session") => Finding::new(
            format!("the session token is not known there, or not any more ({said})"),
            "acquire a new one with POST /api/session/acquire at this server",
        ),
        _ => Finding::new(
            format!("the server refuses the namespace: {said}"),
            "look into its log; `connect_error` of clients has the same text",
        ),
    }
}

/// What is wrong with a token for everybody, whatever the server says.
fn guess(claims: Option<&Value>) -> Option<&'static str> {
    let past = expiry(claims?)? <= Timestamp::now();
    past.then_some("expired")
}

fn expired(claims: Option<&Value>, said: &str) -> Finding {
    let ago = claims
        .and_then(expiry)
        .map(|at| Span(Timestamp::now().since(at)));
    let when = ago.map(|ago| format!(" {ago} ago")).unwrap_or_default();
    Finding::new(
        format!("the token has expired{when} ({said})"),
        "get a new one; clients that give `auth` as a function send a fresh one with every reconnect",
    )
}

/// What a JWT says, unverified.
fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    let payload = BASE64URL_NOPAD
        .decode(payload.trim_end_matches('=').as_bytes())
        .ok()?;
    serde_json::from_slice(&payload).ok()
}

fn expiry(claims: &Value) -> Option<Timestamp> {
    let exp = claims.get("exp")?;
    exp.as_u64()
        .or_else(|| exp.as_f64().map(|exp| exp as u64))
        .map(Timestamp::from_seconds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `{"exp":1000}` between two parts that do not matter.
    const OLD: &str = "e30.eyJleHAiOjEwMDB9.x";

    #[test]
    fn every_reason_names_its_cause() {
        for (reason, cause) in [
            ("expired", "has expired"),
            ("signature", "another secret"),
            ("not_yet_valid", "not valid yet"),
            ("audience", "another audience"),
            ("malformed", "no JWT"),
            ("unknown_session", "session token"),
        ] {
            let finding = refused("no", &json!({ "reason": reason }), Some("x"));
            assert!(finding.cause.contains(cause), "{reason}: {}", finding.cause);
        }
    }

    #[test]
    fn an_expired_token_is_recognized_when_the_server_does_not_say_why() {
        let finding = refused("Unauthorized", &Value::Null, Some(OLD));
        assert!(finding.cause.contains("has expired"), "{}", finding.cause);
        let other = refused("Unauthorized", &Value::Null, Some("opaque"));
        assert!(
            other.cause.contains("refuses the namespace: Unauthorized"),
            "{}",
            other.cause
        );
    }
}
