//! The hooks, the cookie and the codes of refused requests.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use engineio::{
    Message, Sid, Transport,
    server::{Config, Cookie, Cors, Denied, Hooks},
};
use http::{HeaderName, HeaderValue};

use crate::harness::{Server, get, post, read_text, send, upgrade};

fn with(hooks: Hooks) -> Server {
    Server::new(Config {
        hooks,
        ..Config::default()
    })
}

fn strict() -> Hooks {
    Hooks::new().allow_request(|request| match request.header("x-key") {
        Some(_) => Ok(()),
        None => Err(Denied::new("a \"key\", please")),
    })
}

#[tokio::test(start_paused = true)]
async fn a_denied_request_is_code_4_with_its_message() {
    let server = with(strict());
    let answer = server.get("transport=polling").await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.body, r#"{"code":4,"message":"a \"key\", please"}"#);

    let answer = upgrade(&mut server.connect(), "").await;
    assert_eq!((answer.status, &*answer.body), (400, "a \"key\", please"));

    let request = "GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nhost: x\r\nx-key: 1\r\n\r\n";
    let answer = send(&mut server.connect(), request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(server.engine.sessions(), 1);
    // The session's own requests are not asked again.
    let sid = answer.sid();
    let query = format!("transport=polling&sid={sid}");
    assert_eq!(post(&mut server.connect(), &query, "4x").await.body, "ok");
    let answer = upgrade(&mut server.connect(), &format!("&sid={sid}")).await;
    assert_eq!(answer.status, 101);
}

#[tokio::test(start_paused = true)]
async fn a_hook_may_take_its_time_but_not_for_ever() {
    let later = |seconds: u64| {
        with(Hooks::new().allow_request_async(move |request| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            match request.secure() {
                true => Ok(()),
                false => Err(Denied::default()),
            }
        }))
    };
    assert_eq!(later(9).get("transport=polling").await.status, 200);
    let answer = later(11).get("transport=polling").await;
    assert_eq!(answer.body, r#"{"code":4,"message":"Forbidden"}"#);
}

#[tokio::test(start_paused = true)]
async fn header_hooks_change_the_first_answer_and_every_answer() {
    let name = |name| HeaderName::from_static(name);
    let server = with(
        Hooks::new()
            .initial_headers(move |headers, request| {
                let path = HeaderValue::from_str(request.uri.path()).unwrap();
                headers.insert(name("x-first"), path);
            })
            .headers(move |headers, _| {
                headers.insert(name("x-every"), HeaderValue::from_static("yes"));
            }),
    );
    let mut stream = server.connect();
    let first = get(&mut stream, "transport=polling").await;
    assert_eq!(first.header("x-first"), Some("/engine.io/"));
    assert_eq!(first.header("x-every"), Some("yes"));
    let query = format!("transport=polling&sid={}", first.sid());
    let next = post(&mut stream, &query, "4x").await;
    assert_eq!(
        (next.header("x-first"), next.header("x-every")),
        (None, Some("yes"))
    );

    let switch = upgrade(&mut server.connect(), "").await;
    assert_eq!(switch.status, 101);
    assert_eq!(switch.header("x-first"), Some("/engine.io/"));
    assert_eq!(switch.header("x-every"), Some("yes"));
    let probe = upgrade(&mut server.connect(), &format!("&sid={}", first.sid())).await;
    assert_eq!(
        (probe.header("x-first"), probe.header("x-every")),
        (None, Some("yes"))
    );
}

#[tokio::test(start_paused = true)]
async fn every_refusal_is_told_with_code_message_and_context() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&told);
    let mut config = Config {
        cors: Cors::Origins(["https://a.example".to_owned()].into()),
        ..Config::default()
    };
    config.hooks = strict().on_connection_error(move |error| {
        let (name, value) = error.context();
        let line = format!("{} {} {name}={value}", error.code(), error.message());
        list.lock().unwrap().push(line);
        assert_eq!(error.request.uri.path(), "/engine.io/");
    });
    let server = Server::new(config);
    let key = "host: x\r\nx-key: 1\r\n";
    let ask = async |line: &str, head: &str| {
        let request = format!("{line} HTTP/1.1\r\n{head}\r\n");
        send(&mut server.connect(), &request).await
    };
    ask("GET /engine.io/?EIO=4&transport=toString", key).await;
    ask("GET /engine.io/?EIO=4", key).await;
    ask("GET /engine.io/?EIO=4&transport=polling&sid=nobody", key).await;
    ask("DELETE /engine.io/?EIO=4&transport=polling", key).await;
    ask("GET /engine.io/?EIO=4&transport=websocket", key).await;
    ask("GET /engine.io/?EIO=4&transport=polling", "host: x\r\n").await;
    ask("GET /engine.io/?EIO=3&transport=polling", key).await;
    let open = ask("GET /engine.io/?EIO=4&transport=polling", key).await;
    let line = format!(
        "GET /engine.io/?EIO=4&transport=websocket&sid={}",
        open.sid()
    );
    ask(&line, key).await;
    let head =
        "host: x\r\norigin: https://b.example\r\nconnection: upgrade\r\nupgrade: websocket\r\n";
    ask("GET /engine.io/?EIO=4&transport=websocket", head).await;
    assert_eq!(
        *told.lock().unwrap(),
        [
            "0 Transport unknown transport=toString",
            "0 Transport unknown transport=",
            "1 Session ID unknown sid=nobody",
            "2 Bad handshake method method=DELETE",
            "3 Bad request name=TRANSPORT_HANDSHAKE_ERROR",
            "4 a \"key\", please message=a \"key\", please",
            "5 Unsupported protocol version protocol=3",
            "3 Bad request name=TRANSPORT_MISMATCH",
            "4 Forbidden message=Forbidden",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn ids_come_from_the_generator_and_one_in_use_is_refused() {
    let server = with(Hooks::new().id_generator(|request| {
        let id = request.header("x-id").map_or(0, |id| id.as_bytes()[0]);
        Sid::from_random([id; 15])
    }));
    let sid = Sid::from_random([0; 15]);
    assert_eq!(server.open().await, sid.as_str());
    let again = server.get("transport=polling").await;
    assert_eq!(again.body, r#"{"code":3,"message":"Bad request"}"#);
    assert_eq!(upgrade(&mut server.connect(), "").await.status, 400);
    assert_eq!(server.engine.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_cookie_is_set_by_the_polling_handshake_only() {
    let server = Server::new(Config {
        cookie: Some(Cookie::default()),
        ..Config::default()
    });
    let open = server.get("transport=polling").await;
    let sid = open.sid();
    let cookie = format!("io={sid}; Path=/; HttpOnly; SameSite=Lax");
    assert_eq!(open.header("set-cookie"), Some(&*cookie));
    let query = format!("transport=polling&sid={sid}");
    let next = post(&mut server.connect(), &query, "4x").await;
    assert_eq!(next.header("set-cookie"), None);
    let switch = upgrade(&mut server.connect(), "").await;
    assert_eq!((switch.status, switch.header("set-cookie")), (101, None));
}

#[tokio::test(start_paused = true)]
async fn an_initial_message_follows_the_open_packet() {
    let server = Server::new(Config {
        initial_message: Some(Message::Text("welcome".into())),
        ..Config::default()
    });
    let open = server.get("transport=polling").await;
    assert!(open.body.ends_with("\x1e4welcome"), "{}", open.body);
    let mut stream = server.open_websocket().await;
    assert_eq!(read_text(&mut stream).await, "4welcome");
}

#[tokio::test(start_paused = true)]
async fn transports_and_upgrades_may_be_fewer_and_the_path_without_a_slash() {
    let server = Server::new(Config {
        transports: vec![Transport::Polling],
        ..Config::default()
    });
    assert_eq!(
        upgrade(&mut server.connect(), "").await.body,
        "Transport unknown"
    );
    let open = server.get("transport=polling").await;
    assert!(open.body.contains(r#""upgrades":[]"#));

    let server = Server::new(Config {
        allow_upgrades: false,
        path: "/chat".to_owned(),
        ..Config::default()
    });
    let request = "GET /chat?EIO=4&transport=polling HTTP/1.1\r\nhost: x\r\n\r\n";
    let open = send(&mut server.connect(), request).await;
    assert!(open.body.contains(r#""upgrades":[]"#));
    let paths = ["/chat", "/chat/", "/chat/x", "/chatter", "/"];
    let matches = paths.map(|path| server.engine.matches(path));
    assert_eq!(matches, [true, true, true, false, false]);
    let slash = Server::new(Config::default()).engine;
    let paths = ["/engine.io/", "/engine.io/x", "/engine.io"];
    assert_eq!(paths.map(|path| slash.matches(path)), [true, true, false]);
}
