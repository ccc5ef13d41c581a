//! Under construction.
use crate::chat::Job;
use crate::config::Config;
use crate::failure::Failure;
use crate::publisher::Publisher;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use tokio::sync::mpsc;

pub(crate) async fn start(
    _config: Arc<Config>,
    _store: Arc<dyn Store>,
    _publisher: Arc<dyn Publisher>,
    mut jobs: mpsc::Receiver<Job>,
) -> Result<(), StoreError> {
    tokio::spawn(async move {
        while let Some(job) = jobs.recv().await {
            tracing::debug!(?job.command, "not yet");
            (job.answer)(Err(Failure::Unavailable));
        }
    });
    Ok(())
}
