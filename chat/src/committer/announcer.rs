//! Carries out what was committed, in commit order, beside the next commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::batch::Answer;
use crate::auth::TokenHash;
use crate::command::Reply;
use crate::failure::Failure;
use crate::observer::Observer;
use crate::publisher::{Letter, Publication, Publisher, Subscription};

/// Something that the world sees once its batch is committed.
#[derive(Debug)]
pub(super) enum Effect {
    /// A socket hears a room from here on.
    Subscribe(Subscription),
    /// A socket does not hear a room from here on.
    Unsubscribe(Subscription),
    /// Subscribers of a room hear something.
    Publish(Publication),
    /// Single sockets hear something.
    Tell(Letter),
    /// The sockets that came with a session token are ended.
    Expel(TokenHash),
    /// The sender of the job with this number in the batch gets their answer.
    Answer(usize, Result<Reply, Failure>),
}

/// A committed batch.
pub(super) struct Announcement {
    pub(super) effects: Vec<Effect>,
    pub(super) answers: Vec<Option<Answer>>,
}

/// Batches that wait to be announced. One is announced while the next is being committed; more would only let
/// the store run ahead of what anybody can hear.
pub(super) const BACKLOG: usize = 2;

/// Runs until the committer is gone.
pub(super) async fn run(
    publisher: Arc<dyn Publisher>,
    observer: Arc<dyn Observer>,
    mut committed: mpsc::Receiver<Announcement>,
) {
    while let Some(mut batch) = committed.recv().await {
        for effect in batch.effects {
            // A mistake in one answer must not silence all that follow.
            let carried_out = catch_unwind(AssertUnwindSafe(|| {
                count(&effect, &*observer);
                carry_out(effect, &*publisher, &mut batch.answers)
            }));
            if carried_out.is_err() {
                tracing::error!("an announcement panicked");
            }
        }
    }
}

fn count(effect: &Effect, observer: &dyn Observer) {
    if let Effect::Answer(_, Ok(Reply::Posted(posted))) = effect {
        if posted.duplicate {
            observer.repeated();
        } else {
            observer.posted(posted.message.kind);
        }
    }
}

pub(super) fn carry_out(effect: Effect, publisher: &dyn Publisher, answers: &mut [Option<Answer>]) {
    match effect {
        Effect::Subscribe(subscription) => publisher.subscribe(&subscription),
        Effect::Unsubscribe(subscription) => publisher.unsubscribe(&subscription),
        Effect::Publish(publication) => publisher.publish(&publication),
        Effect::Tell(letter) => publisher.tell(&letter),
        Effect::Expel(session) => publisher.expel(session),
        Effect::Answer(job, result) => {
            if let Some(answer) = answers.get_mut(job).and_then(Option::take) {
                answer(result);
            }
        }
    }
}
