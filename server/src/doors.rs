//! Listeners that open and close together.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::connection::{AllGone, Connections, Seats};
use crate::listen::Listener;
use crate::metrics::Meters;
use crate::routes::Routes;
use crate::shutdown::{Stop, StopSender, stop};
use crate::terms::Terms;
use crate::tls::Tls;

/// The listeners, and the connections that came by them.
#[derive(Debug)]
pub(crate) struct Doors {
    stopping: StopSender,
    stopped: Stop,
    accepting: JoinSet<()>,
    connections: Connections,
    all_gone: AllGone,
}

impl Doors {
    /// None is open yet.
    pub(crate) fn new(tls: Option<Tls>, terms: Terms, meters: &Arc<Meters>) -> Self {
        let (stopping, stopped) = stop();
        let (connections, all_gone) = Connections::new(stopped.clone(), tls, terms, meters);
        Self {
            stopping,
            stopped,
            accepting: JoinSet::new(),
            connections,
            all_gone,
        }
    }

    /// Accepts connections from here on.
    pub(crate) fn open(&mut self, listener: Listener, routes: Routes) {
        tracing::info!(address = %listener.address(), "listening");
        let (connections, stop) = (self.connections.clone(), self.stopped.clone());
        self.accepting
            .spawn(listener.accept(routes, connections, stop));
    }

    /// Where the connections are counted.
    pub(crate) fn seats(&self) -> Arc<Seats> {
        Arc::clone(self.connections.seats())
    }

    /// Accepts nothing more, and waits so long until the requests in flight are answered. Whether all were.
    pub(crate) async fn close(mut self, patience: Duration) -> bool {
        self.stopping.stop();
        // Or it would be waited for like any connection.
        drop(self.connections);
        while self.accepting.join_next().await.is_some() {}
        timeout(patience, self.all_gone.wait()).await.is_ok()
    }
}
