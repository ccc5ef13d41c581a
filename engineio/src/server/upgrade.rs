//! A WebSocket arrives: the HTTP handshake, and the probe of a session that is on polling.

use std::{
    future::poll_fn,
    io,
    io::IoSlice,
    sync::Arc,
    task::{Poll, Waker},
};

use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{
        CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
        SEC_WEBSOCKET_VERSION, UPGRADE,
    },
};
use hyper::upgrade::OnUpgrade;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::{
    BadRequest, Body, HttpError, SessionEvent,
    core::Core,
    outbox::Form,
    session::Session,
    shared::Shared,
    websocket::{CloseCode, ReadEnd, WebSocket},
    wire::{self, WireWriter},
    writer::Write,
};
use crate::{
    Packet,
    session::{ProbeAction, ProbeId, Refusal},
};

/// Engine.IO `3probe` as a WebSocket text frame.
const PROBE_PONG: &[u8] = b"\x81\x063probe";

const NOT_WEBSOCKET: HttpError = HttpError::BadRequest(BadRequest::TransportHandshake);

/// Whether a request asks for a WebSocket.
pub(crate) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers
        .get(UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The 101 answer (RFC 6455, section 4.2.2). Of the subprotocols offered the first is taken, since
/// a browser that offered one fails without.
pub(crate) fn accept(request: &HeaderMap) -> Result<Response<Body>, HttpError> {
    let version = request
        .get(SEC_WEBSOCKET_VERSION)
        .map(HeaderValue::as_bytes);
    let key = request.get(SEC_WEBSOCKET_KEY).ok_or(NOT_WEBSOCKET)?;
    let asked = request
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let asked = asked.flat_map(|value| value.split(','));
    if version != Some(b"13")
        || !is_key(key.as_bytes())
        || !asked
            .into_iter()
            .any(|word| word.trim().eq_ignore_ascii_case("upgrade"))
    {
        return Err(NOT_WEBSOCKET);
    }
    let accept =
        HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| NOT_WEBSOCKET)?;
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    let offered = request
        .get(SEC_WEBSOCKET_PROTOCOL)
        .and_then(|offered| offered.to_str().ok());
    let first = offered.and_then(|offered| {
        offered
            .split(',')
            .map(str::trim)
            .find(|word| !word.is_empty())
    });
    if let Some(Ok(first)) = first.map(HeaderValue::from_str) {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, first);
    }
    Ok(response)
}

/// Whether a key is the base64 of 16 bytes.
fn is_key(key: &[u8]) -> bool {
    data_encoding::BASE64
        .decode(key)
        .is_ok_and(|nonce| nonce.len() == 16)
}

/// A WebSocket's two sides.
pub(crate) type Opened = (WebSocket, Arc<WireWriter>);

/// The answer 101 did not leave in time.
pub(crate) const TOO_LATE: &str = "upgrade_timeout";

/// Waits for hyper to hand over the stream. The reason why not, when the client does not take the
/// answer in time or has gone meanwhile.
pub(crate) async fn open(core: &Core, upgrade: OnUpgrade) -> Result<Opened, &'static str> {
    let config = core.config();
    let upgraded = timeout(config.upgrade_timeout, upgrade).await;
    let upgraded = upgraded.map_err(|_| TOO_LATE)?;
    let upgraded = upgraded.map_err(|_| "client_gone")?;
    let (reader, writer, ahead) = wire::split(upgraded, config.send_buffer);
    Ok((
        WebSocket::new(reader, ahead, config.max_payload),
        Arc::new(writer),
    ))
}

/// Starts the probe of a session over a new WebSocket. A second probe, or one of a session that
/// has upgraded, is closed at once; the session is untouched.
pub(crate) fn probe(session: &Session, form: Form, upgrade: OnUpgrade) {
    let shared = session.shared();
    let now = shared.core().now();
    // One step under the lock, so that whoever ends the session finds the task.
    let mut control = shared.control();
    match control.rules.on_probe_open(now) {
        Ok(id) => {
            let probe = Probe {
                shared: Arc::clone(shared),
                id,
            };
            let task = tokio::spawn(probe.run(form, upgrade));
            control.probe = Some(task.abort_handle());
        }
        Err(Refusal::AlreadyUpgrading | Refusal::Overlap | Refusal::WrongTransport) => {
            drop(control);
            tokio::spawn(refuse(Arc::clone(shared), upgrade));
        }
    }
}

