//! Who may speak, and how tokens are verified.

use std::time::Duration;

use super::super::Takes::One;
use super::super::{Kind, Setting};
use super::Section;

const ALGORITHMS: &[&str] = &[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "EdDSA",
];

pub(super) const AUTH: Section = Section {
    name: "auth",
    about: "Who may speak, and how tokens are verified. Changed keys are taken with a SIGHUP; who is connected stays.",
    settings: &[
        Setting::new(
            "auth.policy",
            Kind::Choice(&["open", "required"]),
            "Whether somebody without a token may speak: `open` is for development, `required` wants a token of everybody.",
        )
        .env(&["ROOMCAST_AUTH"])
        .flag("auth", One("POLICY"))
        .unset("that of the profile; without one open", "required"),
        Setting::new(
            "auth.jwt_secret",
            Kind::Secret,
            "The secret that tokens are signed with, for the HS algorithms. Other users of the machine can read flags and \
             sometimes variables: prefer a file.",
        )
        .env(&["ROOMCAST_JWT_SECRET"])
        .flag("jwt-secret", One("SECRET"))
        .unset("none", "")
        .reloads(),
        Setting::new(
            "auth.jwt_public_keys",
            Kind::Paths,
            "Files with public keys as PEM: RSA for RS and PS, EC for ES, Ed25519 for EdDSA. Several while keys change.",
        )
        .env(&["ROOMCAST_JWT_PUBLIC_KEYS"])
        .unset("none", "/etc/roomcast/jwt.pem")
        .reloads(),
        Setting::new(
            "auth.jwks",
            Kind::Path,
            "A file with a JSON Web Key Set. Keys of unknown kinds in it are left out.",
        )
        .env(&["ROOMCAST_JWKS"])
        .unset("none", "/etc/roomcast/jwks.json")
        .reloads(),
        Setting::new(
            "auth.algorithms",
            Kind::Choices(ALGORITHMS),
            "The algorithms that tokens may be signed with.",
        )
        .env(&["ROOMCAST_JWT_ALGORITHMS"])
        .unset("all that fit a key", "RS256")
        .reloads(),
        Setting::new("auth.issuers", Kind::Texts, "`iss` of a token has to be one of these.")
            .env(&["ROOMCAST_JWT_ISSUERS"])
            .unset("not looked at", "https://login.example.com")
            .reloads(),
        Setting::new("auth.audiences", Kind::Texts, "`aud` of a token has to name one of these.")
            .env(&["ROOMCAST_JWT_AUDIENCES"])
            .unset("not looked at", "chat")
            .reloads(),
        Setting::new("auth.user_claim", Kind::Text, "The claim that names the user.")
            .env(&["ROOMCAST_JWT_USER_CLAIM"])
            .is("sub")
            .reloads(),
        Setting::new("auth.cookie", Kind::Text, "The cookie that may hold the token.")
            .is("access_token_cookie")
            .reloads(),
        Setting::new(
            "auth.leeway",
            Kind::Leeway,
            "How far the clock of who signs tokens may be off.",
        )
        .env(&["ROOMCAST_JWT_LEEWAY"])
        .is("0s")
        .reloads(),
        Setting::new(
            "auth.session_lifetime",
            Kind::Duration(Duration::from_secs(1)),
            "How long a token of `POST /api/session/acquire` is good.",
        )
        .is("30days"),
    ],
};
