//! Pages of an origin may call, over polling and WebSocket.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};

use super::super::wire::{Answer, Opening, WireError};
use super::check::{Check, Finding};
use super::patient::Patient;
use super::{advice, talk};

const NAME: &str = "cors";

/// What a client with a body in JSON and a token in a header wants to send.
const HEADERS: &str = "authorization,content-type";

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    let Some(origin) = &patient.args.origin else {
        return Check::skip(NAME, "give --origin to check a page of another origin");
    };
    Check::of(NAME, examine(patient, origin).await)
}

async fn examine(patient: &Patient<'_>, origin: &str) -> Result<String, Finding> {
    let site = patient.dialer.site();
    let target = site.engine("EIO=4&transport=polling");
    let get = Answer::get(&target).header(ORIGIN, origin);
    let answer = get.send(&patient.dialer).await;
    let answer = answer.map_err(|error| advice::no_answer(&error, &patient.dialer))?;
    if let Ok(opening) = Opening::read(answer.clone()) {
        talk::leave(&patient.dialer, &opening.sid).await;
    }
    let allowed = allows(&answer, origin)?;
    let preflight = Answer::options(&target)
        .header(ORIGIN, origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, HEADERS);
    let preflight = preflight.send(&patient.dialer).await;
    let preflight = preflight.map_err(|error| advice::no_answer(&error, &patient.dialer))?;
    preflighted(&preflight, origin)?;
    if patient.streams {
        let verdict = talk::by_websocket(&patient.dialer, None, Some(origin)).await;
        verdict.map_err(|error| unwelcome(&error, patient, origin))?;
    }
    let with = match answer.header(ACCESS_CONTROL_ALLOW_CREDENTIALS) {
        Some("true") if allowed != "*" => "with credentials",
        _ => "without credentials (`withCredentials` would fail)",
    };
    Ok(format!("pages of {origin} may call, {with}"))
}

/// What the answer allows, when that includes the origin.
fn allows<'a>(answer: &'a Answer, origin: &str) -> Result<&'a str, Finding> {
    let values: Vec<&str> = answer
        .headers
        .get_all(ACCESS_CONTROL_ALLOW_ORIGIN)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    match values.as_slice() {
        [value] if *value == "*" || *value == origin => Ok(value),
        [] => Err(Finding::new(
            format!(
                "CORS: pages of {origin} may not call, the answer has no Access-Control-Allow-Origin"
            ),
            allow(origin),
        )),
        [value] => Err(Finding::new(
            format!("CORS: pages of {origin} may not call, only those of {value}"),
            allow(origin),
        )),
        several => Err(Finding::new(
            format!(
                "CORS: Access-Control-Allow-Origin comes {} times, and browsers then refuse the answer",
                several.len()
            ),
            "let either the server or the proxy before it add the header, not both",
        )),
    }
}

fn preflighted(answer: &Answer, origin: &str) -> Result<(), Finding> {
    if !answer.status.is_success() {
        return Err(Finding::new(
            format!("CORS: the preflight is answered by {}", answer.summary()),
            "let OPTIONS through to the server, also without a token",
        ));
    }
    allows(answer, origin)?;
    let headers = answer
        .header(ACCESS_CONTROL_ALLOW_HEADERS)
        .unwrap_or_default();
    let headers = headers.to_ascii_lowercase();
    let missing = HEADERS
        .split(',')
        .find(|name| headers != "*" && !headers.contains(name));
    match missing {
        None => Ok(()),
        // Only who sends that header notices.
        Some("authorization") => Ok(()),
        Some(name) => Err(Finding::new(
            format!("CORS: the preflight does not allow the header {name}"),
            format!("add {name} to the allowed headers of the server or proxy"),
        )),
    }
}

fn unwelcome(error: &WireError, patient: &Patient<'_>, origin: &str) -> Finding {
    match error {
        WireError::NoUpgrade(answer) => Finding::new(
            format!(
                "CORS: a WebSocket from a page of {origin} is refused ({})",
                answer.summary()
            ),
            allow(origin),
        ),
        other => advice::no_session(other, &patient.dialer),
    }
}

fn allow(origin: &str) -> String {
    format!(
        "Roomcast: --cors-origin {origin} (SOCKETIO_CORS_ORIGINS={origin}); npm's server: cors: {{ origin: \"{origin}\" }}; python-socketio: cors_allowed_origins=\"{origin}\""
    )
}
