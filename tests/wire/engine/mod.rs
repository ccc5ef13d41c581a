//! Rules of Engine.IO 4.

/// Why sessions end, as the application is told.
mod close;
/// Cross-origin answers.
mod cors;
/// Refusals: code, text and status.
mod errors;
/// The first packet and the query that asks for it.
mod handshake;
/// Pings and pongs.
mod heartbeat;
/// The largest payload, on both transports.
mod limits;
/// Long-polling: what comes down.
mod polling_get;
/// Long-polling: what goes up.
mod polling_post;
/// The way from polling to WebSocket.
mod upgrade;
/// Upgrades that fail, race or close.
mod upgrade_failure;
/// The WebSocket transport.
mod websocket;
/// How it is opened.
mod websocket_handshake;

use crate::engine;
use tests::{Options, Polling, Request, Response, Server, WebSocket};

/// A server with the defaults, whose heartbeat is too slow to disturb a test.
fn quiet() -> Server {
    engine(&Options::default())
}

/// A plain request.
fn get(server: &Server, query: &str) -> Response {
    Request::new(server, "GET", query).send(server)
}

/// The reason for which a session ended, waiting for its end.
fn reason(server: &Server, sid: &str) -> String {
    let (mut watcher, _) = WebSocket::session(server);
    watcher.text(&format!("4!watch {sid}"));
    let answer = watcher.next_text();
    let reason = answer.strip_prefix("4closed ");
    reason
        .unwrap_or_else(|| panic!("not a reason: {answer:?}"))
        .to_owned()
}

/// Makes the server act, through a session of its own.
fn command(server: &Server, command: &str) {
    let (mut puppeteer, _) = WebSocket::session(server);
    puppeteer.text(&format!("4!{command}"));
    // the echo comes after the command was obeyed
    puppeteer.expect_alive();
}

/// A session that was upgraded to a WebSocket.
fn upgraded(server: &Server) -> (Polling<'_>, WebSocket) {
    let session = Polling::open(server);
    let mut socket = WebSocket::open(server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    socket.text("5");
    socket.expect_alive();
    (session, socket)
}
