//! Tokens as CONTRACT section 2 has them.

mod credentials;
mod replacing;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::config::AuthPolicy;
use crate::time::Timestamp;

const SECRET: &[u8] = b"a secret of the tests";

fn rsa() -> EncodingKey {
    EncodingKey::from_rsa_pem(include_bytes!("fixtures/rsa.pem")).expect("a key")
}

fn p256() -> EncodingKey {
    EncodingKey::from_ec_pem(include_bytes!("fixtures/p256.pem")).expect("a key")
}

fn p384() -> EncodingKey {
    EncodingKey::from_ec_pem(include_bytes!("fixtures/p384.pem")).expect("a key")
}

fn ed25519() -> EncodingKey {
    EncodingKey::from_ed_pem(include_bytes!("fixtures/ed25519.pem")).expect("a key")
}

fn sign(algorithm: Algorithm, claims: &Value, key: &EncodingKey) -> String {
    encode(&Header::new(algorithm), claims, key).expect("signed")
}

fn hs256(claims: &Value) -> String {
    sign(Algorithm::HS256, claims, &EncodingKey::from_secret(SECRET))
}

fn verifier() -> Verifier {
    Verifier::new(AuthPolicy::Required).secret(SECRET)
}

/// Seconds from now.
fn at(offset: i64) -> i64 {
    Timestamp::now().as_millis() / 1000 + offset
}

