use engineio::client::ACCEPT;
use engineio::{Frame, Transport};
use proptest::prelude::*;

use super::*;

const OPEN: &str =
    r#"0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100}"#;

fn address(url: &str) -> Arc<Address> {
    Arc::new(url.parse().unwrap())
}

fn frame(packet: &str) -> Vec<u8> {
    let (kind, text) = packet.split_at(1);
    assert_eq!(kind, "4");
    Frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()))
        .websocket()
        .to_vec()
}

/// Any text as a short frame: a message frame has a `4` of its own.
fn raw_frame(text: &str) -> Vec<u8> {
    let frame = Frame::binary(text.as_bytes());
    let mut bytes = frame.websocket().to_vec();
    bytes[0] = 0x81;
    bytes
}

/// Feeds pieces; what was noticed and what was written.
fn feed(session: &mut Session, input: &[u8]) -> Result<(Vec<String>, String), ClientError> {
    let mut notices = Vec::new();
    session.on_bytes(input, |notice| {
        notices.push(match notice {
            Notice::Connected => "connected".to_owned(),
            Notice::Event(array) => format!("event {}", String::from_utf8_lossy(array)),
            Notice::Ack { id, args } => format!("ack {id} {}", String::from_utf8_lossy(args)),
            Notice::Packet(packet) => format!("packet {}", String::from_utf8_lossy(packet)),
            Notice::Binary(data) => format!("binary {data:?}"),
        });
    })?;
    let written = String::from_utf8_lossy(session.outgoing()).into_owned();
    session.on_written(usize::MAX);
    Ok((notices, written))
}

fn accepted() -> Vec<u8> {
    format!("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {ACCEPT}\r\n\r\n").into()
}

fn connected(url: &str, answer: &str) -> Session {
    let mut session = Session::new(&address(url), Transport::WebSocket);
    session.on_written(usize::MAX);
    feed(&mut session, &[accepted(), raw_frame(OPEN)].concat()).unwrap();
    let (notices, _) = feed(&mut session, &frame(answer)).unwrap();
    assert_eq!(notices, ["connected"]);
    session
}

