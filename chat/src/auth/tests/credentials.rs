//! Where tokens come from, and what becomes of somebody with or without one.

use serde_json::json;

use super::SECRET;
use super::{hs256, verifier};
use crate::auth::{Credentials, Reason, Refusal, Source, Verifier};
use crate::config::AuthPolicy;

#[test]
fn tokens_are_looked_for_in_their_order() {
    let all = Credentials {
        auth: Some("a"),
        authorization: Some("Bearer h"),
        query: Some("q"),
        cookies: Some("x=1; access_token_cookie=c; y=2"),
        ..Credentials::default()
    };
    let token = |credentials: &Credentials<'_>| {
        credentials
            .token("access_token_cookie", &[])
            .map(|(source, token)| (source, token.to_owned()))
    };
    for (credentials, source, expected) in [
        (all, Source::Auth, "a"),
        (Credentials { auth: None, ..all }, Source::Header, "h"),
        (
            Credentials {
                auth: Some("undefined"),
                ..all
            },
            Source::Header,
            "h",
        ),
        (
            Credentials {
                auth: Some(" "),
                authorization: Some("Basic h"),
                ..all
            },
            Source::Query,
            "q",
        ),
        (
            Credentials {
                auth: None,
                authorization: Some("bearer null"),
                ..all
            },
            Source::Query,
            "q",
        ),
        (
            Credentials {
                auth: None,
                authorization: None,
                query: Some(""),
                ..all
            },
            Source::Cookie,
            "c",
        ),
    ] {
        assert_eq!(token(&credentials), Some((source, expected.to_owned())));
    }
    assert_eq!(token(&Credentials::default()), None);
}

#[test]
fn a_cookie_speaks_only_for_pages_that_may() {
    let listed = ["https://app.example".to_owned()];
    for (origin, host, allowed) in [
        (None, None, true),
        (Some("http://chat.example"), Some("chat.example"), true),
        (Some("https://chat.example"), Some("chat.example:443"), true),
        (
            Some("http://chat.example:8000"),
            Some("chat.example:8000"),
            true,
        ),
        (
            Some("http://chat.example:9000"),
            Some("chat.example:8000"),
            false,
        ),
        (Some("http://localhost:3000"), Some("chat.example"), true),
        (Some("http://127.0.0.1:3000"), Some("chat.example"), true),
        (Some("http://[::1]:3000"), Some("chat.example"), true),
        (Some("https://app.example"), Some("chat.example"), true),
        (
            Some("https://app.example.evil"),
            Some("chat.example"),
            false,
        ),
        (Some("http://localhost.evil"), Some("chat.example"), false),
        (Some("http://127.0.0.1.evil"), Some("chat.example"), false),
        (Some("null"), Some("chat.example"), false),
        (Some("http://evil"), None, false),
    ] {
        let credentials = Credentials {
            cookies: Some("t=c"),
            origin,
            host,
            ..Credentials::default()
        };
        assert_eq!(
            credentials.token("t", &listed).is_some(),
            allowed,
            "{origin:?} {host:?}"
        );
    }
}

#[test]
fn open_mode_makes_guests_and_refuses_wrong_tokens_but_for_stale_cookies() {
    let open = Verifier::new(AuthPolicy::Open).secret(SECRET);
    let none = Credentials::default();
    let one = open.identify(&none).expect("a guest");
    assert!(one.is_guest() && one.user != open.identify(&none).expect("another").user);
    for wrong in [
        Credentials {
            auth: Some("x"),
            ..none
        },
        Credentials {
            authorization: Some("Bearer x"),
            ..none
        },
        Credentials {
            query: Some("x"),
            ..none
        },
    ] {
        assert_eq!(
            open.identify(&wrong).map_err(|refusal| refusal.reason),
            Err(Reason::Malformed)
        );
    }
    let stale = Credentials {
        cookies: Some("access_token_cookie=x"),
        ..none
    };
    assert!(open.identify(&stale).expect("ignored").is_guest());
    assert_eq!(
        verifier()
            .identify(&stale)
            .map_err(|refusal| refusal.reason),
        Err(Reason::Malformed)
    );
    let token = hs256(&json!({"sub": "anna"}));
    let good = Credentials {
        auth: Some(&token),
        ..none
    };
    assert_eq!(
        open.identify(&good).map(|identity| identity.user),
        Ok("anna".into())
    );
}

#[test]
fn refusals_have_the_texts_of_the_seed() {
    let missing = verifier()
        .identify(&Credentials::default())
        .expect_err("required");
    assert_eq!(missing.message(), "Authentication token required");
    assert_eq!(
        missing.data(),
        json!({"code": "unauthorized", "reason": "missing"})
    );
    let expired = Refusal::from(Reason::Expired);
    assert_eq!(expired.to_string(), "Invalid or expired session token");
    assert_eq!(
        expired.data(),
        json!({"code": "unauthorized", "reason": "expired"})
    );
}