#[test]
fn every_algorithm_verifies_with_its_key_and_with_no_other() {
    use Algorithm::{
        ES256, ES384, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512, RS256, RS384, RS512,
    };
    let secret = EncodingKey::from_secret(SECRET);
    let pem = |bytes: &[u8]| {
        Verifier::new(AuthPolicy::Required)
            .pem(bytes)
            .expect("a public key")
    };
    let rows = [
        (vec![HS256, HS384, HS512], secret, verifier()),
        (
            vec![RS256, RS384, RS512, PS256, PS384, PS512],
            rsa(),
            pem(include_bytes!("fixtures/rsa.pub.pem")),
        ),
        (
            vec![ES256],
            p256(),
            pem(include_bytes!("fixtures/p256.pub.pem")),
        ),
        (
            vec![ES384],
            p384(),
            pem(include_bytes!("fixtures/p384.pub.pem")),
        ),
        (
            vec![EdDSA],
            ed25519(),
            pem(include_bytes!("fixtures/ed25519.pub.pem")),
        ),
    ];
    for (row, (algorithms, key, own)) in rows.iter().enumerate() {
        for algorithm in algorithms {
            let token = sign(*algorithm, &json!({"sub": "anna", "exp": at(60)}), key);
            let identity = own
                .verify(&token)
                .unwrap_or_else(|reason| panic!("{algorithm:?}: {reason:?}"));
            assert_eq!(
                (identity.user.as_str(), identity.standing),
                ("anna", Standing::Known)
            );
            for (other, (_, _, verifier)) in rows.iter().enumerate() {
                if other != row {
                    assert_eq!(
                        verifier.verify(&token),
                        Err(Reason::Signature),
                        "{algorithm:?} by {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_public_key_is_no_secret() {
    // The classic confusion: HS256 with the text of the RSA key as the secret.
    let public = include_bytes!("fixtures/rsa.pub.pem");
    let forged = sign(
        Algorithm::HS256,
        &json!({"sub": "anna"}),
        &EncodingKey::from_secret(public),
    );
    let verifier = Verifier::new(AuthPolicy::Required)
        .pem(public)
        .expect("a public key");
    assert_eq!(verifier.verify(&forged), Err(Reason::Signature));
    assert_eq!(
        Verifier::new(AuthPolicy::Required).pem(b"no key").err(),
        Some(KeyError::Pem)
    );
}

#[test]
fn only_the_listed_algorithms_count() {
    let verifier = verifier().algorithms(&["HS512"]).expect("a known name");
    let key = EncodingKey::from_secret(SECRET);
    assert_eq!(
        verifier.verify(&hs256(&json!({"sub": "a"}))),
        Err(Reason::Signature)
    );
    assert!(
        verifier
            .verify(&sign(Algorithm::HS512, &json!({"sub": "a"}), &key))
            .is_ok()
    );
    assert!(matches!(
        Verifier::new(AuthPolicy::Open).algorithms(&["none"]),
        Err(KeyError::Algorithm(_))
    ));
    // {"alg":"none"}.{"sub":"a"}. with nothing behind the last dot.
    assert!(
        verifier
            .verify("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.")
            .is_err()
    );
}

#[test]
fn a_key_set_is_searched_by_key_id() {
    let named = |key: &EncodingKey, algorithm, id: &str| {
        let mut jwk = Jwk::from_encoding_key(key, algorithm).expect("a public part");
        jwk.common.key_id = Some(id.to_owned());
        jwk
    };
    let keys = [
        named(&rsa(), Algorithm::RS256, "one"),
        named(&p256(), Algorithm::ES256, "two"),
    ];
    let mut set = json!({ "keys": keys });
    set["keys"]
        .as_array_mut()
        .expect("an array")
        .retain(Value::is_object);
    let verifier = Verifier::new(AuthPolicy::Required)
        .key_set(&set.to_string())
        .expect("a key set");
    for (algorithm, key, id, verdict) in [
        (Algorithm::RS256, rsa(), Some("one"), true),
        (Algorithm::RS256, rsa(), None, true),
        (Algorithm::RS256, rsa(), Some("two"), false),
        (Algorithm::ES256, p256(), Some("two"), true),
        (Algorithm::RS512, rsa(), Some("one"), false),
    ] {
        let header = Header {
            kid: id.map(str::to_owned),
            ..Header::new(algorithm)
        };
        let token = encode(&header, &json!({"sub": "a"}), &key).expect("signed");
        assert_eq!(
            verifier.verify(&token).is_ok(),
            verdict,
            "{algorithm:?} {id:?}"
        );
    }
    let waits = verifier.algorithms(&["RS256", "ES384"]);
    let waits = waits.and_then(Verifier::fitting);
    assert!(waits.is_ok(), "the next set may have a key for it");
    assert_eq!(
        Verifier::new(AuthPolicy::Open).key_set("[]").err(),
        Some(KeyError::KeySet)
    );
}

#[test]
fn every_reason_has_its_word() {
    let strict = verifier()
        .issuers(vec!["us".into()])
        .audiences(vec!["chat".into()]);
    let good =
        json!({"sub": "a", "iss": "us", "aud": ["x", "chat"], "exp": at(60), "nbf": at(-60)});
    assert_eq!(
        strict.verify(&hs256(&good)).map(|identity| identity.user),
        Ok("a".into())
    );
    let with = |field: &str, value: Value| {
        let mut claims = good.clone();
        claims[field] = value;
        hs256(&claims)
    };
    let without = |field: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().expect("an object").remove(field);
        hs256(&claims)
    };
    for (token, word) in [
        (with("exp", json!(at(-1))), "expired"),
        (with("nbf", json!(at(60))), "not_yet_valid"),
        (with("iss", json!("them")), "issuer"),
        (without("iss"), "issuer"),
        (with("aud", json!("mail")), "audience"),
        (without("aud"), "audience"),
        (without("sub"), "malformed"),
        (with("sub", json!("")), "malformed"),
        (with("sub", json!(1.5)), "malformed"),
        (with("sub", json!({})), "malformed"),
        (with("sub", json!("x".repeat(300))), "malformed"),
        (with("sub", json!("guest-1")), "malformed"),
        (format!("{}x", hs256(&good)), "signature"),
        ("garbage".to_owned(), "malformed"),
        ("a.b.c".to_owned(), "malformed"),
        ("A".repeat(43), "unknown_session"),
    ] {
        assert_eq!(
            strict.verify(&token).map_err(Reason::as_str),
            Err(word),
            "{token}"
        );
    }
    assert!(
        Verifier::new(AuthPolicy::Required)
            .verify(&hs256(&good))
            .is_err(),
        "without a key nothing is believed"
    );
}

#[test]
fn the_name_is_the_first_claim_that_has_one() {
    for (claims, user, name, username) in [
        (
            json!({"sub": 7, "username": "u", "name": "N"}),
            "7",
            "N",
            "u",
        ),
        (
            json!({"sub": "x", "name": "N", "preferred_username": "p"}),
            "x",
            "N",
            "N",
        ),
        (
            json!({"sub": "x", "preferred_username": "p"}),
            "x",
            "p",
            "p",
        ),
        (
            json!({"sub": "x", "username": "", "name": 5}),
            "x",
            "x",
            "x",
        ),
        (json!({"sub": -3}), "-3", "-3", "-3"),
    ] {
        let identity = verifier().verify(&hs256(&claims)).expect("good");
        let shown = (
            identity.user.as_str(),
            identity.name.as_str(),
            identity.username(),
        );
        assert_eq!(shown, (user, name, username), "{claims}");
    }
    let by_mail = verifier()
        .user_claim("email")
        .verify(&hs256(&json!({"sub": "x", "email": "a@b"})));
    assert_eq!(by_mail.map(|identity| identity.user), Ok("a@b".into()));
    let expiring = verifier()
        .verify(&hs256(&json!({"sub": "x", "exp": 4_000_000_000_u64})))
        .expect("good");
    assert_eq!(
        expiring.expires_at,
        Some(Timestamp::from_seconds(4_000_000_000))
    );
}

#[test]
fn who_is_let_in_after_the_end_within_the_leeway_stays_as_long() {
    let end = at(-30);
    let token = hs256(&json!({"sub": "x", "exp": end}));
    assert_eq!(
        verifier().verify(&token).err(),
        Some(Reason::Expired),
        "no leeway"
    );
    let identity = verifier().leeway(60).verify(&token).expect("good");
    let stays = Timestamp::from_seconds(end.unsigned_abs() + 60);
    assert_eq!(identity.expires_at, Some(stays));
}
