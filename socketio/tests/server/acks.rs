//! Acks, both ways.

use std::time::Duration;

use socketio::{Ack, AckError, Args, Binary, Config, Data, EmitError, Event, Socket, SocketIo};

use crate::harness::{Log, PATIENCE, Raw, listen, server};

#[tokio::test]
async fn questions_to_one_and_to_many_take_their_ids_from_one_counter_of_the_namespace() {
    let io = server();
    let (nsp, other) = (io.of("/"), io.of("/other"));
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.connect("/other,").await;
    let socket = nsp.sockets().pop().expect("connected");
    let _waits = socket.emit_with_ack("one", ());
    client.expect(r#"420["one"]"#).await;
    let _waits = nsp.timeout(PATIENCE).emit_with_ack("many", ());
    client.expect(r#"421["many"]"#).await;
    let _waits = other.timeout(PATIENCE).emit_with_ack("many", ());
    client.expect(r#"42/other,0["many"]"#).await;
    let _waits = socket.emit_with_ack("one", ());
    client.expect(r#"422["one"]"#).await;
}

#[tokio::test]
async fn the_return_value_is_the_ack() {
    let io = server();
    let nsp = io.of("/");
    nsp.on("nothing", || ());
    nsp.on("one", || vec![1, 2]);
    nsp.on("two", || async { (1, "two") });
    nsp.on("ok", || Ok::<_, String>((1, 2)));
    nsp.on("error", || async { Err::<(), _>("no") });
    nsp.on("binary", || Binary("abc".into()));
    nsp.on("raw", |args: Args| args);
    let (mut client, _) = Raw::join(listen(&io).await).await;
    for (event, ack) in [
        ("nothing", "4312[]"),
        ("one", "4312[[1,2]]"),
        ("two", r#"4312[1,"two"]"#),
        ("ok", "4312[1,2]"),
        ("error", r#"4312["no"]"#),
        ("raw", "4312[]"),
    ] {
        client.send(&format!(r#"4212["{event}"]"#)).await;
        client.expect(ack).await;
    }
    client.send(r#"420["binary"]"#).await;
    client
        .expect(r#"461-0[{"_placeholder":true,"num":0}]"#)
        .await;
    client.expect_binary(b"abc").await;
    client.send(r#"42["one"]"#).await;
    client.send(r#"4218446744073709551615["nothing"]"#).await;
    client.expect("4318446744073709551615[]").await;
}

#[tokio::test]
async fn a_handler_that_takes_the_ack_answers_when_it_likes() {
    let io = server();
    io.of("/").on("later", |Data(ms): Data<u64>, ack: Ack| {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            ack.send(("after", ms)).expect("connected");
        });
    });
    io.of("/").on("unasked", |ack: Ack| {
        assert!(!ack.is_expected());
        ack.send("ignored").expect("does nothing");
    });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"421["later",40]"#).await;
    client.send(r#"422["later",1]"#).await;
    client.send(r#"42["unasked"]"#).await;
    client.expect(r#"432["after",1]"#).await;
    client.expect(r#"431["after",40]"#).await;
}

#[tokio::test]
async fn a_client_is_asked_and_answers() {
    let io = server();
    let log = Log::default();
    let answers = log.clone();
    io.of("/")
        .on("ask me", move |socket: Socket, event: Event| {
            let log = answers.clone();
            async move {
                let answer = socket.emit_with_ack("question", event.args()).await;
                let answer = answer.and_then(|args| Ok(args.parse::<(String, u8)>()?));
                log.add(format!("{answer:?}"));
            }
        });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["ask me",1]"#).await;
    client.expect(r#"420["question",1]"#).await;
    // Nobody asked for these; the second is malformed only for who reads it.
    client.send("4399[1]").await;
    client.send("43").await;
    client.send(r#"430["yes",2]"#).await;
    client.send(r#"430["yes",2]"#).await;
    client.send(r#"42["ask me"]"#).await;
    client.expect(r#"421["question"]"#).await;
    client.send("431[]").await;
    let missing = r#"Err(Args(ArgsError { message: "argument 1 is missing" }))"#;
    log.expect(&[r#"Ok(("yes", 2))"#, missing]).await;
}

#[tokio::test]
async fn a_binary_answer_has_attachments() {
    let io = server();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    let socket = io.of("/").sockets().pop().expect("connected");
    let answer = socket.emit_with_ack("q", Binary("ask".into()));
    client
        .expect(r#"451-0["q",{"_placeholder":true,"num":0}]"#)
        .await;
    client.expect_binary(b"ask").await;
    client.send(r#"461-0[{"_placeholder":true,"num":0}]"#).await;
    client.send_binary(b"answer").await;
    let Binary(bytes) = answer.await.expect("in time").parse().expect("binary");
    assert_eq!(bytes, "answer");
}

#[tokio::test]
async fn every_wait_ends() {
    let io = server();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    let socket = io.of("/").sockets().pop().expect("connected");
    let short = socket.timeout(Duration::from_millis(10));
    let timed_out = short.emit_with_ack("q", ()).await;
    assert_eq!(timed_out, Err(AckError::Timeout));
    client.expect(r#"420["q"]"#).await;
    client.send("430[]").await;

    let waiting = socket.emit_with_ack("q", ());
    client.expect(r#"421["q"]"#).await;
    client.send("41").await;
    assert_eq!(waiting.await, Err(AckError::Disconnected));
    let reserved = socket.emit_with_ack("disconnect", ()).await;
    assert!(
        matches!(reserved, Err(AckError::Emit(EmitError::Encode(_)))),
        "{reserved:?}"
    );
}

#[tokio::test]
async fn a_handler_may_wait_for_an_answer() {
    let io = server();
    io.of("/").on("outer", |socket: Socket| async move {
        let answer = socket.emit_with_ack("inner", ()).await?;
        Ok::<u8, socketio::AckError>(answer.parse::<u8>()? + 1)
    });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"425["outer"]"#).await;
    client.expect(r#"420["inner"]"#).await;
    client.send("430[41]").await;
    client.expect("435[42]").await;
}

#[tokio::test]
async fn an_answer_behind_a_full_inbox_still_reaches_the_handler_that_waits_for_it() {
    let io = SocketIo::builder()
        .config(Config {
            inbox: 4,
            ..Config::default()
        })
        .build();
    io.of("/").on("ask", |socket: Socket| async move {
        let answer = socket.emit_with_ack("question", ()).await;
        socket.emit("asked", answer.is_ok()).expect("connected");
    });
    io.of("/").on("other", || ());
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["ask"]"#).await;
    client.expect(r#"420["question"]"#).await;
    for _ in 0..20 {
        client.send(r#"42["other"]"#).await;
    }
    client.send("430[]").await;
    client.expect(r#"42["asked",true]"#).await;
}
