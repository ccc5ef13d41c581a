//! CORS: the headers of every answer, and the answer to a preflight.

use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS,
        CONTENT_LENGTH, ORIGIN, VARY,
    },
};

use super::{Body, Cors};

const METHODS: &str = "GET,HEAD,PUT,PATCH,POST,DELETE";

/// Whether the request is a preflight that the engine answers itself.
pub(crate) fn is_preflight(cors: &Cors, method: &Method) -> bool {
    *cors != Cors::Off && method == Method::OPTIONS
}

/// The answer to a preflight: 204, and what the browser asked for if the origin is allowed.
pub(crate) fn preflight(request: &HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    headers.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static(METHODS),
    );
    if let Some(wanted) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        headers.append(
            VARY,
            HeaderValue::from_static("Access-Control-Request-Headers"),
        );
    }
    response
}

/// Adds the CORS headers to an answer, an error included.
pub(crate) fn decorate(cors: &Cors, request: &HeaderMap, response: &mut HeaderMap) {
    if *cors == Cors::Off {
        return;
    }
    response.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = request.get(ORIGIN).filter(|_| cors.allows(request)) {
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
}
