//! What was kept for somebody, one handful after the other: the next when the socket has taken the one before.

use std::time::Duration;

use socketio::Socket;

use crate::chat::Chat;
use crate::command::{Action, Collect, Command, Reply, Speaker};
use crate::committer::Answer;
use crate::failure::Failure;
use crate::ids::SocketId;

/// How long a store that takes no writes is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// A socket that is handed what was kept for its user.
pub(super) struct Handover {
    pub(super) chat: Chat,
    pub(super) by: Speaker,
    pub(super) socket: Socket,
}

impl Handover {
    /// Asks for the first handful.
    pub(super) async fn begin(self) {
        let (chat, by) = (self.chat.clone(), self.by.clone());
        let action = self.action(None);
        chat.enqueue(Command { by, action }, self.go_on()).await;
    }

    /// Goes on after the first handful.
    pub(super) fn go_on(self) -> Answer {
        Box::new(move |answer| {
            if let Ok(Reply::Collected { last: Some(last) }) = answer {
                tokio::spawn(self.follow(last));
            }
        })
    }

    /// A socket that ends before it has taken a handful leaves it to the next one.
    async fn follow(self, mut last: u64) {
        while self.socket.session().drained().await.is_ok() && self.socket.is_connected() {
            match self.chat.act(&self.by, self.action(Some(last))).await {
                Ok(Reply::Collected { last: Some(next) }) => last = next,
                // What is written meanwhile waits behind it, so it must not be given up.
                Err(Failure::Unavailable) if self.chat.is_running() => {
                    tokio::time::sleep(PAUSE).await;
                }
                _ => return,
            }
        }
    }

    fn action(&self, received: Option<u64>) -> Action {
        Action::Collect(Collect {
            socket: SocketId::from(self.socket.id().as_str()),
            received,
        })
    }
}
