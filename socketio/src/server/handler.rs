//! Handlers: plain functions and closures whose arguments are [extracted](super::extract).
//!
//! A handler may be async or not. One that is not runs at once, in the turn in which its event was
//! read. Its return value is the ack: `()` is an ack without arguments, a tuple is several arguments,
//! of a `Result` what it holds. A handler that takes [`Ack`](crate::Ack) answers by itself instead.

use std::future::{Future, Ready};
use std::marker::PhantomData;
use std::pin::Pin;

use super::error::{ConnectError, Rejection};
use super::extract::{Context, FromContext};
use crate::Arguments;

/// What handlers in flight are.
pub(crate) type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What calling a handler led to.
#[derive(Debug)]
pub enum Turn<T, F> {
    /// It is done.
    Done(T),
    /// It is async and has only been made.
    Running(F),
    /// An argument could not be extracted; it was not called.
    Rejected(Rejection),
}

/// A function or closure with up to six [extractable](FromContext) arguments, async or not.
///
/// `M` tells the implementations apart and is never written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    note = "its arguments must be extractors such as `Socket`, `Data<T>`, `Args`, `Event`, `Ack`, with \
            their types written, and what it returns must be serializable"
)]
pub trait Handler<M>: Send + Sync + 'static {
    /// What it returns.
    type Output;
    /// What it returns it from, if it is async.
    type Future: Future<Output = Self::Output> + Send + 'static;

    /// Extracts the arguments and calls it.
    fn call(&self, context: &mut Context) -> Turn<Self::Output, Self::Future>;
}

/// Marks handlers that are not async.
#[derive(Debug)]
pub struct Plain;

/// Marks async handlers.
#[derive(Debug)]
pub struct Async;

macro_rules! handlers {
    ($($argument:ident),*) => {
        impl<H, R, $($argument,)*> Handler<(Plain, $($argument,)*)> for H
        where
            H: Fn($($argument),*) -> R + Send + Sync + 'static,
            R: Arguments + Send + 'static,
            $($argument: FromContext,)*
        {
            type Output = R;
            type Future = Ready<R>;

            #[allow(non_snake_case, unused_variables, reason = "one macro for every arity")]
            fn call(&self, context: &mut Context) -> Turn<R, Self::Future> {
                $(let $argument = match $argument::from_context(context) {
                    Ok(value) => value,
                    Err(rejection) => return Turn::Rejected(rejection),
                };)*
                Turn::Done(self($($argument),*))
            }
        }

        impl<H, F, $($argument,)*> Handler<(Async, $($argument,)*)> for H
        where
            H: Fn($($argument),*) -> F + Send + Sync + 'static,
            F: Future<Output: Arguments + Send> + Send + 'static,
            $($argument: FromContext,)*
        {
            type Output = F::Output;
            type Future = F;

            #[allow(non_snake_case, unused_variables, reason = "one macro for every arity")]
            fn call(&self, context: &mut Context) -> Turn<F::Output, F> {
                $(let $argument = match $argument::from_context(context) {
                    Ok(value) => value,
                    Err(rejection) => return Turn::Rejected(rejection),
                };)*
                Turn::Running(self($($argument),*))
            }
        }
    };
}

handlers!();
handlers!(A);
handlers!(A, B);
handlers!(A, B, C);
handlers!(A, B, C, D);
handlers!(A, B, C, D, E);
handlers!(A, B, C, D, E, G);

/// A handler of which only the event is left to know: what the namespace stores.
pub(crate) trait EventHandler: Send + Sync {
    /// Calls it and sees to the ack; what comes back is still running.
    fn call(&self, context: Context) -> Option<Running<()>>;
}

/// A middleware of which only the socket is left to know.
pub(crate) trait Middleware: Send + Sync {
    fn call(&self, context: Context) -> Running<Result<(), ConnectError>>;
}

/// A handler without its types.
pub(crate) struct Erased<H, M>(H, PhantomData<fn() -> M>);

impl<H, M> Erased<H, M> {
    pub(crate) fn new(handler: H) -> Self {
        Self(handler, PhantomData)
    }

    pub(crate) fn handler(&self) -> &H {
        &self.0
    }
}

impl<H, M> EventHandler for Erased<H, M>
where
    H: Handler<M>,
    H::Output: Arguments + Send,
    M: 'static,
{
    fn call(&self, mut context: Context) -> Option<Running<()>> {
        match self.0.call(&mut context) {
            Turn::Done(output) => context.reply(&output),
            Turn::Rejected(rejection) => context.reject(rejection),
            Turn::Running(future) => {
                return Some(Box::pin(async move { context.reply(&future.await) }));
            }
        }
        None
    }
}

impl<H, M> Middleware for Erased<H, M>
where
    H: Handler<M, Output = Result<(), ConnectError>>,
    M: 'static,
{
    fn call(&self, mut context: Context) -> Running<Result<(), ConnectError>> {
        match self.0.call(&mut context) {
            Turn::Done(output) => Box::pin(std::future::ready(output)),
            Turn::Rejected(rejection) => {
                context.report(&rejection);
                let data = serde_json::json!({ "code": rejection.code() });
                let error = ConnectError::new(rejection.to_string()).with_data(&data);
                Box::pin(std::future::ready(Err(error)))
            }
            Turn::Running(future) => Box::pin(future),
        }
    }
}
