//! The way to the end: not ready, transports closed, no more connections, requests in flight answered.

use std::time::Duration;

use socketio::SocketIo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::connection::AllGone;
use crate::shutdown::StopSender;

/// How long transports may take to close. A polling client hears of it with its next poll, which comes at once from
/// everybody who is still there; nobody waits for who has silently gone.
const TRANSPORTS_DEADLINE: Duration = Duration::from_secs(2);

/// How long requests in flight may take. Container runtimes kill after ten seconds, and the store comes after this.
const REQUESTS_DEADLINE: Duration = Duration::from_secs(4);

/// What has to end before the store does.
#[derive(Debug)]
pub(crate) struct Drain {
    /// Raised first: balancers send nothing new.
    pub(crate) draining: StopSender,
    /// Raised when the transports are closed.
    pub(crate) stopping: StopSender,
    pub(crate) io: SocketIo,
    pub(crate) accepting: JoinSet<()>,
    pub(crate) connections: AllGone,
}

impl Drain {
    /// Ends everything in order. Returns in bounded time.
    pub(crate) async fn run(mut self) {
        tracing::info!(sessions = self.io.sessions(), "stopping");
        self.draining.stop();
        // New connections are still accepted, or no polling client could fetch its goodbye. New sessions are refused.
        if timeout(TRANSPORTS_DEADLINE, self.io.shutdown())
            .await
            .is_err()
        {
            tracing::info!(
                sessions = self.io.sessions(),
                "some clients did not say goodbye"
            );
        }
        self.stopping.stop();
        while self.accepting.join_next().await.is_some() {}
        if timeout(REQUESTS_DEADLINE, self.connections.wait())
            .await
            .is_err()
        {
            tracing::warn!("requests in flight were cut");
        }
    }
}
