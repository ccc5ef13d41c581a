//! What an event goes through before its handler: catch-all listeners and event middlewares.

use std::sync::Arc;

use super::error::EmitError;
use super::extract::Context;
use super::handler::{Erased, EventHandler, Handler, Running, Turn};
use crate::Arguments;
use crate::encode::Written;

/// A gate of which only the event is left to know.
pub(crate) trait Gate: Send + Sync {
    fn call(&self, context: &mut Context) -> Step;
}

/// Whether an event may go on.
pub(crate) enum Step {
    Open,
    /// It may not; the refusal, for the client if it waits.
    Shut(Refusal),
    /// The gate is async.
    Running(Running<Option<Refusal>>),
}

/// The error of an event middleware, written.
pub(crate) type Refusal = Result<Written, EmitError>;

/// Takes an event through its gates to its handler, if it has one.
pub(crate) async fn pass(
    gates: Vec<Arc<dyn Gate>>,
    handler: Option<Arc<dyn EventHandler>>,
    mut context: Context,
) {
    for gate in gates {
        let refusal = match gate.call(&mut context) {
            Step::Open => None,
            Step::Shut(refusal) => Some(refusal),
            Step::Running(running) => running.await,
        };
        if let Some(refusal) = refusal {
            return context.refuse(refusal);
        }
    }
    if context.socket().has_ended() {
        return;
    }
    match handler {
        None => context.reject(super::error::Rejection::Unhandled),
        Some(handler) => {
            if let Some(running) = handler.call(context) {
                running.await;
            }
        }
    }
}

/// A catch-all listener: it sees the event and cannot stop it.
pub(crate) struct Listener<H, M>(pub(crate) Erased<H, M>);

impl<H, M> Gate for Listener<H, M>
where
    H: Handler<M, Output = ()>,
    M: 'static,
{
    fn call(&self, context: &mut Context) -> Step {
        match self.0.handler().call(context) {
            Turn::Done(()) => {}
            Turn::Rejected(rejection) => context.report(&rejection),
            Turn::Running(future) => {
                return Step::Running(Box::pin(async move {
                    future.await;
                    None
                }));
            }
        }
        Step::Open
    }
}

/// An event middleware: it may refuse the event.
pub(crate) struct EventMiddleware<H, M>(pub(crate) Erased<H, M>);

impl<H, M, E> Gate for EventMiddleware<H, M>
where
    H: Handler<M, Output = Result<(), E>>,
    Result<(), E>: Arguments,
    E: Send,
    M: 'static,
{
    fn call(&self, context: &mut Context) -> Step {
        match self.0.handler().call(context) {
            Turn::Done(verdict) => refusal(&verdict).map_or(Step::Open, Step::Shut),
            Turn::Rejected(rejection) => {
                context.report(&rejection);
                Step::Shut(Written::new(&rejection).map_err(EmitError::from))
            }
            Turn::Running(future) => Step::Running(Box::pin(async move { refusal(&future.await) })),
        }
    }
}

fn refusal<E>(verdict: &Result<(), E>) -> Option<Refusal>
where
    Result<(), E>: Arguments,
{
    verdict
        .is_err()
        .then(|| Written::new(verdict).map_err(EmitError::from))
}