#[test]
fn a_session_opens_however_the_stream_is_cut() {
    let stream = [accepted(), raw_frame(OPEN), frame(r#"40{"sid":"x"}"#)].concat();
    for cut in 0..stream.len() {
        let mut session = Session::new(&address("http://a:1"), Transport::WebSocket);
        session.on_written(usize::MAX);
        let (head, tail) = stream.split_at(cut);
        let (mut notices, mut written) = feed(&mut session, head).unwrap();
        let (more, rest) = feed(&mut session, tail).unwrap();
        notices.extend(more);
        written += &rest;
        assert_eq!(notices, ["connected"], "cut at {cut}");
        assert!(written.ends_with("40"), "cut at {cut}: {written:?}");
    }
}

#[test]
fn events_acks_and_heartbeats_are_told_apart() {
    let mut session = connected("http://a:1", "40{}");
    let stream = [
        frame(r#"42["msg","a"]"#),
        raw_frame("2"),
        frame(r#"4312["b"]"#),
        frame(r#"427["wants an ack"]"#),
        frame(r#"42/other,["c"]"#),
    ];
    let (notices, written) = feed(&mut session, &stream.concat()).unwrap();
    let expected = [
        r#"event ["msg","a"]"#,
        r#"ack 12 ["b"]"#,
        r#"packet 27["wants an ack"]"#,
        r#"packet 2/other,["c"]"#,
    ];
    assert_eq!(notices, expected);
    assert!(written.ends_with('3'), "{written:?}");
}

#[test]
fn a_namespace_stands_in_every_packet() {
    let mut session = connected("http://a:1/chat", r#"40/chat,{"sid":"x"}"#);
    session.emit("hello", &(1, "two"), Some(3)).unwrap();
    let (notices, written) = feed(&mut session, &frame(r#"42/chat,["msg"]"#)).unwrap();
    assert_eq!(notices, [r#"event ["msg"]"#]);
    assert!(
        written.ends_with(r#"42/chat,3["hello",1,"two"]"#),
        "{written}"
    );
    let error = feed(&mut session, &frame("41/chat,")).unwrap_err();
    assert!(matches!(error, ClientError::Disconnected), "{error:?}");
}

#[test]
fn a_refusal_is_told_with_its_words() {
    let mut session = Session::new(&address("http://a:1"), Transport::WebSocket);
    let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnope\n";
    let error = feed(&mut session, answer).unwrap_err();
    assert_eq!(error.to_string(), "the server answered 404: nope");

    let mut session = Session::new(&address("http://a:1"), Transport::WebSocket);
    let stream = [accepted(), raw_frame(OPEN), frame(r#"44{"message":"no"}"#)].concat();
    let error = feed(&mut session, &stream).unwrap_err();
    let told = r#"the server refuses to connect: {"message":"no"}"#;
    assert_eq!(error.to_string(), told);
}

fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into()
}

#[test]
fn polling_posts_what_waits_and_then_polls() {
    let mut session = Session::new(&address("http://a:1"), Transport::Polling);
    session.on_written(usize::MAX);
    let (_, written) = feed(&mut session, &ok(OPEN)).unwrap();
    assert!(written.starts_with("POST /socket.io/?EIO=4&transport=polling&sid=abc "));
    assert!(written.ends_with("\r\n\r\n40"), "{written}");
    let (_, written) = feed(&mut session, &ok("ok")).unwrap();
    assert!(written.starts_with("GET /socket.io/?EIO=4&transport=polling&sid=abc "));

    let (notices, written) = feed(&mut session, &ok("40{}\x1e42[\"a\"]\x1e2\x1ebAQI=")).unwrap();
    assert_eq!(notices, ["connected", r#"event ["a"]"#, "binary [1, 2]"]);
    assert!(written.ends_with("\r\n\r\n3"), "{written}");

    session.send(br#"2["while the post is out"]"#);
    assert_eq!(session.outgoing(), b"");
    let (_, written) = feed(&mut session, &ok("ok")).unwrap();
    assert!(
        written.ends_with(r#"42["while the post is out"]"#),
        "{written}"
    );
}

#[test]
fn a_polling_answer_may_come_in_pieces() {
    let stream = ok(&format!("{OPEN}\x1e6"));
    for cut in 0..stream.len() {
        let mut session = Session::new(&address("http://a:1"), Transport::Polling);
        session.on_written(usize::MAX);
        let (head, tail) = stream.split_at(cut);
        assert_eq!(feed(&mut session, head).unwrap().1, "");
        assert!(feed(&mut session, tail).unwrap().1.starts_with("POST"));
    }
}

#[test]
fn an_id_that_would_be_a_request_is_refused() {
    let mut session = Session::new(&address("http://a:1"), Transport::Polling);
    let open = r#"0{"sid":"a HTTP/1.1\r\nX: y"}"#;
    assert!(feed(&mut session, &ok(open)).is_err());
}

/// What a server could send, valid or nearly, as one stream.
fn streams(transport: Transport) -> impl Strategy<Value = Vec<u8>> {
    const TEXTS: [&str; 13] = [
        OPEN,
        "2",
        "6",
        "1",
        "40{}",
        "41",
        "42[\"a\"]",
        "430[1]",
        "43x",
        "45",
        "4",
        "b",
        "bAQ==",
    ];
    let text = prop_oneof![
        prop::sample::select(&TEXTS[..]).prop_map(ToOwned::to_owned),
        "[ -~]{0,9}",
    ];
    let texts = prop::collection::vec(text, 0..6);
    (texts, prop::collection::vec(any::<u8>(), 0..9)).prop_map(move |(texts, noise)| {
        let opening = [OPEN, "40{}"].map(ToOwned::to_owned);
        let texts = opening.into_iter().chain(texts);
        let mut stream = match transport {
            Transport::WebSocket => {
                let frames = texts.flat_map(|text| raw_frame(&text));
                accepted().into_iter().chain(frames).collect()
            }
            Transport::Polling => texts.flat_map(|text| ok(&text)).collect::<Vec<_>>(),
        };
        stream.extend(noise);
        stream
    })
}

/// What comes of it, up to the error if there is one.
fn outcome(transport: Transport, pieces: [&[u8]; 3]) -> (Vec<String>, String, Option<String>) {
    let mut session = Session::new(&address("http://a:1"), transport);
    session.on_written(usize::MAX);
    let (mut notices, mut written) = (Vec::new(), String::new());
    for piece in pieces {
        match feed(&mut session, piece) {
            Ok((more, bytes)) => {
                notices.extend(more);
                written += &bytes;
            }
            Err(error) => return (notices, written, Some(error.to_string())),
        }
    }
    (notices, written, None)
}

proptest! {
    #[test]
    fn a_websocket_may_be_cut_anywhere(
        stream in streams(Transport::WebSocket),
        cuts: [prop::sample::Index; 2],
    ) {
        let mut cuts = cuts.map(|cut| cut.index(stream.len() + 1));
        cuts.sort_unstable();
        let [a, b] = cuts;
        let whole = outcome(Transport::WebSocket, [&stream, &[], &[]]);
        let pieces = outcome(Transport::WebSocket, [&stream[..a], &stream[a..b], &stream[b..]]);
        prop_assert_eq!(&pieces.2, &whole.2);
        if whole.2.is_none() {
            prop_assert_eq!(pieces, whole);
        }
    }

    #[test]
    fn no_stream_panics(
        stream in streams(Transport::Polling),
        noise: Vec<u8>,
        cut: prop::sample::Index,
    ) {
        let (head, tail) = stream.split_at(cut.index(stream.len() + 1));
        for transport in [Transport::Polling, Transport::WebSocket] {
            outcome(transport, [head, tail, &noise]);
            outcome(transport, [&noise, head, tail]);
        }
    }
}
