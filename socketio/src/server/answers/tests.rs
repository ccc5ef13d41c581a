use std::time::Duration;

use crate::server::crowd::crowd;
use crate::{AckError, Args};

fn args(json: &str) -> Args {
    Args::decode(Some(json.into()), Vec::new()).expect("an array")
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_wait_is_over_when_each_has_answered_left_or_run_out_of_time() {
    let (namespace, sockets) = crowd(4).await;
    let mut answers = namespace.timeout(SECOND).emit_with_ack("e", ());
    assert_eq!((answers.recipients(), namespace.gatherings().len()), (4, 1));
    let id = |index: usize| sockets[index].id();
    sockets[1].resolve(0, args("[1,2]"));
    sockets[1].resolve(0, args("[3]"));
    sockets[2].resolve(7, args("[4]"));
    sockets[0].disconnect(false);
    assert_eq!(answers.next().await, Some((id(1), Ok(args("[1,2]")))));
    assert_eq!(
        answers.next().await,
        Some((id(0), Err(AckError::Disconnected)))
    );
    sockets[3].resolve(0, args("[]"));
    let rest = (&mut answers).await.expect("encodes");
    assert_eq!(rest.answers, [(id(3), args("[]"))]);
    assert_eq!(rest.missing, [(id(2), AckError::Timeout)]);
    sockets[2].resolve(0, args("[5]"));
    assert_eq!(answers.next().await, None);
    drop(answers);
    assert_eq!(namespace.gatherings().len(), 0);
    sockets[2].resolve(0, args("[5]"));
}

#[tokio::test(start_paused = true)]
async fn nobody_to_ask_is_a_success_at_once() {
    let (namespace, _sockets) = crowd(1).await;
    let started = tokio::time::Instant::now();
    let gathered = namespace.to("nowhere").emit_with_ack("e", ()).await;
    assert!(gathered.is_ok_and(|all| all.is_complete() && all.answers.is_empty()));
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_not_waited_for() {
    let (namespace, sockets) = crowd(2).await;
    let answers = namespace.emit_with_ack("connect", ());
    assert_eq!((answers.recipients(), answers.error().is_some()), (0, true));
    assert!(answers.await.is_err());
    assert_eq!(namespace.gatherings().len(), 0);

    sockets[0]
        .session()
        .abort(engineio::CloseReason::TransportClose);
    let gathered = namespace.emit_with_ack("e", ());
    sockets[1].resolve(1, args("[]"));
    let gathered = gathered.await.expect("encodes");
    let gone = AckError::Emit(crate::EmitError::Disconnected);
    assert_eq!(gathered.missing, [(sockets[0].id(), gone)]);
    assert_eq!(gathered.answers.len(), 1);
}

#[tokio::test]
async fn answers_that_overtake_the_fan_out_count() {
    let (namespace, sockets) = crowd(2).await;
    let gathering = namespace.gatherings().open(9);
    sockets[0].resolve(9, args("[1]"));
    sockets[0].resolve(9, args("[2]"));
    namespace.gatherings().depart(sockets[1].id());
    gathering.seal(&[sockets[0].id()], &[]);
    let next = std::future::poll_fn(|cx| gathering.poll_next(cx));
    assert_eq!(next.await, Some((sockets[0].id(), Ok(args("[1]")))));
    let next = std::future::poll_fn(|cx| gathering.poll_next(cx));
    assert_eq!(next.await, None);
}
