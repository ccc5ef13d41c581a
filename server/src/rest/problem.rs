//! Every refusal, as `application/problem+json` (RFC 9457).

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chat::auth::Refusal;
use chat::{Code, Failure};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// What is wrong with one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    #[schema(value_type = String)]
    pub(crate) field: Cow<'static, str>,
    #[schema(value_type = String)]
    pub(crate) message: Cow<'static, str>,
}

/// A request that was not carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    reason: Option<&'static str>,
    retry_after_ms: Option<u64>,
    errors: Vec<FieldError>,
}

/// What the log says about a refusal; travels in the extensions of the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Logged {
    pub(crate) code: &'static str,
    /// Of a token that is not taken.
    pub(crate) reason: Option<&'static str>,
}

/// A refusal, as RFC 9457 has it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    /// A refusal with a code of its own; the chat's own failures come through `From`.
    pub(crate) const fn new(status: StatusCode, code: &'static str, detail: &'static str) -> Self {
        let detail = Cow::Borrowed(detail);
        Self {
            status,
            code,
            detail,
            reason: None,
            retry_after_ms: None,
            errors: Vec::new(),
        }
    }

    /// A body that is not JSON.
    pub(crate) const fn malformed(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// Fields that are missing or wrong.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        let detail = errors
            .first()
            .map_or(Cow::Borrowed("the request is not valid"), |error| {
                error.message.clone()
            });
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self {
            status,
            code: Code::Invalid.as_str(),
            detail,
            reason: None,
            retry_after_ms: None,
            errors,
        }
    }

    /// One field that is missing or wrong.
    pub(crate) fn field(field: &'static str, message: &'static str) -> Self {
        Self::fields(vec![FieldError {
            field: field.into(),
            message: message.into(),
        }])
    }

    pub(crate) const fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Code::NotFound.as_str(),
            "there is nothing at this address",
        )
    }

    pub(crate) const fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this address does not take that method",
        )
    }
}

/// The one place where a failure of the chat becomes a status.
const fn status(code: Code) -> StatusCode {
    match code {
        Code::Unauthorized | Code::TokenExpired => StatusCode::UNAUTHORIZED,
        Code::Forbidden | Code::NotInRoom => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Conflict => StatusCode::CONFLICT,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let detail = match failure {
            // As the seed words it.
            Failure::RoomNotFound => "Chatroom not found".to_owned(),
            Failure::TooLarge { field: name, limit } => {
                format!("{} has more than {limit} bytes", field(name))
            }
            _ => failure.to_string(),
        };
        let errors = match failure {
            Failure::Invalid { field: name, .. } | Failure::TooLarge { field: name, .. }
                if !name.is_empty() =>
            {
                vec![FieldError {
                    field: field(name).into(),
                    message: detail.clone().into(),
                }]
            }
            _ => Vec::new(),
        };
        Self {
            status: status(failure.code()),
            code: failure.code().as_str(),
            detail: detail.into(),
            reason: None,
            retry_after_ms: failure.retry_after_ms(),
            errors,
        }
    }
}

/// The chat calls the words of a message `text`; this API calls them `message_text`.
const fn field(name: &'static str) -> &'static str {
    match name.as_bytes() {
        b"text" => "message_text",
        _ => name,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = StatusCode::UNAUTHORIZED;
        let reason = Some(refusal.reason.as_str());
        Self {
            reason,
            ..Self::new(status, Code::Unauthorized.as_str(), refusal.message())
        }
    }
}

impl IntoResponses for Problem {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let body = Ref::from_schema_name(Body::name());
        let content = ContentBuilder::new().schema(Some(body)).build();
        let refused = ResponseBuilder::new()
            .description("What is wrong with the request")
            .content("application/problem+json", content);
        BTreeMap::from([("4XX".to_owned(), refused.build().into())])
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            reason: self.reason,
            retry_after_ms: self.retry_after_ms,
            errors: &self.errors,
        };
        // Texts and numbers only: this cannot fail.
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.status, json).into_response();
        response.extensions_mut().insert(Logged {
            code: self.code,
            reason: self.reason,
        });
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(millis) = self.retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(millis.div_ceil(1000)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    async fn render(problem: Problem) -> (http::response::Parts, Value) {
        let (parts, body) = problem.into_response().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn wrong_fields_are_listed_one_by_one() {
        let error = |field: &'static str, message: &'static str| FieldError {
            field: field.into(),
            message: message.into(),
        };
        let both = vec![
            error("name", "name is required"),
            error("kind", "kind is odd"),
        ];
        let (parts, body) = render(Problem::fields(both)).await;
        assert_eq!(parts.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(parts.headers[CONTENT_TYPE], "application/problem+json");
        let expected = json!({
            "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "code": "invalid", "detail": "name is required",
            "errors": [{"field": "name", "message": "name is required"}, {"field": "kind", "message": "kind is odd"}],
        });
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn who_is_too_fast_learns_when_to_come_back() {
        let (parts, body) = render(
            Failure::RateLimited {
                retry_after_ms: 1_200,
            }
            .into(),
        )
        .await;
        assert_eq!(parts.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(parts.headers[RETRY_AFTER], "2");
        assert_eq!(
            (&body["code"], &body["retry_after_ms"]),
            (&json!("rate_limited"), &json!(1_200))
        );
    }

    #[tokio::test]
    async fn a_refused_token_says_why() {
        let (parts, body) = render(Refusal::from(chat::auth::Reason::Expired).into()).await;
        assert_eq!(parts.status, StatusCode::UNAUTHORIZED);
        assert_eq!(parts.headers[WWW_AUTHENTICATE], "Bearer");
        assert_eq!(
            (&body["code"], &body["reason"]),
            (&json!("unauthorized"), &json!("expired"))
        );
    }

    #[tokio::test]
    async fn failures_keep_their_words_and_get_a_status() {
        for (failure, status, detail) in [
            (Failure::HandleTaken, 409, "Handle is already taken"),
            (Failure::NotYou, 403, "user_id is another user"),
            (Failure::RoomNotFound, 404, "Chatroom not found"),
            (Failure::Unavailable, 503, "Temporarily unavailable"),
        ] {
            let (parts, body) = render(failure.into()).await;
            assert_eq!(
                (parts.status.as_u16(), &body["detail"]),
                (status, &json!(detail))
            );
        }
    }
}
