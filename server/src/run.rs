//! One server from start to stop.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chat::binding::{Sockets, install};
use chat::store::{SqliteStore, Store, StoreError};
use chat::{AuthPolicy, Chat};
use engineio::server::Cors;
use socketio::SocketIo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::config::{Config, KeysError};
use crate::connection::Connections;
use crate::cors;
use crate::drain::Drain;
use crate::health::Health;
use crate::listen::Listener;
use crate::reception::{Reception, receptions, strictest};
use crate::rest::{self, Api};
use crate::routes::Routes;
use crate::shutdown::{Stop, stop};
use crate::tls::{Tls, TlsError};

/// How long the store may take to write what is queued.
const FLUSH_DEADLINE: Duration = Duration::from_secs(3);

/// Why a server did not start, or did not stop as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The data directory cannot be used.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The certificate or its key cannot be used.
    #[error("{0}")]
    Tls(#[from] TlsError),
    /// A key that tokens are verified with cannot be used.
    #[error("{0}")]
    Keys(#[from] KeysError),
    /// What was queued could not be written in time.
    #[error("the store did not finish writing within {} s", FLUSH_DEADLINE.as_secs())]
    Flush,
}

/// Serves on the given sockets until `shutdown` resolves, then stops in order: no new sessions, transports closed, no
/// new connections, requests in flight answered, store flushed.
///
/// # Errors
/// When the store cannot be opened, or what was accepted could not be written.
pub async fn run(
    config: Config,
    listeners: Vec<Listener>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let (draining, drained) = stop();
    let (stopping, stopped) = stop();
    let tls = load_tls(&config)?;
    let store = SqliteStore::open_with(&config.data_dir, config.durability).await?;
    let cors = cors::from_settings(config.cors_origins.as_deref());
    let io = socket_io(&cors, &config);
    let sockets = Arc::new(Sockets::new(&io));
    let publisher = Arc::<Sockets>::clone(&sockets);
    let chat_config = chat_config(&config, strictest(&listeners));
    let chat = Chat::start(chat_config, Arc::clone(&store), publisher).await?;
    let (receptions, places) = receptions(&config, &listeners)?;
    open_doors(&receptions, &sockets, &chat);
    let inside = Inside {
        io,
        chat,
        store,
        cors: Arc::new(cors),
        drained,
    };
    let (connections, all_gone) = Connections::new(stopped.clone(), tls, config.limits);
    let mut accepting = JoinSet::new();
    for (listener, place) in listeners.into_iter().zip(places) {
        let Some(reception) = receptions.get(place) else {
            continue;
        };
        tracing::info!(address = %listener.address(), "listening");
        let routes = inside.routes(reception, config.limits.body_timeout);
        accepting.spawn(listener.accept(routes, connections.clone(), stopped.clone()));
    }
    drop(connections);

    shutdown.await;
    let drain = Drain {
        draining,
        stopping,
        io: inside.io,
        accepting,
        connections: all_gone,
    };
    drain.run().await;
    timeout(FLUSH_DEADLINE, inside.chat.close())
        .await
        .map_err(|_| RunError::Flush)?;
    tracing::info!("stopped");
    Ok(())
}

fn load_tls(config: &Config) -> Result<Option<Tls>, TlsError> {
    let files = config.tls.as_ref();
    let tls = files.map(|files| Tls::load(&files.certificate, &files.key));
    tls.transpose()
}

fn open_doors(receptions: &[Reception], sockets: &Sockets, chat: &Chat) {
    let mut doors = receptions.iter().map(Reception::of_sockets);
    if let Some(first) = doors.next() {
        install(sockets, chat, first, doors.collect());
    }
}

/// What all listeners lead to.
struct Inside {
    io: SocketIo,
    chat: Chat,
    store: Arc<dyn Store>,
    cors: Arc<Cors>,
    drained: Stop,
}

impl Inside {
    /// Answers for those who are received in one way.
    fn routes(&self, reception: &Reception, body_timeout: Duration) -> Routes {
        let api = Api {
            chat: self.chat.clone(),
            verifier: Arc::clone(&reception.verifier),
            cors: Arc::clone(&self.cors),
            body_timeout,
        };
        let store = Arc::clone(&self.store);
        let name = reception.profile.service_name;
        let health = Health::new(store, self.drained.clone(), name);
        let io = self.io.clone();
        Routes::new(io, rest::router(api), health, reception.entrance)
    }
}

fn socket_io(cors: &Cors, config: &Config) -> SocketIo {
    let mut settings = config.socketio.clone();
    settings.engine.cors = cors.clone();
    SocketIo::new(settings)
}

fn chat_config(config: &Config, auth: AuthPolicy) -> chat::Config {
    chat::Config {
        auth,
        ..config.chat.clone()
    }
}
