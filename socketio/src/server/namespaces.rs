//! The namespaces of a server: found, made, and forgotten.
//!
//! A child of a dynamic namespace goes away with its last guest. Guests are counted under the table's
//! lock, so that nobody gets into one that is just going away.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytestring::ByteString;
use parking_lot::{Mutex, ReentrantMutex, RwLock};
use rustc_hash::FxHashMap;

use super::config::Config;
use super::dynamic::{Admission, Decision, DynamicNamespace, NamespaceRequest, Parent};
use super::error::ConnectError;
use super::handler::Running;
use super::namespace::Namespace;
use super::values::Values;

/// A function that is told about new namespaces.
type Hook = Arc<dyn Fn(&Namespace) + Send + Sync>;

/// See the module's documentation.
pub(crate) struct Namespaces {
    config: Arc<Config>,
    state: Arc<Values>,
    named: RwLock<FxHashMap<ByteString, Namespace>>,
    dynamic: RwLock<Vec<DynamicNamespace>>,
    hooks: RwLock<Vec<Hook>>,
    /// Held while a namespace is made and the hooks see it, which may ask for others. Taken before
    /// `named`; whoever finds a namespace that is not ready waits for it.
    making: ReentrantMutex<()>,
    /// Refused CONNECTs by the code of the refusal, which comes from code. Taken alone.
    refusals: Mutex<BTreeMap<&'static str, u64>>,
}

/// What there is for a client that asks for a namespace.
pub(crate) enum Lookup {
    Found(Guest),
    Refused(ConnectError),
    /// An async predicate decides.
    Asking(Running<Option<Guest>>),
}

/// What the server says where there is no such namespace; the text is that of the reference.
pub(crate) fn invalid_namespace() -> ConnectError {
    ConnectError::of_server("invalid_namespace", "Invalid namespace")
}

impl Namespaces {
    pub(crate) fn new(config: Config, state: Values) -> Self {
        Self {
            config: Arc::new(config),
            state: Arc::new(state),
            named: RwLock::default(),
            dynamic: RwLock::default(),
            hooks: RwLock::default(),
            making: ReentrantMutex::default(),
            refusals: Mutex::default(),
        }
    }

    pub(crate) fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// Counts a refused CONNECT.
    pub(crate) fn on_refused(&self, code: &'static str) {
        *self.refusals.lock().entry(code).or_default() += 1;
    }

    pub(crate) fn refusals(&self) -> Vec<(&'static str, u64)> {
        let counted = self.refusals.lock();
        counted
            .iter()
            .map(|(code, count)| (*code, *count))
            .collect()
    }

    pub(crate) fn all(&self) -> Vec<Namespace> {
        self.named.read().values().cloned().collect()
    }

    /// The namespace of that name for the application, made if it is not there.
    pub(crate) fn of(&self, name: &str) -> Namespace {
        let name = match name.starts_with('/') {
            true => ByteString::from(name),
            false => ByteString::from(format!("/{name}")),
        };
        let pin = |namespace: &Namespace| {
            namespace.life().pinned.store(true, Ordering::SeqCst);
        };
        self.find(&name, pin)
            .unwrap_or_else(|| self.make(&name, None, pin))
    }

    pub(crate) fn add_dynamic<M>(
        self: &Arc<Self>,
        admission: impl Admission<M>,
    ) -> DynamicNamespace {
        let dynamic = DynamicNamespace::new(admission, Arc::downgrade(self));
        self.dynamic.write().push(dynamic.clone());
        dynamic
    }

    pub(crate) fn add_hook(&self, hook: impl Fn(&Namespace) + Send + Sync + 'static) {
        self.hooks.write().push(Arc::new(hook));
    }

