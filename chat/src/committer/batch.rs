//! The loop: drain, load, apply, commit, hand on.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

use super::announcer::{self, Announcement, BACKLOG, Effect};
use super::state::{Moment, Outcome, State};
use super::surroundings::Turn;
use crate::auth::Identity;
use crate::command::{Action, Command, Reply, Speaker};
use crate::config::{Config, Rates};
use crate::failure::Failure;
use crate::observer::Census;
use crate::publisher::Publisher;
use crate::store::{Change, Store, StoreError};
use crate::time::Timestamp;

/// Called once, in commit order, when the command is done. It must not block.
pub type Answer = Box<dyn FnOnce(Result<Reply, Failure>) + Send>;

/// A command on its way.
pub(crate) struct Job {
    pub(crate) command: Command,
    pub(crate) answer: Answer,
}

/// What is in the queue.
pub(crate) enum Item {
    /// A command.
    Job(Job),
    /// Count what there is.
    Census(oneshot::Sender<Census>),
    /// Other limits from here on.
    Rates(Rates),
    /// Take nothing more, finish what is queued, and say so.
    Close(oneshot::Sender<()>),
}

struct Committer {
    config: Arc<Config>,
    store: Arc<dyn Store>,
    state: State,
    announce: mpsc::Sender<Announcement>,
}

/// Starts the committer and the announcer.
pub(crate) async fn start(
    config: Arc<Config>,
    store: Arc<dyn Store>,
    publisher: Arc<dyn Publisher>,
    queue: mpsc::Receiver<Item>,
) -> Result<(), StoreError> {
    // Whoever was in a room when the last process stopped is not any more.
    store
        .commit(&[
            Change::CheckinsClosed(Timestamp::now()),
            Change::SessionsExpired(Timestamp::now()),
        ])
        .await?;
    let state = State::new(Arc::clone(&config), store.counters().await?);
    let (announce, committed) = mpsc::channel(BACKLOG);
    let observer = Arc::clone(&config.observer);
    let announcer = tokio::spawn(announcer::run(publisher, observer, committed));
    let committer = Committer {
        config,
        store,
        state,
        announce,
    };
    tokio::spawn(async move {
        let closing = committer.run(queue).await;
        // The committer is gone and with it the sender, so the announcer ends when everything is announced.
        let _ = announcer.await;
        for closed in closing {
            let _ = closed.send(());
        }
    });
    Ok(())
}

impl Committer {
    async fn run(mut self, mut queue: mpsc::Receiver<Item>) -> Vec<oneshot::Sender<()>> {
        let mut closing = Vec::new();
        let mut items = Vec::with_capacity(self.config.batch);
        while self.next(&mut queue, &mut items).await > 0 {
            let mut jobs = Vec::with_capacity(items.len());
            let mut counting = Vec::new();
            for item in items.drain(..) {
                match item {
                    Item::Job(job) => jobs.push(job),
                    Item::Census(asker) => counting.push(asker),
                    Item::Rates(rates) => self.state.set_rates(rates),
                    Item::Close(closed) => {
                        queue.close();
                        closing.push(closed);
                    }
                }
            }
            if !jobs.is_empty() {
                self.commit(jobs).await;
            }
            for asker in counting {
                // Who asked may not be there any more.
                let _ = asker.send(self.state.census());
            }
        }
        if let Err(error) = self.store.settle().await {
            tracing::warn!(%error, "the store is complete but not at rest");
        }
        closing
    }

    /// What waits in the queue, or what happens by itself.
    async fn next(&self, queue: &mut mpsc::Receiver<Item>, items: &mut Vec<Item>) -> usize {
        let Some(due) = self.state.next_due() else {
            return queue.recv_many(items, self.config.batch).await;
        };
        // A queue that is never empty must not keep things from ending.
        if due > Instant::now() {
            // Cancel-safe: what was not received stays in the queue.
            let received = queue.recv_many(items, self.config.batch);
            if let Ok(count) = timeout_at(due.into(), received).await {
                return count;
            }
        }
        items.push(Item::Job(Job {
            command: Command {
                by: Speaker::new(Arc::new(Identity::guest())),
                action: Action::Elapse,
            },
            answer: Box::new(|_| {}),
        }));
        // Nor may what ends, of which there can be much, keep what waits from its turn.
        while items.len() < self.config.batch
            && let Ok(item) = queue.try_recv()
        {
            items.push(item);
        }
        items.len()
    }

