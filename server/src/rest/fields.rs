//! Reading a JSON body field by field, so that the answer names everything that is wrong with it.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use chat::UserId;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Number, Value};

use super::problem::FieldError;
use super::{Api, Problem};

/// The largest body: a text of 16 KiB fits with every character escaped as `\u....`, and the rest around it.
const MAX_BODY: usize = 256 * 1024;

/// The fields of a JSON object. Reading one that is wrong notes the mistake; [`Fields::check`] tells all of them.
#[derive(Debug)]
pub(crate) struct Fields {
    object: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    fn decode(body: &[u8]) -> Result<Self, Problem> {
        // serde_json stops at 128 levels: no body can exhaust the stack.
        let value =
            serde_json::from_slice(body).map_err(|_| Problem::malformed("the body is not JSON"))?;
        match value {
            Value::Object(object) => Ok(Self {
                object,
                errors: Vec::new(),
            }),
            _ => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Err(Problem::new(
                    status,
                    "invalid",
                    "the body has to be a JSON object",
                ))
            }
        }
    }

    /// A text; `null` counts as absent.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => self.wrong(name, "has to be a text"),
        }
    }

    /// A text that has to be there, with something in it.
    pub(crate) fn required_text(&mut self, name: &'static str) -> String {
        let absent = matches!(self.object.get(name), None | Some(Value::Null));
        match self.text(name) {
            Some(text) if !text.trim().is_empty() => return text,
            Some(_) => self.wrong(name, "must not be empty"),
            None if absent => self.wrong(name, "is required"),
            None => None::<()>,
        };
        String::new()
    }

    /// An id: a text or a whole number, which is the same id.
    pub(crate) fn id(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(id) if !id.is_empty() => Some(id),
            Value::Number(number) => whole(&number).or_else(|| self.wrong(name, "has to be an id")),
            _ => self.wrong(name, "has to be an id"),
        }
    }

    /// An id that has to be there.
    pub(crate) fn required_id(&mut self, name: &'static str) -> String {
        let absent = matches!(self.object.get(name), None | Some(Value::Null));
        let id = self.id(name);
        if absent {
            self.wrong::<()>(name, "is required");
        }
        id.unwrap_or_default()
    }

    /// Anything, as the JSON it came as.
    pub(crate) fn json(&mut self, name: &'static str) -> Option<String> {
        self.take(name).map(|value| value.to_string())
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            _ => self.wrong(name, "has to be true or false"),
        }
    }

    /// What `read` makes of a text, or a mistake.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        expected: &'static str,
    ) -> Option<T> {
        let text = self.text(name)?;
        read(&text).or_else(|| self.wrong(name, expected))
    }

    /// Notes a mistake.
    pub(crate) fn wrong<T>(&mut self, name: &'static str, what: &'static str) -> Option<T> {
        self.errors.push(FieldError {
            field: name.into(),
            message: format!("{name} {what}").into(),
        });
        None
    }

    /// Ends the reading.
    pub(crate) fn check(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::fields(self.errors))
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.object.remove(name).filter(|value| !value.is_null())
    }
}

/// As in events, a whole number that every JSON reader keeps exactly; some writers put `.0` behind it.
fn whole(number: &Number) -> Option<String> {
    let text = number.to_string();
    let text = text.strip_suffix(".0").unwrap_or(&text);
    UserId::from(text).as_number().map(|id| id.to_string())
}

impl FromRequest<Api> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        // Any other type would let a foreign page post without asking first (a "simple" request in CORS).
        if !is_json(&request) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Problem::new(
                status,
                "unsupported_media_type",
                "the Content-Type has to be application/json",
            ));
        }
        Self::decode(&read(request.into_body(), api.body_timeout).await?)
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn read(body: Body, within: Duration) -> Result<Vec<u8>, Problem> {
    let whole = tokio::time::timeout(within, Limited::new(body, MAX_BODY).collect()).await;
    match whole {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "the body is larger than 256 KiB",
        )),
        Ok(Err(_)) => Err(Problem::malformed("the body ended early")),
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "the body took too long",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(errors: &[FieldError]) -> Vec<&str> {
        errors.iter().map(|error| &*error.message).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        let mut fields =
            Fields::decode(br#"{"name": " ", "handle": 7, "user_id": [], "is_reply": "yes"}"#)
                .unwrap();
        fields.required_text("name");
        fields.required_text("handle");
        fields.required_id("user_id");
        fields.required_id("room_id");
        fields.flag("is_reply");
        assert_eq!(
            messages(&fields.errors),
            [
                "name must not be empty",
                "handle has to be a text",
                "user_id has to be an id",
                "room_id is required",
                "is_reply has to be true or false"
            ]
        );
        assert!(fields.check().is_err());
    }

    #[test]
    fn a_number_and_its_text_are_the_same_id() {
        let mut fields =
            Fields::decode(br#"{"a": 123, "b": "123", "c": null, "d": 1.5, "e": ""}"#).unwrap();
        assert_eq!(fields.id("a").as_deref(), Some("123"));
        assert_eq!(fields.id("b").as_deref(), Some("123"));
        assert_eq!(fields.id("c"), None);
        assert_eq!((fields.id("d"), fields.id("e")), (None, None));
        assert_eq!(fields.errors.len(), 2);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert!(Fields::decode(b"[1, 2]").is_err());
        assert_eq!(
            Fields::decode(b"{\"a\"").unwrap_err(),
            Problem::malformed("the body is not JSON")
        );
        assert!(Fields::decode(b"{\"a\": \"\xff\"}").is_err());
        let deep = [b"{\"a\":".as_slice(), &[b'['; 100_000]].concat();
        assert!(Fields::decode(&deep).is_err());
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_too_large() {
        let spaces = |count| read(Body::from(vec![b' '; count]), Duration::from_secs(1));
        assert!(spaces(MAX_BODY).await.is_ok());
        let problem = spaces(MAX_BODY + 1).await.unwrap_err();
        assert_eq!(
            problem,
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "the body is larger than 256 KiB"
            )
        );
    }
}
