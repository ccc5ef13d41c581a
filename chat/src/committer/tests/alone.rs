//! The rules without the loop around them, so that a test says what time it is.

use std::sync::Arc;
use std::time::Duration;

use super::super::announcer::carry_out;
use super::super::state::{Moment, Outcome, State};
use super::super::surroundings::Turn;
use crate::command::{Action, Command, Reply, Speaker};
use crate::store::{Counters, Store};
use crate::testing::Stage;

/// A stage whose time stands still until the test moves it.
pub(super) struct Alone<'a> {
    pub(super) stage: &'a Stage,
    pub(super) state: State,
    pub(super) moment: Moment,
}

impl<'a> Alone<'a> {
    pub(super) fn new(stage: &'a Stage) -> Self {
        let config = Arc::new(stage.chat.config().clone());
        let moment = Moment::now();
        Self {
            stage,
            state: State::new(config, Counters::default()),
            moment,
        }
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.moment.instant += time;
    }

    /// Carries out one command; what is announced of it can be heard on the stage.
    pub(super) async fn act(&mut self, by: &Speaker, action: Action) -> Reply {
        let command = Command {
            by: by.clone(),
            action,
        };
        self.load(&command).await;
        self.apply(&command).await
    }

    pub(super) async fn load(&mut self, command: &Command) {
        let mut turn = Turn::new(self.moment.instant);
        let store = &*self.stage.store;
        let went_on = self.state.go_on(&mut turn, store);
        went_on.await.expect("readable");
        let loaded = self.state.load(command, &mut turn, store);
        loaded.await.expect("readable");
    }

    pub(super) async fn apply(&mut self, command: &Command) -> Reply {
        let mut out = Outcome::default();
        let applied = self.state.apply(command, self.moment, &mut out);
        let stored = self.stage.store.commit(&out.changes).await;
        stored.expect("writable");
        self.state.settle();
        out.effects.append(&mut out.after_answer);
        for effect in out.effects {
            carry_out(effect, &*self.stage.told, &mut []);
        }
        applied.expect("carried out")
    }
}
