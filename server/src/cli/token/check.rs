//! `roomcast token check`: whose a token is and when it ends, or why it is refused.

use std::io;

use chat::Timestamp;
use chat::auth::{Identity, Reason, Refusal};
use serde::Serialize;

use super::super::given::Given;
use super::super::print::{print, print_json};
use super::super::span::Span;
use super::super::{CliError, Exit};
use super::args::CheckArgs;
use crate::config::Auth;

/// What a server makes of a token.
#[derive(Serialize)]
struct Verdict {
    valid: bool,
    #[serde(flatten)]
    what: What,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What {
    Good {
        user: String,
        name: String,
        username: String,
        expires_at: Option<Timestamp>,
    },
    Bad {
        reason: &'static str,
        message: &'static str,
        why: &'static str,
    },
}

pub(super) fn run(args: &CheckArgs) -> Result<Exit, CliError> {
    let given = Given::new().without_keys();
    let given = given.secret_file(args.secret_file.as_deref())?;
    let keys = given.read(args.config.as_deref())?.keys;
    if keys.is_empty() {
        return Err(CliError::NoSecret);
    }
    let verifier = keys.verifier(Auth::Required, Vec::new())?;
    let verdict = Verdict::from(verifier.verify(token(args)?.trim()));
    if args.json {
        print_json(&verdict)?;
    } else {
        print(&verdict.text(Timestamp::now()))?;
    }
    Ok(Exit::fine_if(verdict.valid))
}

fn token(args: &CheckArgs) -> Result<String, CliError> {
    match args.token.as_str() {
        "-" => io::read_to_string(io::stdin()).map_err(CliError::Input),
        token => Ok(token.to_owned()),
    }
}

impl From<Result<Identity, Reason>> for Verdict {
    fn from(verdict: Result<Identity, Reason>) -> Self {
        match verdict {
            Ok(identity) => Self {
                valid: true,
                what: What::Good {
                    user: identity.user.as_str().to_owned(),
                    username: identity.username().to_owned(),
                    expires_at: identity.expires_at,
                    name: identity.name,
                },
            },
            Err(reason) => Self {
                valid: false,
                what: What::Bad {
                    reason: reason.as_str(),
                    message: Refusal::from(reason).message(),
                    why: why(reason),
                },
            },
        }
    }
}

impl Verdict {
    fn text(&self, now: Timestamp) -> String {
        match &self.what {
            What::Good {
                user,
                name,
                username,
                expires_at,
            } => {
                let ends = expires_at.map_or("never".to_owned(), |at| {
                    format!("{at}, in {}", Span(at.since(now)))
                });
                format!(
                    "valid\n  user      {user}\n  name      {name}\n  username  {username}\n  ends      {ends}\n"
                )
            }
            What::Bad { reason, why, .. } => format!("refused: {reason}\n  {why}\n"),
        }
    }
}

/// For the person who has the token in hand.
const fn why(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "there is no token",
        Reason::Malformed => "it is no JWT, or its `sub` is no user id",
        Reason::Signature => {
            "another secret has signed it, or with an algorithm that is not allowed"
        }
        Reason::Expired => "its `exp` has passed",
        Reason::NotYetValid => "its `nbf` has not come: compare the clocks",
        Reason::Audience => "its `aud` is somebody else",
        Reason::Issuer => "its `iss` is somebody else",
        Reason::UnknownSession => {
            "it has the shape of a session token, which only the server that gave it out can tell"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_who_or_why() {
        let identity = Identity {
            expires_at: Some(Timestamp::from_seconds(5400)),
            ..Identity::known("7".into(), "Ada")
        };
        let good = Verdict::from(Ok(identity));
        let text = good.text(Timestamp::from_seconds(0));
        assert!(
            text.contains("user      7\n") && text.contains("1970-01-01T01:30:00Z, in 1 h 30 min"),
            "{text}"
        );
        let bad = Verdict::from(Err(Reason::Expired));
        assert_eq!(
            bad.text(Timestamp::from_seconds(0)),
            "refused: expired\n  its `exp` has passed\n"
        );
        let json = serde_json::to_value(&bad).unwrap();
        assert_eq!(
            (json["valid"].as_bool(), json["reason"].as_str()),
            (Some(false), Some("expired"))
        );
    }
}