/// Says goodbye to a WebSocket that came while another one probed or carried the session.
async fn refuse(shared: Arc<Shared>, upgrade: OnUpgrade) {
    let reason = "already_upgrading";
    tracing::info!(session = shared.number(), reason, "upgrade refused");
    shared.core().tally().on_upgrade(reason);
    if let Ok((_, writer)) = open(shared.core(), upgrade).await {
        drop(Goodbye(Some(writer)));
    }
}

/// The close frame of a probe that led nowhere, also of one whose task is aborted.
struct Goodbye(Option<Arc<WireWriter>>);

impl Drop for Goodbye {
    fn drop(&mut self) {
        if let Some(writer) = self.0.take() {
            // The stream ends next, so what does not leave at once does not matter.
            let frame = CloseCode::None.frame();
            let _ = writer.poll_write(&[IoSlice::new(&frame)], &|| Waker::noop().clone());
            let _ = writer.poll_flush(&|| Waker::noop().clone());
        }
    }
}

/// Why a probe led nowhere.
#[derive(Debug)]
#[expect(dead_code, reason = "the fields are for the log line")]
enum ProbeEnd {
    Read(ReadEnd),
    Write(io::Error),
    /// The client said something else than `2probe` and `5`. Its type only: what people say to each
    /// other does not belong in a log.
    Unexpected(char),
    /// The session ended between the client's last word and the switch.
    SessionOver,
}

/// One probe of a session; aborted when its time is up, or the session's.
struct Probe {
    shared: Arc<Shared>,
    id: ProbeId,
}

impl Probe {
    async fn run(self, form: Form, upgrade: OnUpgrade) {
        let shared = &self.shared;
        // The rules' deadline has changed.
        shared.wake_task();
        let (socket, writer) = match open(shared.core(), upgrade).await {
            Ok(opened) => opened,
            Err(reason) => {
                tracing::info!(session = shared.number(), reason, "upgrade abandoned");
                shared.core().tally().on_upgrade(reason);
                return shared.control().rules.on_probe_lost(self.id);
            }
        };
        let mut goodbye = Goodbye(Some(Arc::clone(&writer)));
        match self.talk(socket, form, &writer).await {
            Ok(()) => goodbye.0 = None,
            Err(end) => {
                let reason = "probe_failed";
                tracing::info!(session = shared.number(), reason, ?end, "upgrade abandoned");
                shared.core().tally().on_upgrade(reason);
                shared.control().rules.on_probe_lost(self.id);
            }
        }
    }

    async fn talk(
        &self,
        mut socket: WebSocket,
        form: Form,
        writer: &Arc<WireWriter>,
    ) -> Result<(), ProbeEnd> {
        let shared = &self.shared;
        loop {
            let packet = next(&mut socket).await.map_err(ProbeEnd::Read)?;
            if let Some(control) = socket.take_control() {
                write_all(writer, &control).await.map_err(ProbeEnd::Write)?;
            }
            let Some(packet) = packet else { continue };
            let now = shared.core().now();
            let action = shared
                .control()
                .rules
                .on_probe_packet(self.id, &packet, now);
            match action {
                ProbeAction::Pong => {
                    write_all(writer, PROBE_PONG)
                        .await
                        .map_err(ProbeEnd::Write)?;
                    shared.wake_task();
                    shared.tell(SessionEvent::Upgrading);
                }
                ProbeAction::Switch => {
                    shared.outbox().lock().set_form(form);
                    if !shared.switch(socket, Arc::clone(writer)) {
                        return Err(ProbeEnd::SessionOver);
                    }
                    shared.core().tally().on_upgrade("upgraded");
                    return Ok(());
                }
                ProbeAction::Abandon => return Err(ProbeEnd::Unexpected(packet.kind())),
            }
        }
    }
}

/// The next packet; `None` when only a control frame has come.
async fn next(socket: &mut WebSocket) -> Result<Option<Packet>, ReadEnd> {
    let mut packet = None;
    poll_fn(|cx| {
        let outcome = socket.poll_packets(cx, &mut |next| {
            packet = Some(next);
            false
        });
        match outcome {
            Poll::Pending if packet.is_none() && !socket.has_control() => Poll::Pending,
            Poll::Pending | Poll::Ready(Ok(())) => Poll::Ready(Ok(())),
            Poll::Ready(Err(end)) => Poll::Ready(Err(end)),
        }
    })
    .await?;
    Ok(packet)
}

async fn write_all(writer: &WireWriter, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written =
            poll_fn(|cx| writer.poll_write(&[IoSlice::new(bytes)], &|| cx.waker().clone())).await?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(written..).unwrap_or_default();
    }
    poll_fn(|cx| writer.poll_flush(&|| cx.waker().clone())).await
}
