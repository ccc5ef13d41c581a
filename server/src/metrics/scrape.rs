//! One answer to `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use chat::Chat;
use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;
use socketio::SocketIo;
use tokio::time::timeout;

use super::Meters;
use super::meters::PREFIX;
use super::process::Process;
use super::snapshot::{Snapshot, Tasks};
use crate::connection::Seats;
use crate::shutdown::Stop;

/// What the text is written in.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long the chat may take to count. It answers between two batches; one that hangs in its store must not take
/// the metrics that show it along.
const CENSUS_DEADLINE: Duration = Duration::from_secs(1);

/// Everything that a scrape looks at. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Scrape {
    pub(crate) io: SocketIo,
    pub(crate) chat: Chat,
    pub(crate) meters: Arc<Meters>,
    pub(crate) seats: Arc<Seats>,
    pub(crate) draining: Stop,
}

impl Scrape {
    /// All of it as text.
    ///
    /// # Errors
    /// When it cannot be written, which no value here causes.
    pub(crate) async fn text(&self) -> Result<String, std::fmt::Error> {
        let census = timeout(CENSUS_DEADLINE, self.chat.census()).await;
        let snapshot = self.snapshot(census.ok().flatten());
        let mut ours = Registry::with_prefix(PREFIX);
        ours.register_collector(Box::new(snapshot));
        let mut process = Registry::default();
        process.register_collector(Box::new(Process));
        let mut text = String::new();
        for registry in [&ours, &self.meters.registry, &process] {
            text::encode_registry(&mut text, registry)?;
        }
        text::encode_eof(&mut text)?;
        Ok(text)
    }

    fn snapshot(&self, census: Option<chat::Census>) -> Snapshot {
        let namespaces = self.io.namespaces_in_use();
        let runtime = tokio::runtime::Handle::current().metrics();
        let mut sockets: Vec<_> = namespaces
            .iter()
            .map(|namespace| (namespace.name().to_owned(), namespace.len()))
            .collect();
        sockets.sort_unstable();
        Snapshot {
            residents: self.io.residents(),
            sockets,
            queued: self.io.queued(),
            stats: self.io.stats(),
            refusals: self.io.refusals(),
            census,
            commands: self.chat.waiting(),
            connections: self.seats.taken(),
            draining: self.draining.is_requested(),
            tasks: Tasks {
                alive: runtime.num_alive_tasks(),
                queued: runtime.global_queue_depth(),
                workers: runtime.num_workers(),
            },
        }
    }
}
