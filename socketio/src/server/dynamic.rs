//! Dynamic namespaces: those that come into being when a client asks for them.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Weak};

use bytestring::ByteString;

use super::emitter::Emitter;
use super::error::EmitError;
use super::handler::{Async, Plain};
use super::handshake::{Auth, Handshake};
use super::namespace::Namespace;
use super::namespaces::Namespaces;
use super::pattern::Pattern;
use super::registry::Registry;
use crate::Arguments;

/// Many namespaces with the same handlers, made when a client asks for one of them.
///
/// What is registered here is shared by all of them, those that there are and those to come. A
/// namespace that no client is in any more goes away, unless
/// [`Config::keep_empty_namespaces`](crate::Config::keep_empty_namespaces) is set or
/// [`SocketIo::of`](crate::SocketIo::of) named it.
///
/// ```
/// use socketio::{Data, Socket, SocketIo};
///
/// let io = SocketIo::builder().build();
/// let tenants = io.of_dynamic("/tenant-{id}");
/// tenants.on("say", |socket: Socket, Data(text): Data<String>| {
///     let tenant = socket.namespace().param("id").unwrap_or_default();
///     socket.namespace().emit("said", (tenant, text)).is_ok()
/// });
/// ```
#[derive(Clone)]
pub struct DynamicNamespace(Arc<Inner>);

struct Inner {
    registry: Arc<Registry>,
    pattern: Option<Arc<Pattern>>,
    admission: Box<dyn Fn(&NamespaceRequest) -> Decision + Send + Sync>,
    namespaces: Weak<Namespaces>,
}

/// What a namespace has of the dynamic one that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Parent {
    pub(crate) registry: Arc<Registry>,
    pub(crate) pattern: Option<Arc<Pattern>>,
}

/// A client asks for a namespace that is not there.
#[derive(Debug, Clone)]
pub struct NamespaceRequest {
    pub(crate) name: ByteString,
    pub(crate) handshake: Handshake,
}

impl NamespaceRequest {
    /// The name, with its slash. It comes from the client.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the client sent with CONNECT.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        self.handshake.auth()
    }

    /// The same, with the client's first request.
    #[must_use]
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }
}

/// Whether there shall be a namespace.
pub enum Decision {
    /// It is known at once.
    Now(bool),
    /// It takes time; the client waits, and nobody else.
    Later(Pin<Box<dyn Future<Output = bool> + Send>>),
}

impl fmt::Debug for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(verdict) => formatter.debug_tuple("Now").field(verdict).finish(),
            Self::Later(_) => formatter.write_str("Later"),
        }
    }
}

/// What decides which namespaces there may be: a pattern, or a function of a [`NamespaceRequest`] that
/// answers a `bool`, async or not.
///
/// In a pattern, `{name}` stands for one or more characters without a slash, at most once between two
/// slashes, and `{*name}` at the end for all that follows; [`Namespace::param`] tells what they stand for.
///
/// `M` tells the implementations apart and is never written.
pub trait Admission<M>: Send + Sync + 'static {
    /// The pattern, if it is one.
    fn pattern(&self) -> Option<&str> {
        None
    }

    /// Decides.
    fn decide(&self, request: &NamespaceRequest) -> Decision;
}

/// Marks patterns.
#[derive(Debug)]
pub struct ByPattern;

impl Admission<ByPattern> for &'static str {
    fn pattern(&self) -> Option<&str> {
        Some(self)
    }

    fn decide(&self, request: &NamespaceRequest) -> Decision {
        Decision::Now(Pattern::decode(self).matches(request.name()))
    }
}

impl<F> Admission<Plain> for F
where
    F: Fn(NamespaceRequest) -> bool + Send + Sync + 'static,
{
    fn decide(&self, request: &NamespaceRequest) -> Decision {
        Decision::Now(self(request.clone()))
    }
}

impl<F, R> Admission<Async> for F
where
    F: Fn(NamespaceRequest) -> R + Send + Sync + 'static,
    R: Future<Output = bool> + Send + 'static,
{
    fn decide(&self, request: &NamespaceRequest) -> Decision {
        Decision::Later(Box::pin(self(request.clone())))
    }
}

impl DynamicNamespace {
    pub(crate) fn new<M>(admission: impl Admission<M>, namespaces: Weak<Namespaces>) -> Self {
        let pattern = admission.pattern().map(Pattern::decode).map(Arc::new);
        let decoded = pattern.clone();
        Self(Arc::new(Inner {
            registry: Arc::default(),
            pattern,
            admission: Box::new(move |request| match &decoded {
                Some(pattern) => Decision::Now(pattern.matches(request.name())),
                None => admission.decide(request),
            }),
            namespaces,
        }))
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub(crate) fn parent(&self) -> Parent {
        Parent {
            registry: Arc::clone(&self.0.registry),
            pattern: self.0.pattern.clone(),
        }
    }

    /// Whether there shall be such a namespace; a predicate that panics says no.
    pub(crate) fn decide(&self, request: &NamespaceRequest) -> Decision {
        let decided = catch_unwind(AssertUnwindSafe(|| (self.0.admission)(request)));
        decided.unwrap_or_else(|_| {
            tracing::error!(namespace = %request.name.escape_debug(), "predicate panicked");
            Decision::Now(false)
        })
    }

    /// The namespaces that there are now, in no order.
    #[must_use]
    pub fn children(&self) -> Vec<Namespace> {
        let namespaces = self.0.namespaces.upgrade();
        let all = namespaces.map(|namespaces| namespaces.all());
        let mut all = all.unwrap_or_default();
        let is_child = |parent: &Parent| Arc::ptr_eq(&parent.registry, &self.0.registry);
        all.retain(|namespace| namespace.parent().is_some_and(is_child));
        all
    }

    /// Emits to everyone in all of them; answers how many sockets of this process took it.
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<usize, EmitError> {
        let mut count = 0;
        for child in self.children() {
            count += Emitter::new(&child, None).emit_args(event, &args)?;
        }
        Ok(count)
    }
}

impl fmt::Debug for DynamicNamespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DynamicNamespace")
            .field("pattern", &self.0.pattern)
            .finish_non_exhaustive()
    }
}
