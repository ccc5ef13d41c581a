//! A session over each of the two transports.

use std::time::Instant;

use super::super::wire::{Verdict, WireError};
use super::check::{Check, Finding};
use super::patient::Patient;
use super::{advice, talk};

/// A session over HTTP long-polling: opened, sent, heard.
pub(super) async fn polling(patient: &mut Patient<'_>) -> Check {
    const NAME: &str = "polling";
    if patient.opening.is_none() {
        let cause =
            "the server offers no polling (\"Transport unknown\"), with which stock clients begin";
        let fix =
            "give clients `transports: [\"websocket\"]`, or add `polling` to those of the server";
        return Check::fail(NAME, Finding::new(cause, fix));
    }
    let begun = Instant::now();
    let verdict = talk::by_polling(&patient.dialer, None).await;
    patient.polls = verdict.is_ok();
    finish(NAME, patient, verdict, begun)
}

/// A session over WebSocket.
pub(super) async fn websocket(patient: &mut Patient<'_>) -> Check {
    let begun = Instant::now();
    let verdict = talk::by_websocket(&patient.dialer, None, None).await;
    patient.streams = verdict.is_ok();
    finish("websocket", patient, verdict, begun)
}

/// A refusal for want of a token has come over the transport, so that one works.
fn finish(
    name: &'static str,
    patient: &Patient<'_>,
    verdict: Result<Verdict, WireError>,
    begun: Instant,
) -> Check {
    let took = begun.elapsed().as_secs_f64() * 1e3;
    let said = verdict.map(|verdict| match verdict {
        Verdict::Connected(_) => format!("opened, sent and heard in {took:.1} ms"),
        Verdict::Refused { .. } => {
            format!("opened, sent and heard (a refusal: see auth) in {took:.1} ms")
        }
    });
    Check::of(
        name,
        said.map_err(|error| advice::no_session(&error, &patient.dialer)),
    )
}
