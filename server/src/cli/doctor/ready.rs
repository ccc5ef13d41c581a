//! The server is not draining, and its store answers. Roomcast and many others say so at `/health/ready`.

use serde_json::Value;

use super::super::wire::Answer;
use super::check::{Check, Finding};
use super::patient::Patient;

const NAME: &str = "ready";

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    let answer = match Answer::get("/health/ready").send(&patient.dialer).await {
        Ok(answer) => answer,
        // The next check says why.
        Err(error) => return Check::skip(NAME, format!("/health/ready: {error}")),
    };
    let reasons = reasons(&answer);
    if answer.status.is_success() && answer.json().is_some() {
        return Check::ok(NAME, "/health/ready says so");
    }
    if reasons.iter().any(|reason| reason == "draining") {
        return Check::fail(NAME, draining());
    }
    if reasons.iter().any(|reason| reason == "starting") {
        let cause = "the server is starting, or waits for another one to leave its data directory";
        return Check::fail(
            NAME,
            Finding::new(
                cause,
                "ask again in a moment; its log says what it waits for",
            ),
        );
    }
    if !reasons.is_empty() {
        let reasons = reasons.join(", ");
        let cause = format!("the server is not ready: {reasons}");
        return Check::fail(
            NAME,
            Finding::new(
                cause,
                "look into its log; for `store`: the disk under --data-dir",
            ),
        );
    }
    Check::skip(
        NAME,
        format!("/health/ready is not known there ({})", answer.summary()),
    )
}

pub(super) fn draining() -> Finding {
    Finding::new(
        "the server is draining: it sends its clients away and takes no new sessions",
        "let clients go on reconnecting; if it stays so, end the drain or start the next instance, and take this one out of the balancer",
    )
}

fn reasons(answer: &Answer) -> Vec<String> {
    let json = answer.json().unwrap_or_default();
    let list = json.get("reasons").and_then(Value::as_array);
    let words = list.into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}
