//! The handlers of a namespace, once for all its sockets.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::Rejection;
use super::handler::{EventHandler, Middleware};
use super::socket::Socket;

/// A function that is told about rejections.
pub(crate) type Hook = Arc<dyn Fn(&Socket, &str, &Rejection) + Send + Sync>;

/// What was registered.
#[derive(Default)]
pub(crate) struct Handlers {
    pub(crate) middlewares: Vec<Arc<dyn Middleware>>,
    pub(crate) connect: Vec<Arc<dyn EventHandler>>,
    pub(crate) events: FxHashMap<Box<str>, Arc<dyn EventHandler>>,
    pub(crate) unhandled: Option<Arc<dyn EventHandler>>,
    pub(crate) disconnecting: Vec<Arc<dyn EventHandler>>,
    pub(crate) disconnect: Vec<Arc<dyn EventHandler>>,
    pub(crate) rejection: Option<Hook>,
}

/// Handlers that run in a row when something happens to a socket.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occasion {
    Connect,
    Disconnecting,
    Disconnect,
}

impl Handlers {
    /// The handler of an event: its own, or the one for those that have none.
    pub(crate) fn event(&self, name: &str) -> Option<&Arc<dyn EventHandler>> {
        self.events.get(name).or(self.unhandled.as_ref())
    }

    /// The handlers for an occasion.
    pub(crate) fn row(&self, occasion: Occasion) -> &[Arc<dyn EventHandler>] {
        match occasion {
            Occasion::Connect => &self.connect,
            Occasion::Disconnecting => &self.disconnecting,
            Occasion::Disconnect => &self.disconnect,
        }
    }
}
