//! The requests that the engine refuses, with the codes and texts that clients know.

use bytes::Bytes;
use http::{
    HeaderValue, Method, Response, StatusCode,
    header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER},
};

use super::{Body, Denied, Limit};

/// Why a request is refused. The numbers are on the wire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The transport is missing, unknown or not served.
    #[error("Transport unknown")]
    UnknownTransport {
        /// What the request names.
        transport: Option<String>,
    },
    /// No session has this id.
    #[error("Session ID unknown")]
    UnknownSid {
        /// What the request names.
        sid: String,
    },
    /// A session opens with GET.
    #[error("Bad handshake method")]
    BadHandshakeMethod {
        /// What the request used.
        method: Method,
    },
    /// The request does not fit.
    #[error("Bad request")]
    BadRequest(BadRequest),
    /// Somebody decided against it.
    #[error("{1}")]
    Forbidden(Objection, Denied),
    /// The client speaks another revision of the protocol.
    #[error("Unsupported protocol version")]
    UnsupportedProtocolVersion {
        /// What the request names.
        protocol: Option<String>,
    },
    /// A limit is reached. The reference has none; clients get code 4, as for any refusal.
    #[error("{0}")]
    Limited(Limit),
}

/// What does not fit in a bad request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadRequest {
    /// The session is on another transport, or the request names one and uses another.
    TransportMismatch,
    /// It is no proper WebSocket upgrade.
    TransportHandshake,
    /// The id that the generator made is in use.
    IdGeneration,
}

impl BadRequest {
    /// The reference's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TransportMismatch => "TRANSPORT_MISMATCH",
            Self::TransportHandshake => "TRANSPORT_HANDSHAKE_ERROR",
            Self::IdGeneration => "ID_GENERATION_ERROR",
        }
    }
}

/// Who decided against a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Objection {
    /// The CORS settings: a WebSocket from a page of another origin.
    Origin,
    /// The hook; see [`Hooks::allow_request`](super::Hooks::allow_request).
    Hook,
    /// The hook did not decide in time.
    HookTimeout,
    /// The server is stopping.
    Stopping,
}

impl HttpError {
    pub(crate) fn forbidden(objection: Objection) -> Self {
        Self::Forbidden(objection, Denied::default())
    }

    /// The number in the answer's body.
    pub fn code(&self) -> u8 {
        match self {
            Self::UnknownTransport { .. } => 0,
            Self::UnknownSid { .. } => 1,
            Self::BadHandshakeMethod { .. } => 2,
            Self::BadRequest(_) => 3,
            Self::Forbidden(..) | Self::Limited(_) => 4,
            Self::UnsupportedProtocolVersion { .. } => 5,
        }
    }

    /// The word in log lines and metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::UnknownTransport { .. } => "unknown_transport",
            Self::UnknownSid { .. } => "unknown_session",
            Self::BadHandshakeMethod { .. } => "bad_handshake_method",
            Self::BadRequest(BadRequest::TransportMismatch) => "transport_mismatch",
            Self::BadRequest(BadRequest::TransportHandshake) => "bad_websocket_handshake",
            Self::BadRequest(BadRequest::IdGeneration) => "id_in_use",
            Self::Forbidden(Objection::Origin, _) => "origin_not_allowed",
            Self::Forbidden(Objection::Hook, _) => "denied",
            Self::Forbidden(Objection::HookTimeout, _) => "allow_timeout",
            Self::Forbidden(Objection::Stopping, _) => "stopping",
            Self::UnsupportedProtocolVersion { .. } => "unsupported_protocol",
            Self::Limited(limit) => limit.reason(),
        }
    }

    /// What exactly was wrong, under the name that the reference gives it: the `transport`, `sid`,
    /// `method` or `protocol` of the request, the `name` of what does not fit, the `message` of a
    /// refusal, the `limit` that is reached.
    pub fn context(&self) -> (&'static str, String) {
        match self {
            Self::UnknownTransport { transport } => {
                ("transport", transport.clone().unwrap_or_default())
            }
            Self::UnknownSid { sid } => ("sid", sid.clone()),
            Self::BadHandshakeMethod { method } => ("method", method.to_string()),
            Self::BadRequest(what) => ("name", what.as_str().to_owned()),
            Self::Forbidden(_, denied) => ("message", denied.to_string()),
            Self::UnsupportedProtocolVersion { protocol } => {
                ("protocol", protocol.clone().unwrap_or_default())
            }
            Self::Limited(limit) => ("limit", limit.reason().to_owned()),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            // Not for ever: another server takes over, or this one comes back.
            Self::Forbidden(Objection::Stopping, _) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Forbidden(..) => StatusCode::FORBIDDEN,
            Self::Limited(Limit::Sessions) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Limited(Limit::SessionsOfAddress | Limit::Handshakes) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::UnknownTransport { .. }
            | Self::UnknownSid { .. }
            | Self::BadHandshakeMethod { .. }
            | Self::BadRequest(_)
            | Self::UnsupportedProtocolVersion { .. } => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer to a polling request.
    pub(crate) fn polling(&self) -> Response<Body> {
        let message = serde_json::Value::from(self.to_string());
        let body = format!(r#"{{"code":{},"message":{message}}}"#, self.code());
        self.answer(self.status(), "application/json", body)
    }

    /// The answer to a WebSocket upgrade: the bare text, and 400 unless a limit is reached.
    pub(crate) fn upgrade(&self) -> Response<Body> {
        let status = match self.status() {
            StatusCode::FORBIDDEN => StatusCode::BAD_REQUEST,
            status => status,
        };
        let mut response = self.answer(status, "text/html", self.to_string());
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }

    fn answer(&self, status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
        let mut response = Response::new(Body::from(Bytes::from(body)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Self::Limited(_) | Self::Forbidden(Objection::Stopping, _) = self {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
