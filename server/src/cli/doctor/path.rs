//! Socket.IO answers at the path of requests.

use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use super::super::paint::tame;
use super::super::wire::{Answer, NoOpening, Opening};
use super::check::{Check, Finding};
use super::patient::Patient;
use super::{advice, talk};

const NAME: &str = "path";

/// The first request of a polling session.
const OPEN: &str = "EIO=4&transport=polling";

/// How much of what a proxy asks for is shown.
const SHOWN: usize = 20;

/// The code of Engine.IO for a transport that the server does not offer.
const TRANSPORT_UNKNOWN: u64 = 0;

pub(super) async fn check(patient: &mut Patient<'_>) -> Check {
    let target = patient.dialer.site().engine(OPEN);
    let path = patient.dialer.site().path.clone();
    let answer = match Answer::get(&target).send(&patient.dialer).await {
        Ok(answer) => answer,
        Err(error) => return Check::fail(NAME, advice::no_answer(&error, &patient.dialer)),
    };
    if let Some(place) = answer.redirect() {
        let cause = format!("{path} redirects to {place}, and clients do not follow");
        return Check::fail(
            NAME,
            Finding::new(cause, "give clients the URL that it redirects to"),
        );
    }
    let silence = match Opening::read(answer) {
        Ok(opening) => {
            let silence = opening.silence();
            talk::leave(&patient.dialer, &opening.sid).await;
            patient.opening = Some(opening);
            silence
        }
        Err(NoOpening::Refused {
            code: TRANSPORT_UNKNOWN,
            ..
        }) => {
            return Check::ok(
                NAME,
                format!("Engine.IO answers at {path}, without polling"),
            );
        }
        Err(NoOpening::Foreign(answer)) => {
            return Check::fail(NAME, foreign(patient, &answer).await);
        }
        Err(other) => return Check::fail(NAME, advice::no_opening(&other)),
    };
    let seconds = silence.as_secs_f64();
    Check::ok(
        NAME,
        format!(
            "Engine.IO 4 answers at {path}; a connection is given up after {seconds} s of silence"
        ),
    )
}

/// Something else answers there. Perhaps Socket.IO is next door.
async fn foreign(patient: &Patient<'_>, answer: &Answer) -> Finding {
    let path = &patient.dialer.site().path;
    let met = format!("HTTP {}", answer.status.as_u16());
    for place in places(patient) {
        if answers(patient, &place).await {
            return Finding::new(
                format!(
                    "nothing of Socket.IO at {path} ({met}), but at {place}: the path is wrong"
                ),
                format!(
                    "give clients `path: \"{place}\"`, or have the server or proxy serve {path}"
                ),
            );
        }
    }
    if let Some(finding) = locked(answer, path) {
        return finding;
    }
    if answer.status.is_server_error() {
        return Finding::new(
            format!("a proxy answers {met} at {path}: it does not reach the server behind it"),
            "start that server, and check the proxy's upstream address",
        );
    }
    Finding::new(
        format!("nothing of Socket.IO at {path} ({met}): the path or the server is wrong"),
        "compare the option `path` of client and server; a proxy has to hand the path on as it is",
    )
}

/// Somebody in front of the server does not let the request through: no server of Socket.IO answers so.
fn locked(answer: &Answer, path: &str) -> Option<Finding> {
    let met = format!("HTTP {}", answer.status.as_u16());
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            let asks = answer.header(WWW_AUTHENTICATE).unwrap_or_default();
            let asks = tame(asks.split(' ').next().unwrap_or_default(), SHOWN);
            let asks = if asks.is_empty() {
                met
            } else {
                format!("{met}, {asks}")
            };
            Some(Finding::new(
                format!(
                    "a proxy in front of the server wants a password of its own at {path} ({asks}), which Socket.IO clients do not send"
                ),
                format!(
                    "except {path} from it, in nginx: location {path} {{ auth_basic off; ... }}; the server itself looks at tokens"
                ),
            ))
        }
        StatusCode::FORBIDDEN => Some(Finding::new(
            format!("a proxy or firewall in front of the server forbids {path} ({met})"),
            format!("allow {path} there, with GET, POST and upgrades, from where clients are"),
        )),
        _ => None,
    }
}

/// Where it is served in practice: the default, below what the URL names, below what people call such things.
fn places(patient: &Patient<'_>) -> Vec<String> {
    let site = patient.dialer.site();
    let below = format!("{}/socket.io/", site.namespace.trim_end_matches('/'));
    let asked = format!("{}socket.io/", site.path);
    let mut places = vec!["/socket.io/".to_owned(), below, asked];
    places.extend(["/api/socket.io/", "/ws/socket.io/", "/ws/", "/engine.io/"].map(str::to_owned));
    places.dedup();
    places.retain(|place| *place != site.path);
    places
}

async fn answers(patient: &Patient<'_>, path: &str) -> bool {
    let dialer = patient.dialer.at(path);
    let target = dialer.site().engine(OPEN);
    let answer = Answer::get(&target).send(&dialer).await;
    match answer.map(Opening::read) {
        Ok(Ok(opening)) => {
            talk::leave(&dialer, &opening.sid).await;
            true
        }
        _ => false,
    }
}
