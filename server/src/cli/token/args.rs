//! The flags of `roomcast token`.

use std::path::PathBuf;

use chat::MAX_ID;
use chat::auth::user_id;
use serde_json::Value;

use super::super::span::Span;

/// The flags of `roomcast token`.
#[derive(clap::Args, Debug, Clone)]
pub struct TokenArgs {
    #[command(subcommand)]
    pub(super) command: TokenCommand,
}

/// What to do with tokens.
#[derive(clap::Subcommand, Debug, Clone)]
pub(super) enum TokenCommand {
    /// Sign a token with the secret of the server.
    New(NewArgs),
    /// Say whose a token is and when it ends, or why a server refuses it.
    Check(CheckArgs),
}

const NEW: &str = "The secret is that of --secret-file, else that of the server's settings: ROOMCAST_JWT_SECRET_FILE, or a file of settings.

Examples:
  roomcast token new --user 7 --name Ada --secret-file /run/secrets/roomcast
  roomcast token new --user ada --expires 30d --claim role=admin --claim 'groups=[\"a\",\"b\"]'
  curl -H \"Authorization: Bearer $(roomcast token new --user 7)\" http://127.0.0.1:8000/me/rooms

Exit status: 0; 1 without a secret; 2 when a flag is wrong.";

/// The flags of `roomcast token new`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = NEW)]
pub(super) struct NewArgs {
    /// Whose it is: the claim `sub`.
    #[arg(long, value_name = "ID", value_parser = user)]
    pub(super) user: String,
    /// What others see of them: the claim `name`.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// How long it is good, as in 90s, 15m, 1h or 30d; `never` ends it never.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = expires)]
    pub(super) expires: Expires,
    /// Another claim; may be repeated. What is JSON is taken as JSON, all else as text.
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim)]
    pub(super) claims: Vec<(String, Value)>,
    /// How it is signed.
    #[arg(long, value_name = "NAME", default_value = "HS256", value_parser = ["HS256", "HS384", "HS512"])]
    pub(super) algorithm: String,
    /// The file with the secret [default: the secret of the settings].
    #[arg(long, value_name = "FILE")]
    pub(super) secret_file: Option<PathBuf>,
    /// The file of settings [env: ROOMCAST_CONFIG].
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Print the token with its claims as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

const CHECK: &str = "Reasons for a refusal, as clients get them in `connect_error.data.reason`:
  malformed         it is no JWT, or its `sub` is no user id
  signature         another secret has signed it, or with an algorithm that is not allowed
  expired           `exp` has passed
  not_yet_valid     `nbf` has not come
  audience, issuer  `aud` or `iss` is somebody else
  unknown_session   it is a session token, which only the server that gave it out can tell

Examples:
  roomcast token check eyJhbGciOi... --secret-file /run/secrets/roomcast
  pbpaste | roomcast token check - --json

Exit status: 0 a server would take it; 1 it would not, or there is no secret.";

/// The flags of `roomcast token check`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = CHECK)]
pub(super) struct CheckArgs {
    /// The token; `-` reads it from standard input, where nobody else sees it.
    pub(super) token: String,
    /// The file with the secret [default: the secret of the settings].
    #[arg(long, value_name = "FILE")]
    pub(super) secret_file: Option<PathBuf>,
    /// The file of settings [env: ROOMCAST_CONFIG].
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

/// When a token ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Expires {
    In(Span),
    Never,
}

fn expires(text: &str) -> Result<Expires, String> {
    match text {
        "never" => Ok(Expires::Never),
        text => match text.parse() {
            Ok(span) => Ok(Expires::In(span)),
            Err(error) => Err(format!(
                "{error}; a duration is written as in 90s, 15m, 1h or 30d"
            )),
        },
    }
}

/// No server takes a token for anybody else.
fn named(user: &Value) -> Result<(), String> {
    match user_id(user) {
        Some(_) => Ok(()),
        None => Err(format!(
            "the user id, which is the claim `sub`, is a whole number or a text of 1 to {MAX_ID} bytes that does not begin with `guest-`"
        )),
    }
}

fn user(text: &str) -> Result<String, String> {
    named(&Value::from(text)).map(|()| text.to_owned())
}

fn claim(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
            if name == "sub" {
                named(&value)?;
            }
            Ok((name.to_owned(), value))
        }
        _ => Err("a claim is NAME=VALUE, as in role=admin".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_is_json_where_it_can_be() {
        for (text, name, value) in [
            ("role=admin", "role", json!("admin")),
            ("level=3", "level", json!(3)),
            ("id=\"3\"", "id", json!("3")),
            ("a=b=c", "a", json!("b=c")),
            ("groups=[1,2]", "groups", json!([1, 2])),
            ("empty=", "empty", json!("")),
        ] {
            assert_eq!(claim(text), Ok((name.to_owned(), value)), "{text}");
        }
        assert!(claim("role").is_err() && claim("=x").is_err());
    }

    #[test]
    fn a_token_is_for_somebody() {
        for id in ["7", "ada", "x".repeat(MAX_ID).as_str()] {
            assert_eq!(user(id), Ok(id.to_owned()));
            assert!(claim(&format!("sub={id}")).is_ok(), "{id}");
        }
        for none in ["", "guest-1", "x".repeat(MAX_ID + 1).as_str()] {
            let error = user(none).unwrap_err();
            assert!(error.starts_with("the user id, which is the claim `sub`, is a"));
            assert_eq!(claim(&format!("sub={none}")), Err(error));
        }
        for none in ["null", "true", "1.5", "[1]"] {
            assert!(claim(&format!("sub={none}")).is_err(), "{none}");
        }
    }
}
