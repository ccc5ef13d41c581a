//! What a server stands on before anybody can reach it: its certificate, its data directory, which it may have to wait for,
//! and the listener for operators, which answers meanwhile.

use std::sync::Arc;
use std::time::Duration;

use chat::store::{DataDirectory, StoreError};
use tokio::time::{Instant, sleep};

use crate::config::{Config, Profile};
use crate::doors::Doors;
use crate::health::{Condition, Health};
use crate::internal::{Internals, Works};
use crate::listen::Listener;
use crate::metrics::Meters;
use crate::routes::Routes;
use crate::run::RunError;
use crate::shutdown::{StopSender, stop};
use crate::terms::Terms;
use crate::tls::{Tls, TlsError};

/// How often a directory that is taken is tried again. The one who has it notices nothing.
const TRY_AGAIN: Duration = Duration::from_millis(50);

/// See the module's documentation.
#[derive(Debug)]
pub struct Ground {
    pub(crate) tls: Option<Tls>,
    pub(crate) directory: DataDirectory,
    pub(crate) condition: Arc<Condition>,
    pub(crate) meters: Arc<Meters>,
    pub(crate) works: Works,
    pub(crate) draining: Arc<StopSender>,
    /// The listener for operators, if there is one. It answers until the very end.
    pub(crate) operators: Doors,
}

impl Ground {
    /// Reads the certificate, opens the internal listener and takes the data directory; waits for it as long as the settings
    /// say, live and not ready.
    ///
    /// # Errors
    /// When certificate or key are wrong, an address cannot be listened on, or the directory cannot be had.
    pub async fn take(config: &Config) -> Result<Self, RunError> {
        let tls = load_tls(config)?;
        let (draining, drained) = stop();
        let condition = Arc::new(Condition::starting(drained));
        let (meters, works) = (Arc::new(Meters::new()), Works::default());
        let secret = config.internal_secret.clone();
        let routes = Routes {
            health: Health::new(Arc::clone(&condition), Profile::NONE.service_name),
            internals: Some(Internals::new(secret, Arc::clone(&works))),
            public: None,
            meters: Arc::clone(&meters),
        };
        let mut operators = Doors::new(None, Terms::unlimited(config), &meters);
        if let Some(address) = config.internal_listen {
            operators.open(Listener::bind_one(address)?, routes);
        }
        let directory = take(config).await?;
        Ok(Self {
            tls,
            directory,
            condition,
            meters,
            works,
            draining: Arc::new(draining),
            operators,
        })
    }
}

fn load_tls(config: &Config) -> Result<Option<Tls>, TlsError> {
    let files = config.tls.as_ref();
    let tls = files.map(|files| Tls::load(&files.certificate, &files.key));
    tls.transpose()
}

async fn take(config: &Config) -> Result<DataDirectory, StoreError> {
    let Some(patience) = config.wait_for_lock else {
        return DataDirectory::lock(&config.data_dir);
    };
    let begun = Instant::now();
    loop {
        match DataDirectory::lock(&config.data_dir) {
            Err(StoreError::InUse(_)) if begun.elapsed() < patience => {
                if begun.elapsed() < TRY_AGAIN {
                    tracing::info!(?patience, "another process has the data directory; waiting");
                }
                sleep(TRY_AGAIN).await;
            }
            outcome => return outcome,
        }
    }
}