    async fn commit(&mut self, jobs: Vec<Job>) {
        let (commands, answers): (Vec<_>, Vec<_>) = jobs
            .into_iter()
            .map(|job| (job.command, Some(job.answer)))
            .unzip();
        let mut batch = Outcome::default();
        let mut turn = Turn::new(Instant::now());
        let went_on = self.state.go_on(&mut turn, &*self.store).await;
        if let Err(error) = went_on {
            tracing::error!(%error, "read failed");
        }
        let loaded = self.load(&commands, &mut turn).await;
        let moment = Moment::now();
        for (job, command) in commands.iter().enumerate() {
            let loaded = loaded.get(job);
            self.apply(job, command, (loaded, moment), &mut batch);
        }
        let written = self.write(&batch.changes).await;
        let effects = match written {
            Ok(()) => {
                self.state.settle();
                batch.effects
            }
            Err(error) => {
                tracing::error!(%error, commands = commands.len(), "commit failed");
                self.state.revert();
                self.commit_alone(&commands, error).await
            }
        };
        // The announcer lives as long as this task; if it is gone, so is the runtime.
        let _ = self.announce.send(Announcement { effects, answers }).await;
    }

    /// Everything is loaded before anything is applied: from then on the cache knows more than the store.
    async fn load(&mut self, commands: &[Command], turn: &mut Turn) -> Vec<Result<(), Failure>> {
        let mut loaded = Vec::with_capacity(commands.len());
        for command in commands {
            loaded.push(
                self.state
                    .load(command, turn, &*self.store)
                    .await
                    .map_err(|error| {
                        tracing::error!(%error, "read failed");
                        Failure::Unavailable
                    }),
            );
        }
        loaded
    }

    fn apply(
        &mut self,
        job: usize,
        command: &Command,
        (loaded, moment): (Option<&Result<(), Failure>>, Moment),
        out: &mut Outcome,
    ) {
        let changes = out.changes.len();
        let result = match loaded {
            Some(Err(failure)) if !command.action.has_to_happen() => Err(failure.clone()),
            _ => self.state.apply(command, moment, out),
        };
        debug_assert!(
            result.is_ok() || out.changes.len() == changes,
            "a refused command changes nothing"
        );
        out.answer(job, result);
    }

    async fn write(&self, changes: &[Change]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.store.commit(changes).await
    }

    /// The batch could not be written. When one row is at fault the others still are; when the store takes no
    /// writes at all, only what needs none is carried out.
    async fn commit_alone(&mut self, commands: &[Command], error: StoreError) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut turn = Turn::new(Instant::now());
        for (job, command) in commands.iter().enumerate() {
            let mut alone = Outcome::default();
            let command_alone = std::slice::from_ref(command);
            let loaded = self.load(command_alone, &mut turn).await;
            let loaded = (loaded.first(), Moment::now());
            self.apply(job, command, loaded, &mut alone);
            let written = if alone.changes.is_empty() {
                Ok(())
            } else if error.is_about_a_row() {
                self.write(&alone.changes).await
            } else {
                Err(error.clone())
            };
            match written {
                Err(_) if !command.action.has_to_happen() && !alone.spare => {
                    self.state.revert();
                    effects.push(Effect::Answer(job, Err(Failure::Unavailable)));
                }
                _ => {
                    if written.is_err() {
                        self.state.forget();
                    }
                    self.state.settle();
                    effects.append(&mut alone.effects);
                }
            }
        }
        effects
    }
}
