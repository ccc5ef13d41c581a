//! CONNECT, middlewares, and what does not fit the connection.

use std::time::Duration;

use serde_json::json;
use socketio::server::Auth;
use socketio::{Config, ConnectError, Data, DisconnectReason, Socket, SocketIo};

use crate::harness::{Log, Raw, listen, server, until};

#[tokio::test]
async fn the_socket_id_is_not_the_session_id() {
    let io = server();
    let (client, sid) = Raw::join(listen(&io).await).await;
    assert_eq!(sid.len(), 20);
    assert_ne!(sid, client.sid);
}

#[tokio::test]
async fn the_handshake_tells_auth_query_and_address() {
    let io = server();
    io.of("/").on_connect(|socket: Socket| {
        let handshake = socket.handshake();
        let told = (
            handshake.auth(),
            handshake.query_value("k"),
            handshake.address().is_some(),
            handshake.header("host").is_some(),
            handshake.url().starts_with("/socket.io/?EIO=4"),
            handshake.secure(),
            handshake.xdomain(),
        );
        socket.emit("told", told).is_ok()
    });
    let mut client = Raw::open_with(listen(&io).await, "&k=a%20b").await;
    client.send(r#"40{"token":1.0}"#).await;
    assert!(client.text().await.expect("CONNECT").starts_with("40{"));
    let told = r#"42["told",{"token":1.0},"a b",true,true,true,false,false]"#;
    client.expect(told).await;
}

#[tokio::test]
async fn an_unknown_namespace_is_refused_and_the_session_stays() {
    let io = server();
    let mut client = Raw::open(listen(&io).await).await;
    client.send("40/nowhere?x=1,{}").await;
    client
        .expect(r#"44/nowhere?x=1,{"message":"Invalid namespace"}"#)
        .await;
    client.connect("").await;
}

#[tokio::test]
async fn middlewares_run_in_order_and_refuse_with_data() {
    let io = server();
    let log = Log::default();
    let nsp = io.of("/");
    let first = log.clone();
    nsp.middleware(move |socket: Socket| {
        first.add("first");
        assert!(!socket.is_connected());
        socket
            .join("early")
            .map_err(|error| ConnectError::new(error.to_string()))
    });
    let second = log.clone();
    nsp.middleware(move |auth: Auth| {
        second.add("second");
        async move {
            tokio::task::yield_now().await;
            match auth.raw() {
                "{}" => Err(ConnectError::new("no").with_data(&json!({ "code": 7 }))),
                _ => Ok(()),
            }
        }
    });
    let connected = log.clone();
    nsp.on_connect(move || connected.add("connected"));
    let disconnected = log.clone();
    nsp.on_disconnect(move || disconnected.add("disconnected"));

    let mut client = Raw::open(listen(&io).await).await;
    client.send("40").await;
    client
        .expect(r#"44{"message":"no","data":{"code":7}}"#)
        .await;
    assert_eq!(nsp.to("early").emit("x", ()), Ok(0));
    assert!(nsp.rooms_in_use().is_empty());
    client.send(r#"40{"token":1}"#).await;
    assert!(client.text().await.expect("CONNECT").starts_with("40{"));
    assert_eq!(nsp.to("early").emit("x", ()), Ok(1));
    client.expect(r#"42["x"]"#).await;
    log.expect(&["first", "second", "first", "second", "connected"])
        .await;
}

#[tokio::test]
async fn auth_of_the_wrong_type_is_a_connect_error() {
    let io = server();
    io.of("/")
        .middleware(|Data(_): Data<Token>| Ok::<(), ConnectError>(()));
    let mut client = Raw::open(listen(&io).await).await;
    client.send(r#"40{"token":1}"#).await;
    let refused = client.text().await.expect("CONNECT_ERROR");
    assert!(
        refused.contains("invalid type") && refused.contains("invalid_arguments"),
        "{refused}"
    );
}

#[derive(serde::Deserialize)]
struct Token {
    #[serde(rename = "token")]
    _token: String,
}

#[tokio::test]
async fn what_a_middleware_emits_precedes_connect() {
    let io = server();
    io.of("/").middleware(|socket: Socket| {
        socket
            .emit("early", 1)
            .map_err(|error| ConnectError::new(error.to_string()))
    });
    let mut client = Raw::open(listen(&io).await).await;
    client.send("40").await;
    client.expect(r#"42["early",1]"#).await;
    assert!(client.text().await.expect("CONNECT").starts_with("40{"));
}

#[tokio::test]
async fn packets_that_do_not_fit_close_every_namespace() {
    let io = server();
    let log = Log::default();
    let reasons = log.clone();
    io.of("/")
        .on_disconnect(move |reason: DisconnectReason| reasons.add(reason.as_str()));
    let _ = io.of("/other");
    let address = listen(&io).await;
    let cases = [
        "40",
        r#"42/other,["x"]"#,
        "43/other,1[]",
        "41/other,",
        r#"44"x""#,
        r#"42/no,["x"]"#,
    ];
    for packet in cases {
        let (mut client, _) = Raw::join(address).await;
        client.send(packet).await;
        client.expect_close().await;
    }
    log.expect(&["forced server close"; 6]).await;
    for packet in [r#"42["x"]"#, "430[]", "41", r#"44"x""#] {
        let mut client = Raw::open(address).await;
        client.send(packet).await;
        client.expect_close().await;
    }
}

#[tokio::test]
async fn malformed_packets_close_with_forced_close() {
    let io = server();
    let log = Log::default();
    let reasons = log.clone();
    io.of("/")
        .on_disconnect(move |reason: DisconnectReason| reasons.add(reason.as_str()));
    let address = listen(&io).await;
    let cases = [
        "4",
        "4abc",
        "42",
        "42[]",
        r#"42["connect"]"#,
        "4511-[1]",
        r#"42["x""#,
        "49",
    ];
    for packet in cases {
        let (mut client, _) = Raw::join(address).await;
        client.send(packet).await;
        client.expect_close().await;
    }
    let (mut client, _) = Raw::join(address).await;
    client.send_binary(b"unexpected").await;
    client.expect_close().await;
    log.expect(&["forced close"; 9]).await;
}

#[tokio::test]
async fn a_second_connect_waits_for_the_middlewares_of_the_first() {
    let io = server();
    let attempts = Log::default();
    let attempt = attempts.clone();
    io.of("/").middleware(move |auth: Auth| {
        attempt.add(auth.raw());
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if auth.raw() == "{}" {
                Err(ConnectError::new("no"))
            } else {
                Ok(())
            }
        }
    });
    let address = listen(&io).await;
    let mut client = Raw::open(address).await;
    client.send("40").await;
    client.send(r#"40{"a":1}"#).await;
    client.expect(r#"44{"message":"no"}"#).await;
    assert!(client.text().await.expect("CONNECT").starts_with("40{"));
    attempts.expect(&["{}", r#"{"a":1}"#]).await;

    let mut client = Raw::open(address).await;
    client.send(r#"40{"a":2}"#).await;
    client.send(r#"40{"a":3}"#).await;
    assert!(client.text().await.expect("CONNECT").starts_with("40{"));
    client.expect_close().await;
}

#[tokio::test]
async fn who_joins_no_namespace_is_closed() {
    let mut config = Config {
        connect_timeout: Duration::from_millis(300),
        ..Config::default()
    };
    config.engine.linger = Duration::from_millis(10);
    let io = SocketIo::new(config);
    io.of("/").on("ping-pong", || ());
    let address = listen(&io).await;
    let mut idle = Raw::open(address).await;
    let mut refused = Raw::open(address).await;
    let (mut joined, _) = Raw::join(address).await;
    refused.send("40/nowhere").await;
    refused
        .expect(r#"44/nowhere,{"message":"Invalid namespace"}"#)
        .await;
    idle.expect_close().await;
    refused.expect_close().await;
    joined.expect_nothing().await;
    until(|| io.sessions() == 1).await;
}

#[tokio::test]
async fn namespaces_per_client_are_limited() {
    let config = Config {
        namespaces_per_client: 2,
        ..Config::default()
    };
    let io = SocketIo::new(config);
    (0..3).for_each(|number| _ = io.of(&format!("/{number}")));
    let mut client = Raw::open(listen(&io).await).await;
    client.connect("/0,").await;
    client.connect("/1,").await;
    client.send("40/2").await;
    let refused = client.text().await.expect("CONNECT_ERROR");
    assert!(refused.contains("too_many_namespaces"), "{refused}");
    client.send("41/1,").await;
    client.connect("/2,").await;
}

#[tokio::test]
async fn attachments_have_a_deadline() {
    let config = Config {
        attachment_timeout: Duration::from_millis(30),
        ..Config::default()
    };
    let (mut client, _) = Raw::join(listen(&SocketIo::new(config)).await).await;
    client
        .send(r#"451-["x",{"_placeholder":true,"num":0}]"#)
        .await;
    client.expect_close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connect_is_first_on_the_wire_whatever_is_broadcast() {
    let io = server();
    let nsp = io.of("/");
    nsp.middleware(|socket: Socket| {
        socket
            .join(["a", "b"])
            .map_err(|error| ConnectError::new(error.to_string()))
    });
    let address = listen(&io).await;
    let noise = nsp.clone();
    let noise = tokio::spawn(async move {
        loop {
            for emitter in [noise.to("a"), noise.to(["a", "b"]), noise.except("c")] {
                emitter.emit("noise", ()).expect("encodes");
            }
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..30 {
        let (mut client, _) = Raw::join(address).await;
        client.expect(r#"42["noise"]"#).await;
    }
    noise.abort();
}
