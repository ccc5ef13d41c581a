//! Which pages may call: the headers of REST answers. Socket.IO decides by the same value.

use engineio::server::Cors;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN,
    VARY,
};
use http::{HeaderMap, HeaderValue};

/// How long a browser may remember a preflight: Chromium cuts longer ones to two hours, and a changed list should
/// not take a day to arrive.
const MAX_AGE_SECONDS: &str = "600";

/// The pages that the settings let in; every page when they name none.
pub(crate) fn from_settings(origins: Option<&[String]>) -> Cors {
    match origins {
        None => Cors::Any,
        Some(origins) => Cors::Origins(origins.iter().cloned().collect()),
    }
}

/// Puts into an answer what the browser wants to see before it hands the answer to the page.
pub(crate) fn decorate(cors: &Cors, request: &HeaderMap, answer: &mut HeaderMap) {
    answer.append(VARY, HeaderValue::from_static("origin"));
    let Some(origin) = request.get(ORIGIN).filter(|_| cors.allows(request)) else {
        return;
    };
    let constant = HeaderValue::from_static;
    // Echoed, never `*`: with credentials browsers refuse `*`.
    answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, constant("true"));
    answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, constant("retry-after"));
}

/// The rest of what a preflight asks for.
pub(crate) fn preflight(answer: &mut HeaderMap) {
    let methods = HeaderValue::from_static("GET, HEAD, POST, PATCH, DELETE");
    let headers = HeaderValue::from_static("authorization, content-type");
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
    answer.insert(
        ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static(MAX_AGE_SECONDS),
    );
}

#[cfg(test)]
mod tests {
    use http::header::HOST;

    use super::*;

    fn answer(origins: Option<&[String]>, origin: &'static str) -> Option<String> {
        let request = HeaderMap::from_iter([
            (ORIGIN, HeaderValue::from_static(origin)),
            (HOST, HeaderValue::from_static("chat.example.com")),
        ]);
        let mut answer = HeaderMap::new();
        decorate(&from_settings(origins), &request, &mut answer);
        assert_eq!(answer.get(VARY).unwrap(), "origin");
        let allowed = answer.get(ACCESS_CONTROL_ALLOW_ORIGIN)?;
        assert_eq!(
            answer.get(ACCESS_CONTROL_ALLOW_CREDENTIALS).unwrap(),
            "true"
        );
        Some(allowed.to_str().unwrap().to_owned())
    }

    #[test]
    fn without_a_list_every_origin_is_echoed() {
        for origin in ["http://a.example", "null", "https://b.example:8443"] {
            assert_eq!(answer(None, origin).as_deref(), Some(origin));
        }
    }

    #[test]
    fn a_list_admits_its_own_and_the_servers_own_page() {
        let list: &[String] = &["https://a.example".to_owned()];
        assert!(answer(Some(list), "https://a.example").is_some());
        assert!(answer(Some(list), "https://chat.example.com").is_some());
        assert_eq!(answer(Some(list), "https://evil.example"), None);
        assert_eq!(answer(Some(list), "null"), None);
    }
}
