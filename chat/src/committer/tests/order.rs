//! Many writers, many joiners, two threads: everybody sees one order.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use crate::auth::{Identity, TokenHash};
use crate::chat::Chat;
use crate::command::{Action, Command, Notice, Post, Reply, Speaker};
use crate::config::Config;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::Page;
use crate::publisher::{Letter, Publication, Publisher, Subscription};
use crate::store::SqliteStore;
use crate::testing::{Scratch, guest, join};

const WRITERS: usize = 16;
const JOINERS: usize = 50;
const MESSAGES: usize = 60;

/// What every socket saw: its history, then what was published while it was subscribed.
#[derive(Debug, Default)]
struct Ears {
    heard: Mutex<FxHashMap<SocketId, Vec<u64>>>,
    subscribed: Mutex<Vec<SocketId>>,
}

impl Publisher for Ears {
    fn subscribe(&self, subscription: &Subscription) {
        self.subscribed.lock().push(subscription.socket.clone());
    }

    fn unsubscribe(&self, _: &Subscription) {}

    fn tell(&self, _: &Letter) {}

    fn expel(&self, _: TokenHash) {}

    fn publish(&self, publication: &Publication) {
        let Notice::Posted(words) = &publication.notice else {
            return;
        };
        let mut heard = self.heard.lock();
        for socket in self.subscribed.lock().iter() {
            heard
                .entry(socket.clone())
                .or_default()
                .push(words.message.seq);
        }
    }
}

fn config() -> Config {
    Config {
        rate_limit: None,
        auto_create: true,
        ..Config::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_member_sees_history_and_then_seq_without_gap_repeat_or_disorder() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(scratch.path()).await.expect("opens");
    let ears = Arc::new(Ears::default());
    let publisher: Arc<dyn Publisher> = Arc::<Ears>::clone(&ears);
    let chat = Chat::start(config(), store, publisher)
        .await
        .expect("starts");
    let room = RoomId::from("r");
    chat.act(&guest(), Action::Join(join(&room, "first")))
        .await
        .expect("made");
    let mut tasks = Vec::new();
    for _ in 0..WRITERS {
        tasks.push(tokio::spawn(write(chat.clone(), room.clone())));
    }
    for joiner in 0..JOINERS {
        tasks.push(tokio::spawn(listen(
            chat.clone(),
            Arc::clone(&ears),
            room.clone(),
            joiner,
        )));
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    chat.close().await;
    let total = (WRITERS * MESSAGES) as u64;
    let heard = ears.heard.lock();
    assert_eq!(heard.len(), JOINERS + 1);
    let mut in_midstream = 0;
    for (socket, seqs) in heard.iter() {
        let first = seqs.first().copied().unwrap_or(total);
        assert_eq!(*seqs, (first..=total).collect::<Vec<_>>(), "{socket}");
        in_midstream += usize::from(first > 1 || seqs.is_empty());
    }
    assert!(
        in_midstream > JOINERS / 2,
        "{in_midstream} joined with messages before them"
    );
}

/// Writes, each message after the ack of the one before, and checks that acks are in order.
async fn write(chat: Chat, room: RoomId) {
    let by = guest();
    let mut last = 0;
    for number in 0..MESSAGES {
        let post = Post::text(room.clone(), format!("message {number}"));
        let Ok(Reply::Posted(posted)) = chat.act(&by, Action::Post(post)).await else {
            panic!("stored")
        };
        assert!(posted.message.seq > last, "acks of one sender are in order");
        last = posted.message.seq;
    }
}

/// Joins when the room has got its share of the way. The answer is given in the same order as everything else, so it is noted in place.
async fn listen(chat: Chat, ears: Arc<Ears>, room: RoomId, joiner: usize) {
    let far = || {
        ears.heard
            .lock()
            .get(&SocketId::from("first"))
            .map_or(0, Vec::len)
    };
    while far() < joiner * WRITERS * MESSAGES / JOINERS {
        tokio::task::yield_now().await;
    }
    let socket = SocketId::from(format!("s{joiner}"));
    let command = Command {
        by: guest(),
        action: Action::Join(join(&room, socket.as_str())),
    };
    let (done, joined) = tokio::sync::oneshot::channel();
    let answer = move |reply| {
        let Ok(Reply::Joined(joined)) = reply else {
            panic!("public")
        };
        let seqs: Vec<u64> = joined.history.iter().map(|message| message.seq).collect();
        assert_eq!(seqs.last().copied().unwrap_or_default(), joined.seq);
        assert!(
            ears.heard.lock().insert(socket, seqs).is_none(),
            "nothing is heard before the history"
        );
        let _ = done.send(());
    };
    chat.enqueue(command, Box::new(answer)).await;
    joined.await.expect("answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_the_process_was_cut_off() {
    let scratch = Scratch::new();
    let acknowledged: Arc<Mutex<Vec<(u64, String)>>> = Arc::default();
    let room = RoomId::from("r");
    for round in 0..3 {
        // A runtime of its own, dropped in mid-stream: no close, no drain, tasks end where they stand.
        let (path, log, room) = (
            scratch.path().to_owned(),
            Arc::clone(&acknowledged),
            room.clone(),
        );
        let cut = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build();
            let runtime = runtime.expect("a runtime");
            runtime.block_on(async {
                let store = open_when_free(&path).await;
                let chat = Chat::start(config(), store, Arc::new(()))
                    .await
                    .expect("starts");
                chat.act(&guest(), Action::Join(join(&room, "s")))
                    .await
                    .expect("made");
                let target = (round + 1) * 200;
                for writer in 0..WRITERS {
                    tokio::spawn(write_and_log(
                        chat.clone(),
                        room.clone(),
                        Arc::clone(&log),
                        (round, writer),
                    ));
                }
                while log.lock().len() < target {
                    tokio::task::yield_now().await;
                }
            });
            runtime.shutdown_background();
        });
        cut.join().expect("no panic");
    }
    let store = open_when_free(scratch.path()).await;
    let all = Page {
        before: None,
        after: Some(0),
        limit: u32::MAX,
    };
    let stored = store.messages(&room, all).await.expect("readable");
    let seqs: Vec<u64> = stored.iter().map(|message| message.seq).collect();
    assert_eq!(
        seqs,
        (1..=stored.len() as u64).collect::<Vec<_>>(),
        "no gap"
    );
    for (seq, text) in acknowledged.lock().iter() {
        assert_eq!(stored[*seq as usize - 1].body, *text);
    }
}

async fn write_and_log(
    chat: Chat,
    room: RoomId,
    log: Arc<Mutex<Vec<(u64, String)>>>,
    who: (usize, usize),
) {
    let by = Speaker::new(Arc::new(Identity {
        user: UserId::guest(),
        ..Identity::guest()
    }));
    for number in 0.. {
        let text = format!("{who:?} {number}");
        let post = Post::text(room.clone(), text.clone());
        let Ok(Reply::Posted(posted)) = chat.act(&by, Action::Post(post)).await else {
            return;
        };
        log.lock().push((posted.message.seq, text));
    }
}

/// The tasks of a runtime that is shut down in the background end a moment later.
async fn open_when_free(path: &std::path::Path) -> Arc<dyn crate::store::Store> {
    for _ in 0..500 {
        if let Ok(store) = SqliteStore::open(path).await {
            return store;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the directory is still locked")
}
