//! A namespace that may be gone.

use std::fmt;
use std::sync::{Arc, Weak};

use bytestring::ByteString;

use super::{Inner, Namespace};

/// A [`Namespace`] that does not keep it alive: what its own hooks and handlers may capture.
///
/// ```
/// # fn example(nsp: &socketio::Namespace) {
/// let own = nsp.downgrade();
/// nsp.on_delivery_failed(move |socket, _| {
///     if let Some(nsp) = own.upgrade() {
///         let _ = nsp.to("operators").emit("not delivered to", socket);
///     }
/// });
/// # }
/// ```
#[derive(Clone)]
pub struct WeakNamespace {
    name: ByteString,
    namespace: Weak<Inner>,
}

impl WeakNamespace {
    pub(super) fn new(namespace: &Arc<Inner>) -> Self {
        Self {
            name: namespace.name.clone(),
            namespace: Arc::downgrade(namespace),
        }
    }

    /// Its name, also when it is gone.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace, if anybody still has it: its server, a socket, or a handle.
    #[must_use]
    pub fn upgrade(&self) -> Option<Namespace> {
        self.namespace.upgrade().map(Namespace)
    }
}

impl fmt::Debug for WeakNamespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("WeakNamespace")
            .field(&self.name)
            .finish()
    }
}
