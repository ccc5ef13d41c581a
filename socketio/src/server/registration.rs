//! Registering handlers: the same for a namespace and for a dynamic one.

use std::sync::Arc;

use super::error::{ConnectError, EmitError, Rejection};
use super::gate::{EventMiddleware, Listener};
use super::handler::{Erased, Handler};
use super::names::SocketId;
use super::outgoing::Outgoing;
use super::socket::Socket;
use super::typed::{TypedEvent, TypedSignature};
use crate::Arguments;

/// Gives a type that has a `registry()` the methods that register; both have the same, once written.
macro_rules! registration {
    ($type:ty) => {
        /// Handlers and hooks. What one of them captures stays as long as the namespace does, so none should
        /// capture its own [`Namespace`](super::namespace::Namespace): [`Socket::namespace`] has it, and what
        /// [`downgrade`](super::namespace::Namespace::downgrade) makes keeps nothing.
        impl $type {
            /// Adds a check that a client has to pass before it is let in. Middlewares run in the order in
            /// which they were added, each after the one before it let the client pass.
            ///
            /// What the refusal holds is sent as CONNECT_ERROR (protocol B.4). The socket is not connected
            /// yet: what it emits leaves before CONNECT, and rooms that it joins take effect with CONNECT.
            pub fn middleware<H, M>(&self, handler: H)
            where
                H: Handler<M, Output = Result<(), ConnectError>>,
                M: 'static,
            {
                let handler = Arc::new(Erased::new(handler));
                self.registry().change(|own| own.middlewares.push(handler));
            }

            /// Adds a handler for clients that were let in. CONNECT is in the outbox by then; events that
            /// the client sends wait until the handler is done.
            pub fn on_connect<H, M>(&self, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                let handler = Arc::new(Erased::new(handler));
                self.registry().change(|own| own.connect.push(handler));
            }

            /// Sets the handler of an event, one per event. The events of one socket are handled one at a
            /// time, in the order in which they arrived.
            pub fn on<H, M>(&self, event: &str, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                self.registry().set(event, Erased::new(handler), false);
            }

            /// Sets the handler of the first such event of each socket; those that follow are unhandled.
            pub fn once<H, M>(&self, event: &str, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                self.registry().set(event, Erased::new(handler), true);
            }

            /// Sets the handler of a [`TypedEvent`](super::typed::TypedEvent): its name comes with its type.
            pub fn on_typed<H, M>(&self, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: TypedSignature,
            {
                self.on(M::Event::NAME, handler);
            }

            /// Sets the handler of `message`, which is what `send` emits.
            pub fn on_message<H, M>(&self, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                self.on(crate::event::MESSAGE, handler);
            }

            /// Removes the handler of an event; false if it had none.
            pub fn off(&self, event: &str) -> bool {
                let removed = self.registry().change(|own| own.events.remove(event));
                removed.is_some()
            }

            /// Removes the handlers of all events, and that of the unhandled ones.
            pub fn off_all(&self) {
                let removed = self
                    .registry()
                    .change(|own| (std::mem::take(&mut own.events), own.unhandled.take()));
                drop(removed);
            }

            /// The names of the events that have a handler, sorted.
            #[must_use]
            pub fn event_names(&self) -> Vec<String> {
                self.registry().event_names()
            }

            /// Sets the handler of every event that has none of its own.
            pub fn on_unhandled<H, M>(&self, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                let handler = Arc::new(Erased::new(handler));
                // What was there is dropped outside of the lock.
                drop(self.registry().change(|own| own.unhandled.replace(handler)));
            }

            /// Adds a check that every event has to pass before its handler. They run in the order in which
            /// they were added. An error is the ack, if the client waits for one, and goes to
            /// [`on_rejection`](Self::on_rejection); the handler is not called then.
            ///
            /// ```
            /// # fn example(nsp: &socketio::Namespace) {
            /// use socketio::{Event, Socket};
            ///
            /// struct Admin;
            ///
            /// nsp.event_middleware(|socket: Socket, event: Event| {
            ///     match event.name().starts_with("admin:") && socket.data::<Admin>().is_none() {
            ///         true => Err("not allowed"),
            ///         false => Ok(()),
            ///     }
            /// });
            /// # }
            /// ```
            pub fn event_middleware<H, M, E>(&self, handler: H)
            where
                H: Handler<M, Output = Result<(), E>>,
                Result<(), E>: Arguments,
                E: Send + 'static,
                M: 'static,
            {
                let gate = Arc::new(EventMiddleware(Erased::new(handler)));
                self.registry()
                    .change(|own| own.event_middlewares.push(gate));
            }

            /// Adds a listener that sees every event before its middlewares and its handler, also those
            /// that have none. Without listeners and event middlewares an event passes by neither.
            pub fn on_any<H, M>(&self, listener: H)
            where
                H: Handler<M, Output = ()>,
                M: 'static,
            {
                let gate = Arc::new(Listener(Erased::new(listener)));
                self.registry().change(|own| own.any.push(gate));
            }

            /// The same, before the listeners that are there.
            pub fn prepend_any<H, M>(&self, listener: H)
            where
                H: Handler<M, Output = ()>,
                M: 'static,
            {
                let gate = Arc::new(Listener(Erased::new(listener)));
                self.registry().change(|own| own.any.insert(0, gate));
            }

            /// Removes all listeners of [`on_any`](Self::on_any).
            pub fn off_any(&self) {
                drop(self.registry().change(|own| std::mem::take(&mut own.any)));
            }

            /// Adds a listener that sees every event that leaves, once each, also if it is for many. It
            /// must not block. Without listeners emitting costs one load more.
            pub fn on_any_outgoing(
                &self,
                listener: impl Fn(&Outgoing<'_>) + Send + Sync + 'static,
            ) {
                self.registry()
                    .change(|own| own.outgoing.push(Arc::new(listener)));
            }

            /// The same, before the listeners that are there.
            pub fn prepend_any_outgoing(
                &self,
                listener: impl Fn(&Outgoing<'_>) + Send + Sync + 'static,
            ) {
                self.registry()
                    .change(|own| own.outgoing.insert(0, Arc::new(listener)));
            }

            /// Removes all listeners of [`on_any_outgoing`](Self::on_any_outgoing).
            pub fn off_any_outgoing(&self) {
                drop(
                    self.registry()
                        .change(|own| std::mem::take(&mut own.outgoing)),
                );
            }

            /// Adds a handler for sockets that are about to leave: they are still in their rooms, unless
            /// the server disconnected them.
            pub fn on_disconnecting<H, M>(&self, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                let handler = Arc::new(Erased::new(handler));
                self.registry()
                    .change(|own| own.disconnecting.push(handler));
            }

            /// Adds a handler for sockets that have left. [`Socket::rooms`] still tells where they were.
            ///
            /// It runs once for each socket for which the connect handlers ran, after the last event.
            pub fn on_disconnect<H, M>(&self, handler: H)
            where
                H: Handler<M, Output: Arguments + Send>,
                M: 'static,
            {
                let handler = Arc::new(Erased::new(handler));
                self.registry().change(|own| own.disconnect.push(handler));
            }

            /// Sets what is told about events that did not get to a handler, or whose handler failed
            /// without anybody waiting for its ack: the socket, the event's name, and why.
            pub fn on_rejection(
                &self,
                hook: impl Fn(&Socket, &str, &Rejection) + Send + Sync + 'static,
            ) {
                let hook = Arc::new(hook);
                drop(self.registry().change(|own| own.rejection.replace(hook)));
            }

            /// Sets what is told which socket could not take a broadcast, and why: it is closed, or too
            /// slow and being cut. Emitting to one socket tells by its result instead.
            ///
            /// It is called after the broadcast, outside of all locks.
            pub fn on_delivery_failed(
                &self,
                hook: impl Fn(SocketId, &EmitError) + Send + Sync + 'static,
            ) {
                let hook = Arc::new(hook);
                drop(
                    self.registry()
                        .change(|own| own.delivery_failed.replace(hook)),
                );
            }
        }
    };
}

registration!(super::namespace::Namespace);
registration!(super::dynamic::DynamicNamespace);
