//! One CONNECT: asked over a new session, answered, and the session ended.

use super::super::wire::{Answer, Channel, Dialer, Heard, Opening, Verdict, WireError, connect};
use super::patient::Patient;

/// A server may say other things first. After so many answers it is not going to.
const ANSWERS: usize = 5;

/// Over whatever works.
pub(super) async fn anyhow(
    patient: &Patient<'_>,
    token: Option<&str>,
) -> Result<Verdict, WireError> {
    if patient.polls {
        by_polling(&patient.dialer, token).await
    } else {
        by_websocket(&patient.dialer, token, None).await
    }
}

/// Over polling, each request on a connection of its own: a balancer gets every chance to be wrong.
pub(super) async fn by_polling(dialer: &Dialer, token: Option<&str>) -> Result<Verdict, WireError> {
    let site = dialer.site();
    let target = site.engine("EIO=4&transport=polling");
    let opening = Opening::read(Answer::get(&target).send(dialer).await?);
    let opening = opening.map_err(WireError::NoOpening)?;
    let target = site.engine(&format!("EIO=4&transport=polling&sid={}", opening.sid));
    let sent = Answer::post(&target, &connect(&site.namespace, token));
    succeed(sent.send(dialer).await?)?;
    let verdict = poll(dialer, &target).await;
    leave(dialer, &opening.sid).await;
    verdict
}

/// Ends a session at once instead of after its silence. Whether it is heard does not matter.
pub(super) async fn leave(dialer: &Dialer, sid: &str) {
    let query = format!("EIO=4&transport=polling&sid={sid}");
    let target = dialer.site().engine(&query);
    let _ = Answer::post(&target, "1").send(dialer).await;
}

async fn poll(dialer: &Dialer, target: &str) -> Result<Verdict, WireError> {
    for _ in 0..ANSWERS {
        let answer = succeed(Answer::get(target).send(dialer).await?)?;
        for packet in answer.text().split('\u{1e}') {
            if packet == "2" {
                succeed(Answer::post(target, "3").send(dialer).await?)?;
            } else if let Some(verdict) = verdict(packet) {
                return Ok(verdict);
            }
        }
    }
    Err(WireError::Packet("no answer to CONNECT".to_owned()))
}

fn succeed(answer: Answer) -> Result<Answer, WireError> {
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(WireError::Refused(Box::new(answer)))
    }
}

/// Over WebSocket, as a page of that origin would.
pub(super) async fn by_websocket(
    dialer: &Dialer,
    token: Option<&str>,
    origin: Option<&str>,
) -> Result<Verdict, WireError> {
    let (mut channel, _) = Channel::session(dialer, origin).await?;
    let packet = connect(&dialer.site().namespace, token);
    let verdict = dialer.within(ask(&mut channel, &packet)).await;
    channel.close().await;
    verdict
}

/// Sends a CONNECT and waits for its answer.
pub(super) async fn ask(channel: &mut Channel, packet: &str) -> Result<Verdict, WireError> {
    channel.send(packet).await?;
    loop {
        let heard = channel.receive().await?;
        if heard == "2" {
            channel.send("3").await?;
        } else if let Some(verdict) = verdict(&heard) {
            return Ok(verdict);
        }
    }
}

fn verdict(packet: &str) -> Option<Verdict> {
    let message = packet.strip_prefix('4')?;
    Heard::decode(message).ok()?.verdict()
}
