//! From polling to WebSocket, as stock clients begin.

use super::super::wire::{Answer, Channel, Opening, WireError, connect};
use super::check::{Check, Finding};
use super::patient::Patient;
use super::{advice, talk};

const NAME: &str = "upgrade";

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    match &patient.opening {
        _ if !patient.polls => return Check::skip(NAME, "needs polling"),
        _ if !patient.streams => return Check::skip(NAME, "needs WebSocket"),
        Some(opening) if !opening.upgrades.iter().any(|name| name == "websocket") => {
            let cause = "the server offers no upgrade: clients stay with polling";
            let fix = "turn upgrades on (`allowUpgrades` of npm's server), or give clients `transports: [\"websocket\"]`";
            return Check::fail(NAME, Finding::new(cause, fix));
        }
        _ => {}
    }
    let switched = patient.dialer.within(switch(patient)).await;
    let detail = switched.map(|()| "probed, switched, and heard over WebSocket".to_owned());
    Check::of(NAME, detail.map_err(|error| finding(&error, patient)))
}

/// Opens over polling, probes over WebSocket, moves there and connects.
async fn switch(patient: &Patient<'_>) -> Result<(), WireError> {
    let site = patient.dialer.site();
    let target = site.engine("EIO=4&transport=polling");
    let opening = Opening::read(Answer::get(&target).send(&patient.dialer).await?);
    let sid = opening.map_err(WireError::NoOpening)?.sid;
    let query = format!("EIO=4&transport=websocket&sid={sid}");
    let mut channel = Channel::open(&patient.dialer, &query, None).await?;
    channel.send("2probe").await?;
    let answer = channel.receive().await?;
    if answer != "3probe" {
        return Err(WireError::Packet(answer));
    }
    channel.send("5").await?;
    talk::ask(&mut channel, &connect(&site.namespace, None)).await?;
    channel.close().await;
    Ok(())
}

fn finding(error: &WireError, patient: &Patient<'_>) -> Finding {
    match error {
        WireError::NoUpgrade(answer) => Finding::new(
            format!(
                "WebSocket works for new sessions, but not for one that began with polling ({})",
                answer.summary()
            ),
            "several servers are behind this address: the balancer has to send a session always to the same one",
        ),
        other => advice::no_session(other, &patient.dialer),
    }
}
