//! What several tests of this crate need.

mod flaky;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub(crate) use flaky::{BAD_ROW, Flaky};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::auth::{Identity, TokenHash};
use crate::chat::Chat;
use crate::command::{
    Action, Join, NewRoom, NewUser, Notice, Post, Posted, Reply, Speaker, VocabularyId,
};
use crate::config::Config;
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::RoomKind;
use crate::publisher::{Letter, Merging, Publication, Publisher, Subscription};
use crate::store::SqliteStore;

/// A path of its own that is removed with whatever is there.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        Self(std::env::temp_dir().join(format!("roomcast-chat-{}", uuid::Uuid::new_v4().simple())))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0).or_else(|_| std::fs::remove_file(&self.0));
    }
}

/// Somebody with a token.
pub(crate) fn known(user: &str) -> Speaker {
    Speaker::new(Arc::new(Identity::known(UserId::from(user), user)))
}

/// Somebody without one.
pub(crate) fn guest() -> Speaker {
    Speaker::new(Arc::new(Identity::guest()))
}

/// What a publisher was told.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Subscribe(Subscription),
    Unsubscribe(Subscription),
    Publish(Publication),
    Tell(Letter),
    Expel,
}

/// Remembers what it was told.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    told: Mutex<Vec<Told>>,
    news: Notify,
}

impl Recorder {
    /// What it was told since the last time.
    pub(crate) fn take(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock())
    }

    fn note(&self, told: Told) {
        self.told.lock().push(told);
        self.news.notify_one();
    }
}

impl Publisher for Recorder {
    fn subscribe(&self, subscription: &Subscription) {
        self.note(Told::Subscribe(subscription.clone()));
    }

    fn unsubscribe(&self, subscription: &Subscription) {
        self.note(Told::Unsubscribe(subscription.clone()));
    }

    fn publish(&self, publication: &Publication) {
        self.note(Told::Publish(publication.clone()));
    }

    fn tell(&self, letter: &Letter) {
        self.note(Told::Tell(letter.clone()));
    }

    fn expel(&self, _: TokenHash) {
        self.note(Told::Expel);
    }
}

/// How long a test waits for what is sure to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The vocabulary of most tests.
pub(crate) const TONGUE: VocabularyId = VocabularyId(0);

/// A chat on a scratch disk whose announcements are recorded.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) chat: Chat,
    pub(crate) store: Arc<Flaky>,
    pub(crate) told: Arc<Recorder>,
    _scratch: Scratch,
}

impl Stage {
    pub(crate) async fn new(config: Config) -> Self {
        let scratch = Scratch::new();
        let store = Flaky::new(
            SqliteStore::open(scratch.path())
                .await
                .expect("an empty directory opens"),
        );
        let told = Arc::new(Recorder::default());
        let publisher: Arc<dyn Publisher> = Arc::<Recorder>::clone(&told);
        let chat = Chat::start(config, Arc::<Flaky>::clone(&store), publisher)
            .await
            .expect("starts");
        Self {
            chat,
            store,
            told,
            _scratch: scratch,
        }
    }

    /// A user with this name; the id is made here.
    pub(crate) async fn user(&self, name: &str) -> UserId {
        let new = NewUser {
            name: name.to_owned(),
            handle: None,
        };
        match self.chat.act(&guest(), Action::CreateUser(new)).await {
            Ok(Reply::User(user)) => user.id.clone(),
            other => panic!("no user: {other:?}"),
        }
    }

    /// Somebody with a token, who exists.
    pub(crate) async fn known(&self, user: &str) -> Speaker {
        let speaker = known(user);
        self.chat
            .act(&speaker, Action::Appear)
            .await
            .expect("a new user");
        speaker
    }

    /// A room with this id, made by somebody.
    pub(crate) async fn room(&self, by: &Speaker, id: &str, kind: RoomKind) -> RoomId {
        let new = NewRoom {
            id: Some(RoomId::from(id)),
            name: id.to_owned(),
            kind,
        };
        self.chat
            .act(by, Action::CreateRoom(new))
            .await
            .expect("a new room");
        RoomId::from(id)
    }

