//! The requests that the engine refuses, with the codes and texts that clients know.

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONNECTION, CONTENT_TYPE},
};

use super::Body;

/// Why a request is refused. The numbers are on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The transport is missing, unknown or not served.
    #[error("Transport unknown")]
    UnknownTransport,
    /// No session has this id.
    #[error("Session ID unknown")]
    UnknownSid,
    /// A session opens with GET.
    #[error("Bad handshake method")]
    BadHandshakeMethod,
    /// The request does not fit the session, or is no proper WebSocket upgrade.
    #[error("Bad request")]
    BadRequest,
    /// The origin is not allowed, or the server is stopping.
    #[error("Forbidden")]
    Forbidden,
    /// The client speaks another revision of the protocol.
    #[error("Unsupported protocol version")]
    UnsupportedProtocolVersion,
}

impl HttpError {
    /// The number in the answer's body.
    pub fn code(self) -> u8 {
        match self {
            Self::UnknownTransport => 0,
            Self::UnknownSid => 1,
            Self::BadHandshakeMethod => 2,
            Self::BadRequest => 3,
            Self::Forbidden => 4,
            Self::UnsupportedProtocolVersion => 5,
        }
    }

    /// The answer to a polling request.
    pub(crate) fn polling(self) -> Response<Body> {
        let status = match self {
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::UnknownTransport
            | Self::UnknownSid
            | Self::BadHandshakeMethod
            | Self::BadRequest
            | Self::UnsupportedProtocolVersion => StatusCode::BAD_REQUEST,
        };
        let body = format!(r#"{{"code":{},"message":"{self}"}}"#, self.code());
        answer(status, "application/json", body)
    }

    /// The answer to a WebSocket upgrade: always 400, and the bare text.
    pub(crate) fn upgrade(self) -> Response<Body> {
        let mut response = answer(StatusCode::BAD_REQUEST, "text/html", self.to_string());
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(Bytes::from(body)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
