//! The chat as its users see it: commands in, replies out, and everything that can be read.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::command::{Action, Command, Reply, Speaker};
use crate::committer::{Answer, Item, Job};
use crate::config::{Config, Rates};
use crate::failure::Failure;
use crate::observer::Census;
use crate::publisher::Publisher;
use crate::store::{Store, StoreError};

/// The chat. Cheap to clone; the committer stops when the last clone is gone and the queue is empty.
#[derive(Clone)]
pub struct Chat {
    queue: mpsc::Sender<Item>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) config: Arc<Config>,
}

impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat")
            .field("store", &self.store)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl Chat {
    /// Starts the committer over a store. Must be called inside a tokio runtime.
    pub async fn start(
        config: Config,
        store: Arc<dyn Store>,
        publisher: Arc<dyn Publisher>,
    ) -> Result<Self, StoreError> {
        let config = Arc::new(config);
        let (queue, jobs) = mpsc::channel(config.queue);
        crate::committer::start(Arc::clone(&config), Arc::clone(&store), publisher, jobs).await?;
        Ok(Self {
            queue,
            store,
            config,
        })
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Carries out a command and waits for its answer: what it promises is stored by then.
    pub async fn submit(&self, command: Command) -> Result<Reply, Failure> {
        let (sender, receiver) = oneshot::channel();
        let answer = Box::new(move |answer| drop(sender.send(answer)));
        self.enqueue(command, answer).await;
        receiver.await.unwrap_or(Err(Failure::Unavailable))
    }

    /// Queues a command and returns when it has its place in the order; `answer` is called when it is done.
    pub async fn enqueue(&self, command: Command, answer: Answer) {
        let job = Item::Job(Job { command, answer });
        if let Err(mpsc::error::SendError(Item::Job(job))) = self.queue.send(job).await {
            (job.answer)(Err(Failure::Unavailable));
        }
    }

    /// [`Chat::submit`] with the parts of a [`Command`].
    pub async fn act(&self, by: &Speaker, action: Action) -> Result<Reply, Failure> {
        self.submit(Command {
            by: by.clone(),
            action,
        })
        .await
    }

    /// Other limits for every command that is queued after this one returns.
    pub async fn set_rates(&self, rates: Rates) {
        // Without a committer there is nobody to limit.
        let _ = self.queue.send(Item::Rates(rates)).await;
    }

    /// Whether commands are taken: until [`close`](Self::close), and as long as the committer lives.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.queue.is_closed()
    }

    /// How many commands wait for the committer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Counts what there is, behind everything that was queued before; `None` after the end.
    pub async fn census(&self) -> Option<Census> {
        let (sender, counted) = oneshot::channel();
        self.queue.send(Item::Census(sender)).await.ok()?;
        counted.await.ok()
    }

    /// Takes no more commands and returns when everything that was queued is committed, published and answered.
    pub async fn close(&self) {
        let (sender, closed) = oneshot::channel();
        if self.queue.send(Item::Close(sender)).await.is_ok() {
            let _ = closed.await;
        }
    }
}
