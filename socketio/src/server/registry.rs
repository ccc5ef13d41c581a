//! What was registered for the sockets of a namespace, once for all of them.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;
use rustc_hash::FxHashMap;

use super::error::{EmitError, Rejection};
use super::gate::Gate;
use super::handler::{EventHandler, Middleware};
use super::names::SocketId;
use super::outgoing::Outgoing;
use super::socket::Socket;

/// A function that is told about rejections.
pub(crate) type RejectionHook = Arc<dyn Fn(&Socket, &str, &Rejection) + Send + Sync>;
/// A function that is told who did not get a broadcast.
pub(crate) type DeliveryHook = Arc<dyn Fn(SocketId, &EmitError) + Send + Sync>;
/// A function that sees what leaves.
pub(crate) type OutgoingHook = Arc<dyn Fn(&Outgoing<'_>) + Send + Sync>;

/// The handlers of a namespace. A child of a dynamic one also has those of its parent.
#[derive(Default)]
pub(crate) struct Registry {
    /// Only looked up under the lock; no handler is called under it.
    own: RwLock<Handlers>,
    inherited: Option<Arc<Self>>,
    /// Whether there is an outgoing hook: asked for every emit, and nearly always false.
    watches_outgoing: AtomicBool,
}

/// What was registered.
#[derive(Default)]
pub(crate) struct Handlers {
    pub(crate) middlewares: Vec<Arc<dyn Middleware>>,
    pub(crate) connect: Vec<Arc<dyn EventHandler>>,
    pub(crate) events: FxHashMap<Box<str>, Entry>,
    pub(crate) unhandled: Option<Arc<dyn EventHandler>>,
    pub(crate) disconnecting: Vec<Arc<dyn EventHandler>>,
    pub(crate) disconnect: Vec<Arc<dyn EventHandler>>,
    /// Catch-all listeners, which come before the event middlewares, as in the reference.
    pub(crate) any: Vec<Arc<dyn Gate>>,
    pub(crate) event_middlewares: Vec<Arc<dyn Gate>>,
    pub(crate) outgoing: Vec<OutgoingHook>,
    pub(crate) rejection: Option<RejectionHook>,
    pub(crate) delivery_failed: Option<DeliveryHook>,
}

/// The handler of an event.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) handler: Arc<dyn EventHandler>,
    /// Only for the first such event of each socket.
    pub(crate) once: bool,
}

/// Handlers that run in a row when something happens to a socket.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occasion {
    Connect,
    Disconnecting,
    Disconnect,
}

/// What an event goes through.
#[derive(Default)]
pub(crate) struct Plan {
    /// Empty, and then without memory, if nothing but the handler was registered.
    pub(crate) gates: Vec<Arc<dyn Gate>>,
    pub(crate) entry: Option<Entry>,
}

impl Handlers {
    fn row(&self, occasion: Occasion) -> &[Arc<dyn EventHandler>] {
        match occasion {
            Occasion::Connect => &self.connect,
            Occasion::Disconnecting => &self.disconnecting,
            Occasion::Disconnect => &self.disconnect,
        }
    }
}

impl Registry {
    /// The registry of a child.
    pub(crate) fn inheriting(parent: &Arc<Self>) -> Self {
        Self {
            inherited: Some(Arc::clone(parent)),
            ..Self::default()
        }
    }

    /// Changes what is registered.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Handlers) -> T) -> T {
        let mut own = self.own.write();
        let changed = change(&mut own);
        self.watches_outgoing
            .store(!own.outgoing.is_empty(), Ordering::Release);
        changed
    }

    /// Sets the handler of an event.
    pub(crate) fn set(&self, event: &str, handler: impl EventHandler + 'static, once: bool) {
        let handler = Arc::new(handler);
        let entry = Entry { handler, once };
        // What was there is dropped outside of the lock.
        drop(self.change(|own| own.events.insert(event.into(), entry)));
    }

    /// The parent's, then the own.
    fn levels(&self) -> impl Iterator<Item = &Self> {
        let parent = self.inherited.as_deref();
        parent.into_iter().chain([self])
    }

    /// All of a kind, the parent's first. Without memory if there are none.
    fn all<T: Clone>(&self, of: impl Fn(&Handlers) -> &Vec<T>) -> Vec<T> {
        let mut all = Vec::new();
        for level in self.levels() {
            all.extend_from_slice(of(&level.own.read()));
        }
        all
    }

    /// One of a kind: the own if there is one, else the parent's.
    fn one<T>(&self, of: impl Fn(&Handlers) -> Option<T>) -> Option<T> {
        let own = of(&self.own.read());
        own.or_else(|| of(&self.inherited.as_deref()?.own.read()))
    }

    pub(crate) fn middlewares(&self) -> Vec<Arc<dyn Middleware>> {
        self.all(|handlers| &handlers.middlewares)
    }

    /// What an event goes through: what is before its handler, and that if it has one of its own.
    pub(crate) fn plan(&self, event: &str) -> Plan {
        let (mut plan, mut middlewares) = (Plan::default(), Vec::new());
        for level in self.levels() {
            let own = level.own.read();
            plan.gates.extend_from_slice(&own.any);
            middlewares.extend_from_slice(&own.event_middlewares);
            plan.entry = own.events.get(event).cloned().or(plan.entry);
        }
        plan.gates.append(&mut middlewares);
        plan
    }

    /// The handler of events that have none.
    pub(crate) fn unhandled(&self) -> Option<Arc<dyn EventHandler>> {
        self.one(|own| own.unhandled.clone())
    }

    /// The handler number `index` for an occasion.
    pub(crate) fn row(&self, occasion: Occasion, index: usize) -> Option<Arc<dyn EventHandler>> {
        let mut before = 0;
        for level in self.levels() {
            let own = level.own.read();
            let row = own.row(occasion);
            if let Some(handler) = row.get(index - before) {
                return Some(Arc::clone(handler));
            }
            before += row.len();
        }
        None
    }

    /// The names of the events that have a handler, in their order.
    pub(crate) fn event_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for level in self.levels() {
            names.extend(level.own.read().events.keys().map(ToString::to_string));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Tells the hook about a rejection.
    pub(crate) fn reject(&self, socket: &Socket, event: &str, rejection: &Rejection) {
        let hook = self.one(|own| own.rejection.clone());
        if let Some(hook) = hook {
            guarded("on_rejection", || hook(socket, event, rejection));
        }
    }

    /// Tells the hook who did not get a broadcast.
    pub(crate) fn delivery_failed(&self, socket: SocketId, error: &EmitError) {
        let hook = self.one(|own| own.delivery_failed.clone());
        if let Some(hook) = hook {
            guarded("on_delivery_failed", || hook(socket, error));
        }
    }

    /// Shows what leaves to the hooks; it is made only if there are any.
    pub(crate) fn watch<'a>(&self, outgoing: impl FnOnce() -> Option<Outgoing<'a>>) {
        let watches = |level: &Self| level.watches_outgoing.load(Ordering::Acquire);
        if !self.levels().any(watches) {
            return;
        }
        let hooks = self.all(|own| &own.outgoing);
        if let Some(outgoing) = outgoing() {
            let tell = |hook: &OutgoingHook| guarded("on_any_outgoing", || hook(&outgoing));
            hooks.iter().for_each(tell);
        }
    }
}

/// A hook that panics fails alone: who calls it may be the task of a session, which has sockets to end.
fn guarded(hook: &'static str, call: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(call)).is_err() {
        tracing::error!(hook, "hook panicked");
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Registry")
            .field("events", &self.event_names())
            .finish_non_exhaustive()
    }
}
