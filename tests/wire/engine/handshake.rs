use super::{get, quiet};
use crate::engine;
use serde_json::Value;
use std::collections::HashSet;
use tests::{Frame, Options, Polling, Request, WebSocket};

const NEW: &str = tests::polling::NEW;

#[test]
fn the_open_packet_over_polling_has_the_keys_in_order() {
    let server = quiet();
    let response = get(&server, NEW);
    let sid = tests::polling::sid_of(response.text());
    let open = format!(
        r#"0{{"sid":"{sid}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#
    );
    assert_eq!(response.pair(), (200, open.as_str()));
}

#[test]
fn the_open_packet_over_websocket_offers_no_upgrade() {
    let server = quiet();
    let mut socket = WebSocket::open(&server, tests::websocket::NEW);
    let packet = socket.next_text();
    let sid = tests::polling::sid_of(&packet);
    let open = format!(
        r#"0{{"sid":"{sid}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#
    );
    assert_eq!(packet, open);
}

#[test]
fn the_settings_are_advertised() {
    let server = engine(&Options::conformance());
    let open = get(&server, NEW);
    let open: Value = serde_json::from_str(&open.text()[1..]).expect("JSON");
    assert_eq!(open["pingInterval"], 300);
    assert_eq!(open["pingTimeout"], 200);
    assert_eq!(open["maxPayload"], 1_000_000);
}

#[test]
fn the_handshake_has_the_headers_of_a_poll() {
    let server = quiet();
    let response = get(&server, NEW);
    assert_eq!(
        response.header("content-type"),
        Some("text/plain; charset=UTF-8")
    );
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let length = response.body.len().to_string();
    assert_eq!(response.header("content-length"), Some(length.as_str()));
}

#[test]
fn session_ids_are_20_url_safe_characters_and_never_repeat() {
    let server = quiet();
    let sids: Vec<_> = (0..50).map(|_| Polling::open(&server).sid).collect();
    for sid in &sids {
        assert_eq!(sid.len(), 20, "{sid}");
        let safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(sid.chars().all(safe), "{sid}");
    }
    assert_eq!(sids.iter().collect::<HashSet<_>>().len(), sids.len());
}

#[test]
fn no_upgrade_is_offered_when_upgrades_are_off() {
    let server = engine(&Options {
        allow_upgrades: Some(false),
        ..Options::default()
    });
    assert!(get(&server, NEW).text().contains(r#""upgrades":[]"#));
}

#[test]
fn no_upgrade_is_offered_to_a_transport_that_is_off() {
    let server = engine(&Options::transports(&["polling"]));
    assert!(get(&server, NEW).text().contains(r#""upgrades":[]"#));
}

#[test]
fn a_transport_that_is_off_is_unknown() {
    let server = engine(&Options::transports(&["websocket"]));
    let unknown = (400, r#"{"code":0,"message":"Transport unknown"}"#);
    assert_eq!(get(&server, NEW).pair(), unknown);
    let (mut socket, _) = WebSocket::session(&server);
    socket.expect_alive();
}

#[test]
fn a_missing_version_is_version_3_and_not_supported() {
    let server = quiet();
    let unsupported = (
        400,
        r#"{"code":5,"message":"Unsupported protocol version"}"#,
    );
    assert_eq!(get(&server, "?transport=polling").pair(), unsupported);
}

#[test]
fn any_version_but_the_exact_4_is_not_supported() {
    let server = quiet();
    let unsupported = (
        400,
        r#"{"code":5,"message":"Unsupported protocol version"}"#,
    );
    for version in ["3", "5", "04", "4x", "", "abc"] {
        let response = get(&server, &format!("?transport=polling&EIO={version}"));
        assert_eq!(response.pair(), unsupported, "{version}");
    }
}

#[test]
fn the_version_counts_in_the_handshake_only() {
    let server = quiet();
    let session = Polling::open(&server);
    let query = format!("?transport=polling&sid={}", session.sid);
    let mut poll = Request::new(&server, "GET", &query).start(&server);
    session.say(&["4hello"]);
    assert_eq!(poll.response().expect("an answer").pair(), (200, "4hello"));
}

#[test]
fn an_empty_sid_asks_for_a_new_session() {
    let server = quiet();
    let response = get(&server, &format!("{NEW}&sid="));
    assert!(response.text().starts_with(r#"0{"sid":""#), "{response:?}");
}

#[test]
fn the_last_of_two_equal_keys_wins() {
    let server = quiet();
    let query = "?EIO=3&transport=nothing&transport=polling&EIO=4";
    assert_eq!(get(&server, query).status, 200);
    let query = "?EIO=4&transport=polling&transport=nothing";
    assert_eq!(get(&server, query).status, 400);
}

#[test]
fn query_values_are_percent_decoded() {
    let server = quiet();
    assert_eq!(get(&server, "?E%49O=4&transport=poll%69ng").status, 200);
}

#[test]
fn unknown_keys_and_the_cache_buster_are_ignored() {
    let server = quiet();
    assert_eq!(
        get(&server, &format!("{NEW}&t=abc.1&x=%F0&&=&y")).status,
        200
    );
}

#[test]
fn everything_below_the_path_is_served() {
    let server = quiet();
    assert_eq!(get(&server, &format!("anything{NEW}")).status, 200);
    assert_eq!(get(&server, &format!("a/b/c{NEW}")).status, 200);
}

#[test]
fn the_path_without_its_slash_is_not_served() {
    let server = quiet();
    let path = server.path().trim_end_matches('/');
    let response = Request::at("GET", &format!("{path}{NEW}")).send(&server);
    assert_eq!(response.status, 404);
}

#[test]
fn b64_asks_for_base64_over_websocket() {
    let server = quiet();
    let mut socket = WebSocket::open(&server, "?EIO=4&transport=websocket&b64=1");
    socket.next_text();
    socket.binary(&[1, 2, 3, 4]);
    assert_eq!(socket.message(), Ok(Frame::text("bAQIDBA==")));
}

#[test]
fn an_empty_b64_asks_for_nothing() {
    let server = quiet();
    let mut socket = WebSocket::open(&server, "?EIO=4&transport=websocket&b64=");
    socket.next_text();
    socket.binary(&[1, 2, 3, 4]);
    assert_eq!(socket.message(), Ok(Frame::Binary(vec![1, 2, 3, 4])));
}