    /// Takes a namespace out; who is in it is disconnected.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let Some(namespace) = self.named.write().remove(name) else {
            return false;
        };
        // First this, then the sockets: whoever is let in meanwhile looks at it afterwards.
        namespace.life().closed.store(true, Ordering::SeqCst);
        for socket in namespace.sockets() {
            socket.disconnect(false);
        }
        true
    }

    /// Finds what a client asks for, or makes it if a dynamic namespace says so. The first that says
    /// yes counts.
    pub(crate) fn look_up(self: &Arc<Self>, request: NamespaceRequest) -> Lookup {
        if let Some(guest) = self.enter(&request.name) {
            return Lookup::Found(guest);
        }
        let parents = self.dynamic.read().clone();
        if parents.is_empty() {
            return Lookup::Refused(invalid_namespace());
        }
        if request.name.len() > self.config.namespace_name_length {
            let code = "namespace_name_too_long";
            return Lookup::Refused(ConnectError::limit(code, "Namespace name too long"));
        }
        let mut parents = parents.into_iter();
        match self.ask(&mut parents, &request) {
            Asked::Admitted(guest) => Lookup::Found(guest),
            Asked::Refused => Lookup::Refused(invalid_namespace()),
            Asked::Waiting(mut parent, mut verdict) => {
                let namespaces = Arc::clone(self);
                Lookup::Asking(Box::pin(async move {
                    loop {
                        if verdict.await {
                            return Some(namespaces.child(&request.name, &parent));
                        }
                        match namespaces.ask(&mut parents, &request) {
                            Asked::Admitted(guest) => return Some(guest),
                            Asked::Refused => return None,
                            Asked::Waiting(next, its) => (parent, verdict) = (next, its),
                        }
                    }
                }))
            }
        }
    }

    /// Asks one dynamic namespace after the other, up to one that has to think.
    fn ask(
        self: &Arc<Self>,
        parents: &mut impl Iterator<Item = DynamicNamespace>,
        request: &NamespaceRequest,
    ) -> Asked {
        for parent in parents {
            match parent.decide(request) {
                Decision::Now(false) => {}
                Decision::Now(true) => return Asked::Admitted(self.child(&request.name, &parent)),
                Decision::Later(verdict) => return Asked::Waiting(parent, verdict),
            }
        }
        Asked::Refused
    }

    fn enter(self: &Arc<Self>, name: &str) -> Option<Guest> {
        let namespace = self.find(name, count)?;
        Some(Guest {
            namespace,
            namespaces: Arc::clone(self),
        })
    }

    fn child(self: &Arc<Self>, name: &ByteString, parent: &DynamicNamespace) -> Guest {
        // A copy: the name may be a slice of a large message.
        let name = ByteString::from(&**name);
        Guest {
            namespace: self.make(&name, Some(parent.parent()), count),
            namespaces: Arc::clone(self),
        }
    }

    /// Finds a namespace; `mark` is called under the lock.
    fn find(&self, name: &str, mark: impl Fn(&Namespace)) -> Option<Namespace> {
        let named = self.named.read();
        let namespace = named.get(name).cloned()?;
        mark(&namespace);
        drop(named);
        if !namespace.life().ready.load(Ordering::Acquire) {
            drop(self.making.lock());
        }
        Some(namespace)
    }

    /// Makes a namespace, once, whoever else is about to.
    fn make(
        &self,
        name: &ByteString,
        parent: Option<Parent>,
        mark: impl Fn(&Namespace),
    ) -> Namespace {
        let _making = self.making.lock();
        if let Some(namespace) = self.find(name, &mark) {
            return namespace;
        }
        let (config, state) = (Arc::clone(&self.config), Arc::clone(&self.state));
        let namespace = Namespace::new(name.clone(), config, state, parent);
        mark(&namespace);
        self.named.write().insert(name.clone(), namespace.clone());
        let hooks = self.hooks.read().clone();
        for hook in hooks {
            let called = catch_unwind(AssertUnwindSafe(|| hook(&namespace)));
            if called.is_err() {
                tracing::error!(namespace = %name.escape_debug(), "hook for new namespaces panicked");
            }
        }
        namespace.life().ready.store(true, Ordering::Release);
        namespace
    }

    /// Forgets a child that nobody is in.
    fn forget(&self, namespace: &Namespace) {
        let life = namespace.life();
        let kept = namespace.parent().is_none() || self.config.keep_empty_namespaces;
        if kept || life.pinned.load(Ordering::SeqCst) {
            return;
        }
        let mut named = self.named.write();
        let current = named.get(namespace.name());
        let is_current = current.is_some_and(|current| current.is(namespace));
        // Counted and pinned under the lock: asked again, it is certain.
        let in_use = life.guests.load(Ordering::SeqCst) > 0 || life.pinned.load(Ordering::SeqCst);
        if is_current && !in_use {
            life.closed.store(true, Ordering::SeqCst);
            let forgotten = named.remove(namespace.name());
            drop(named);
            drop(forgotten);
        }
    }
}

fn count(namespace: &Namespace) {
    namespace.life().guests.fetch_add(1, Ordering::SeqCst);
}

/// What asking the dynamic namespaces led to.
enum Asked {
    Admitted(Guest),
    Refused,
    Waiting(DynamicNamespace, Running<bool>),
}

/// A client in a namespace or at its door, which therefore stays.
pub(crate) struct Guest {
    namespace: Namespace,
    namespaces: Arc<Namespaces>,
}

impl Guest {
    pub(crate) fn namespace(&self) -> &Namespace {
        &self.namespace
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let guests = &self.namespace.life().guests;
        if guests.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.namespaces.forget(&self.namespace);
        }
    }
}

impl fmt::Debug for Namespaces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Namespaces")
            .field("named", &self.named.read().len())
            .finish_non_exhaustive()
    }
}
