//! Every close completes, whatever the client does.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use engineio::{CloseReason, server::Config};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf},
    time::{Instant, sleep, timeout},
};

use crate::harness::{PATIENCE, Server, get, read_frame, read_text, unit, upgrade};

/// Runs `wait` and answers how long it took.
async fn time(wait: impl Future<Output = ()>) -> Duration {
    let begun = Instant::now();
    timeout(PATIENCE, wait).await.expect("an end");
    begun.elapsed()
}

async fn gone(server: &Server) {
    while server.engine.sessions() > 0 {
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_reads_is_gone_when_the_close_times_out() {
    let config = Config {
        write_timeout: Duration::from_secs(60),
        ..Config::default()
    };
    let limit = config.close_timeout;
    let server = Server::new(config);
    let mut stream = server.open_websocket().await;
    let session = server.session();
    session.send(&unit(20_000)).unwrap();
    session.close(CloseReason::ForcedClose);
    let took = time(gone(&server)).await;
    assert!(took >= limit && took < limit + Duration::from_secs(1));
    assert_eq!(server.seen(), ["closed: forced close"]);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.len() < 20_000, "the stream ended in the middle");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_slowly_gets_everything_and_the_close_frame() {
    let server = Server::new(Config::default());
    let mut stream = server.open_websocket().await;
    let session = server.session();
    session.send(&unit(20_000)).unwrap();
    session.close(CloseReason::ForcedClose);
    sleep(Duration::from_secs(20)).await;
    assert_eq!(read_frame(&mut stream).await.unwrap().1.len(), 20_001);
    assert_eq!(read_frame(&mut stream).await, Some((0x88, Vec::new())));
    // It does not answer the close frame either.
    let linger = Config::default().linger;
    assert!(time(gone(&server)).await <= linger + Duration::from_secs(1));
    assert_eq!(read_frame(&mut stream).await, None);
}

#[tokio::test(start_paused = true)]
async fn writes_without_progress_end_the_session() {
    let server = Server::new(Config {
        ping_timeout: Duration::from_secs(600),
        ..Config::default()
    });
    let _stream = server.open_websocket().await;
    server.session().send(&unit(20_000)).unwrap();
    let took = time(gone(&server)).await;
    let limit = Config::default().write_timeout;
    assert!(took >= limit && took < limit + Duration::from_secs(1));
    assert_eq!(server.seen(), ["closed: transport error"]);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_answers_polls_and_waits_for_nobody_for_ever() {
    let server = Server::new(Config::default());
    let _silent = server.open_websocket().await;
    server.session().send(&unit(20_000)).unwrap();
    let _away = server.open().await;
    let polling = server.open().await;
    let query = format!("transport=polling&sid={polling}");
    let mut probe = server.connect();
    assert_eq!(
        upgrade(&mut probe, &format!("&sid={polling}")).await.status,
        101
    );

    let mut connection = server.connect();
    let poll = async {
        let answered = Instant::now();
        let answer = get(&mut connection, &query).await;
        (answer.body, answered.elapsed())
    };
    let shutdown = async {
        sleep(Duration::from_secs(1)).await;
        time(server.engine.shutdown()).await
    };
    let ((body, answered), took) = tokio::join!(poll, shutdown);
    assert_eq!(body, "1");
    assert!(answered < Duration::from_secs(2));
    let limit = Config::default().close_timeout;
    assert!(took >= limit && took < limit + Duration::from_secs(1));
    assert_eq!(read_frame(&mut probe).await, Some((0x88, Vec::new())));
    assert_eq!(read_frame(&mut probe).await, None);
    assert_eq!(server.get("transport=polling").await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_has_a_deadline_of_its_own() {
    let server = Server::new(Config {
        shutdown_timeout: Duration::from_secs(2),
        ..Config::default()
    });
    let mut stream = server.open_websocket().await;
    server.session().send(&unit(20_000)).unwrap();
    let took = time(server.engine.shutdown()).await;
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(3));
    assert_eq!(server.engine.sessions(), 0);
    assert_eq!(server.engine.queued(), 0);
    let mut rest = Vec::new();
    let end = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    end.expect("the stream ends").unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_half_closed_stream_is_a_closed_one() {
    let server = Server::new(Config::default());
    let mut stream = server.open_websocket().await;
    stream.shutdown().await.unwrap();
    assert!(time(gone(&server)).await < Duration::from_secs(1));
    assert_eq!(server.seen(), ["closed: transport close"]);
    assert_eq!(read_frame(&mut stream).await, None);
}

/// Keeps what is written until it is flushed, as TLS may; a flush waits for the gate.
struct Holding {
    inner: DuplexStream,
    held: Vec<u8>,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    shut: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Gate {
    fn set(&self, shut: bool) {
        self.shut.store(shut, Ordering::SeqCst);
        if let Some(waker) = self.waker.lock().unwrap().take() {
            waker.wake();
        }
    }
}

impl AsyncRead for Holding {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Holding {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.held.extend(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        *this.gate.waker.lock().unwrap() = Some(cx.waker().clone());
        if this.gate.shut.load(Ordering::SeqCst) {
            return Poll::Pending;
        }
        while !this.held.is_empty() {
            let written = ready!(Pin::new(&mut this.inner).poll_write(cx, &this.held))?;
            this.held.drain(..written);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

async fn open_holding(server: &Server) -> (DuplexStream, Arc<Gate>) {
    let (mut client, inner) = tokio::io::duplex(4096);
    let gate = Arc::<Gate>::default();
    let held = Vec::new();
    let stream = Holding {
        inner,
        held,
        gate: Arc::clone(&gate),
    };
    server.serve(stream, "10.0.0.1:1".parse().unwrap());
    assert_eq!(upgrade(&mut client, "").await.status, 101);
    assert!(read_text(&mut client).await.starts_with("0{"));
    (client, gate)
}

#[tokio::test(start_paused = true)]
async fn what_a_stream_holds_back_is_flushed_when_it_can_be() {
    let server = Server::new(Config::default());
    let (mut client, gate) = open_holding(&server).await;
    let session = server.session();
    gate.set(true);
    session.send(&unit(3)).unwrap();
    let drained = timeout(Duration::from_secs(1), session.drained()).await;
    assert!(drained.is_err(), "nothing has left");
    gate.set(false);
    assert_eq!(read_text(&mut client).await, "4xxx");
    session.drained().await.unwrap();

    gate.set(true);
    session.send(&unit(2)).unwrap();
    session.close(CloseReason::ForcedClose);
    sleep(Duration::from_secs(20)).await;
    gate.set(false);
    assert_eq!(read_text(&mut client).await, "4xx");
    assert_eq!(read_frame(&mut client).await, Some((0x88, Vec::new())));
    assert_eq!(read_frame(&mut client).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_never_flushes_ends_in_time() {
    for close in [false, true] {
        let server = Server::new(Config::default());
        let (mut client, gate) = open_holding(&server).await;
        gate.set(true);
        server.session().send(&unit(3)).unwrap();
        if close {
            server.session().close(CloseReason::ForcedClose);
        }
        let took = time(gone(&server)).await;
        assert!(took <= Config::default().write_timeout + Duration::from_secs(1));
        assert_eq!(read_frame(&mut client).await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_is_cut_when_the_patience_ends_and_not_at_the_next_ping() {
    let config = Config {
        write_timeout: Duration::from_secs(3),
        ..Config::default()
    };
    let server = Server::new(config);
    let _stream = server.open_websocket().await;
    server.session().send(&unit(20_000)).unwrap();
    let took = time(gone(&server)).await;
    assert!(took >= Duration::from_secs(3), "{took:?}");
    assert!(took < Duration::from_secs(4), "{took:?}");
    assert_eq!(
        server.session().close_detail().unwrap().code(),
        "write_stalled"
    );
}
