//! What happens to sessions, for those who want to see it.

use std::sync::Arc;

use super::Session;
use crate::{CloseReason, Packet, Unit};

/// What [`Hooks::observe`](super::Hooks::observe) takes.
pub(crate) type Observer = Arc<dyn Fn(&Session, &SessionEvent<'_>) + Send + Sync>;

/// What happened to a session. The names in quotation marks are those of the reference's events.
///
/// ```
/// use engineio::server::{Config, Hooks, SessionEvent};
///
/// let hooks = Hooks::new().observe(|session, event| match event {
///     SessionEvent::Drained => println!("{:?} is up to date", session.transport()),
///     SessionEvent::Closed(reason) => println!("{reason}: {:?}", session.close_detail()),
///     _ => {}
/// });
/// let config = Config { hooks, ..Config::default() };
/// # let _ = config;
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum SessionEvent<'a> {
    /// A packet of the client is about to be handled ("packet").
    Packet(&'a Packet),
    /// Something was queued ("packetCreate"): the open packet, or a message with its attachments. Pings
    /// and the end of the session are not queued. Told by a flusher a moment later, since whoever sends
    /// may hold locks.
    Queued(&'a Unit),
    /// The transport took from the queue ("flush"): so many bytes, overhead included.
    Flushed(usize),
    /// Nothing is queued any more ("drain").
    Drained,
    /// A pong has come ("heartbeat").
    Heartbeat,
    /// A WebSocket probes, and will take over if all goes well ("upgrading").
    Upgrading,
    /// The session has moved to WebSocket ("upgrade").
    Upgraded,
    /// The session is over ("close").
    Closed(CloseReason),
}