    pub(crate) async fn post(
        &self,
        by: &Speaker,
        room: &RoomId,
        text: &str,
    ) -> Result<Posted, Failure> {
        self.post_as(by, Post::text(room.clone(), text)).await
    }

    pub(crate) async fn post_as(&self, by: &Speaker, post: Post) -> Result<Posted, Failure> {
        match self.chat.act(by, Action::Post(post)).await? {
            Reply::Posted(posted) => Ok(posted),
            other => panic!("no message: {other:?}"),
        }
    }

    pub(crate) async fn join(
        &self,
        by: &Speaker,
        room: &RoomId,
        socket: &str,
    ) -> Result<Reply, Failure> {
        self.chat.act(by, Action::Join(join(room, socket))).await
    }

    /// What was announced since the last time, as short words.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.told.take().iter().map(Told::word).collect()
    }

    /// The same, as soon as that is what a test waits for.
    pub(crate) async fn heard_once(&self, is_all: impl Fn(&[String]) -> bool) -> Vec<String> {
        let mut heard = self.heard();
        while !is_all(&heard) {
            let news = tokio::time::timeout(PATIENCE, self.told.news.notified()).await;
            assert!(news.is_ok(), "nothing follows after {heard:?}");
            heard.extend(self.heard());
        }
        heard
    }
}

/// A socket that joins and wants all the history there is.
pub(crate) fn join(room: &RoomId, socket: &str) -> Join {
    let (room, socket) = (room.clone(), SocketId::from(socket));
    Join {
        room,
        socket,
        vocabulary: TONGUE,
        history: usize::MAX,
        create: false,
        present: false,
        online: false,
    }
}

impl Told {
    fn word(&self) -> String {
        match self {
            Self::Subscribe(subscription) => format!("+{}", subscription.socket),
            Self::Unsubscribe(subscription) => format!("-{}", subscription.socket),
            Self::Publish(publication) => match &publication.notice {
                Notice::Entered(crossing) if publication.is_passing => {
                    format!(
                        "passing {} of {}",
                        crossing.user.name, crossing.present.count
                    )
                }
                notice @ Notice::Typing(_) if publication.is_passing => {
                    format!("passing {}", word(notice))
                }
                notice => match publication.merging {
                    Merging::Alone => word(notice),
                    Merging::Part => format!("part: {}", word(notice)),
                    Merging::Whole => format!("whole: {}", word(notice)),
                },
            },
            Self::Tell(letter) => {
                let to: Vec<_> = letter.sockets.iter().map(ToString::to_string).collect();
                format!("{} < {}", to.join("+"), word(&letter.notice))
            }
            Self::Expel => "expelled".to_owned(),
        }
    }
}

/// A notice as a few words.
fn word(notice: &Notice) -> String {
    match notice {
        Notice::Posted(words) => format!("posted {} {}", words.message.seq, words.message.body),
        Notice::Updated(words) => format!("updated {} {}", words.message.seq, words.message.body),
        Notice::Deleted(words) => format!("deleted {}", words.message.seq),
        Notice::Entered(crossing) => format!("entered {}", crossing.user.name),
        Notice::Exited(crossing) => format!("exited {}", crossing.user.name),
        Notice::MemberAdded(_, member) => format!("member {}", member.user),
        Notice::MemberRemoved(_, user) => format!("no member {user}"),
        Notice::Typing(typing) if typing.is_typing => format!("{} types", typing.user.name),
        Notice::Typing(typing) => format!("{} stopped", typing.user.name),
        Notice::Read(receipt) => format!("read by {}", receipt.user),
        Notice::Status(status) if status.is_online => format!("{} online", status.user),
        Notice::Status(status) => format!("{} offline", status.user),
        Notice::Delivered(words) => format!("delivered {}", words.message.body),
        Notice::Subscribed(room) => format!("hears {}", room.id),
        Notice::Unsubscribed(room) => format!("hears {} no more", room.id),
    }
}
