//! `roomcast token new`: from flags to claims to a token.

use chat::Timestamp;
use chat::auth::sign;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::given::Given;
use super::super::print::{print, print_json};
use super::super::{CliError, Exit};
use super::args::{Expires, NewArgs};

/// RFC 7518, section 3.2: "A key of the same size as the hash output [...] or larger MUST be used", of the smallest hash.
const SHORTEST_SECRET: usize = 32;

#[derive(Serialize)]
struct Signed {
    token: String,
    expires_at: Option<Timestamp>,
    claims: Map<String, Value>,
}

pub(super) fn run(args: &NewArgs) -> Result<Exit, CliError> {
    let given = Given::new().without_keys();
    let given = given.secret_file(args.secret_file.as_deref())?;
    let keys = given.read(args.config.as_deref())?.keys;
    let secret = keys.secret.ok_or(CliError::NoSecret)?;
    if secret.expose().len() < SHORTEST_SECRET {
        eprintln!(
            "roomcast: the secret is shorter than {SHORTEST_SECRET} bytes and may be guessed from any token"
        );
    }
    let now = Timestamp::now();
    let claims = claims(args, now);
    let token = sign(&args.algorithm, &claims, secret.expose())?;
    if args.json {
        let expires_at = claims
            .get("exp")
            .and_then(Value::as_u64)
            .map(Timestamp::from_seconds);
        print_json(&Signed {
            token,
            expires_at,
            claims,
        })?;
    } else {
        print(&format!("{token}\n"))?;
    }
    Ok(Exit::Fine)
}

/// What is said with `--claim` goes before what the other flags say.
fn claims(args: &NewArgs, now: Timestamp) -> Map<String, Value> {
    let seconds = now.as_millis().div_euclid(1000);
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), args.user.as_str().into());
    if let Some(name) = &args.name {
        claims.insert("name".to_owned(), name.as_str().into());
    }
    claims.insert("iat".to_owned(), seconds.into());
    if let Expires::In(span) = args.expires {
        let length = i64::try_from(span.0.as_secs()).unwrap_or(i64::MAX);
        claims.insert("exp".to_owned(), seconds.saturating_add(length).into());
    }
    claims.extend(args.claims.iter().cloned());
    claims
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: NewArgs,
    }

    fn made(line: &[&str]) -> Value {
        let line = Line::try_parse_from([&["new"], line].concat()).unwrap();
        Value::Object(claims(&line.args, Timestamp::from_seconds(1000)))
    }

    #[test]
    fn the_flags_become_claims() {
        assert_eq!(
            made(&["--user", "7"]),
            json!({"sub": "7", "iat": 1000, "exp": 4600})
        );
        assert_eq!(
            made(&[
                "--user",
                "7",
                "--name",
                "Ada",
                "--expires",
                "never",
                "--claim",
                "sub=8",
                "--claim",
                "role=admin"
            ]),
            json!({"sub": 8, "name": "Ada", "iat": 1000, "role": "admin"})
        );
    }
}
