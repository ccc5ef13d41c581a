//! HTTP requests, each on a connection of its own.

use crate::case::Case;
use crate::joined::{self, Watcher, assert_socket_alive};
use tests::{Client, End, Request, Server, polling};

mod rows;

/// Whose id `{sid}` in the request is.
#[derive(Debug, Clone, Copy)]
enum Of {
    Nobody,
    Polling,
    WebSocket,
}

/// What comes back.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// A status and a text.
    Says(u16, &'static str),
    /// A status.
    Status(u16),
    /// A new session.
    Opens,
    /// A 101, then a close.
    Closes,
    /// The end of the connection, with or without a word.
    Ends,
}

/// Lines of a head, and a body. A session that is named has to survive.
type Row = (
    &'static str,
    Of,
    &'static [&'static str],
    &'static str,
    Answer,
);

/// All rows.
pub(crate) fn cases() -> Vec<Case> {
    let rows = rows::TABLES.iter().copied().flatten();
    let cases = rows.map(|&(name, of, lines, body, answer)| {
        Case::new("request", name, move |server, _| {
            run(server, of, lines, body, answer)
        })
    });
    cases.chain(special_cases()).collect()
}

fn run(server: &Server, of: Of, lines: &[&str], body: &str, answer: Answer) {
    match of {
        Of::Nobody => send(server, "", lines, body, answer),
        Of::Polling => {
            let (session, _) = joined::polling(server);
            send(server, &session.sid, lines, body, answer);
            joined::assert_alive(&session);
        }
        Of::WebSocket => {
            let (mut client, _) = Client::join(server);
            send(server, &client.sid, lines, body, answer);
            assert_socket_alive(&mut client.socket);
        }
    }
}

fn send(server: &Server, sid: &str, lines: &[&str], body: &str, answer: Answer) {
    let head = lines.join("\r\n").replace("{sid}", sid);
    let mut connection = server.connect();
    connection.write(format!("{head}\r\n\r\n{body}").as_bytes());
    let response = match answer {
        Answer::Ends => {
            connection.finish();
            assert_ne!(connection.ended(), End::Deadline);
            return;
        }
        _ => connection.response().expect("an answer"),
    };
    match answer {
        Answer::Says(status, text) => assert_eq!(response.pair(), (status, text)),
        Answer::Status(status) => assert_eq!(response.status, status),
        Answer::Opens => close(server, &polling::sid_of(response.text())),
        Answer::Closes | Answer::Ends => {
            assert_eq!(response.status, 101);
            connection.ended();
        }
    }
}

/// Ends a session that a row has opened.
fn close(server: &Server, sid: &str) {
    let query = format!("{}&sid={sid}", polling::NEW);
    let post = Request::new(server, "POST", &query).body(b"1").send(server);
    assert_eq!(post.pair(), (200, "ok"));
}

fn special_cases() -> Vec<Case> {
    vec![
        Case::new("request", "a head without an end", |server, _| {
            endless_head(server)
        }),
        Case::new("request", "a target without an end", |server, _| {
            endless_target(server)
        }),
        Case::new(
            "request",
            "a head that is cut off at each byte",
            |server, _| cut_off(server),
        ),
        Case::new(
            "request",
            "bad requests in a pipeline with good ones",
            pipeline,
        ),
        Case::new(
            "request",
            "a session whose connections close",
            closing_connections,
        ),
    ]
}

fn endless_head(server: &Server) {
    let mut connection = server.connect();
    connection.write(b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n");
    for i in 0..10_000 {
        connection.write(format!("x-{i}: {}\r\n", "y".repeat(50)).as_bytes());
    }
    assert_ne!(connection.ended(), End::Deadline);
}

fn endless_target(server: &Server) {
    let mut connection = server.connect();
    connection.write(b"GET /socket.io/?EIO=4&transport=polling&x=");
    for _ in 0..100 {
        connection.write("y".repeat(10_000).as_bytes());
    }
    assert_ne!(connection.ended(), End::Deadline);
}

fn cut_off(server: &Server) {
    let head = b"GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for length in 0..head.len() {
        let mut connection = server.connect();
        connection.write(&head[..length]);
        drop(connection);
    }
}

/// A refusal does not take the requests behind it along.
fn pipeline(server: &Server, _: &mut Watcher<'_>) {
    let (session, _) = joined::polling(server);
    let mut connection = server.connect();
    let bad = Request::new(server, "GET", "?EIO=4&transport=polling&sid=abc").encode();
    let good = session.request("POST").body(b"6").encode();
    connection.write(&[bad.as_slice(), &good, &bad, &good].concat());
    let statuses = [(); 4].map(|()| connection.response().expect("an answer").status);
    assert_eq!(statuses, [400, 200, 400, 200]);
    joined::assert_alive(&session);
}

fn closing_connections(server: &Server, _: &mut Watcher<'_>) {
    let (session, _) = joined::polling(server);
    for _ in 0..3 {
        let post = session.request("POST").header("Connection", "close");
        let post = post.body(br#"427["message-with-ack",1]"#).send(server);
        assert_eq!(post.pair(), (200, "ok"));
        let poll = session.request("GET").header("Connection", "close");
        assert_eq!(poll.send(server).pair(), (200, "437[1]"));
    }
    joined::assert_alive(&session);
}
