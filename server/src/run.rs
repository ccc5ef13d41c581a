//! One server from start to stop.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chat::auth::Verifier;
use chat::binding::{Settings, Sockets, install};
use chat::store::{SqliteStore, StoreError};
use chat::{AuthPolicy, Chat};
use engineio::server::{Admission, Cors};
use socketio::SocketIo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::config::{Auth, Config};
use crate::connection::Connections;
use crate::cors;
use crate::drain::Drain;
use crate::health::Health;
use crate::listen::Listener;
use crate::rest::{self, Api};
use crate::routes::Routes;
use crate::shutdown::stop;
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
    let tls = config
        .tls
        .as_ref()
        .map(|pair| Tls::load(&pair.certificate, &pair.key));
    let tls = tls.transpose()?;
    let store = SqliteStore::open_with(&config.data_dir, config.durability).await?;
    let verifier = Arc::new(verifier(&config));
    let cors = cors::from_settings(config.cors_origins.as_deref());
    let io = socket_io(&cors, &config);
    let sockets = Arc::new(Sockets::new(&io));
    let publisher = Arc::<Sockets>::clone(&sockets);
    let chat = Chat::start(chat_config(&config), Arc::clone(&store), publisher).await?;
    let surroundings = Settings::of(config.profile, config.service_name);
    let settings = Settings {
        auto_join: config.chats_auto_join.unwrap_or(surroundings.auto_join),
        ..surroundings
    };
    install(&sockets, &chat, &verifier, settings);

    let api = Api {
        chat: chat.clone(),
        verifier,
        cors: Arc::new(cors),
        body_timeout: config.limits.body_timeout,
    };
    let health = Health::new(store, drained, config.service_name);
    let routes = Routes::new(io.clone(), rest::router(api), health);
    let (connections, all_gone) = Connections::new(routes, stopped.clone(), tls, config.limits);
    let mut accepting = JoinSet::new();
    for listener in listeners {
        tracing::info!(address = %listener.address(), "listening");
        accepting.spawn(listener.accept(connections.clone(), stopped.clone()));
    }
    drop(connections);

    shutdown.await;
    let drain = Drain {
        draining,
        stopping,
        io,
        accepting,
        connections: all_gone,
    };
    drain.run().await;
    timeout(FLUSH_DEADLINE, chat.close())
        .await
        .map_err(|_| RunError::Flush)?;
    tracing::info!("stopped");
    Ok(())
}

fn socket_io(cors: &Cors, config: &Config) -> SocketIo {
    let admission = if config.rate_limits {
        Admission::default()
    } else {
        Admission::unlimited()
    };
    let engine = engineio::server::Config {
        cors: cors.clone(),
        admission,
        body_timeout: config.limits.body_timeout,
        ..engineio::server::Config::default()
    };
    // The chat answers every name it does not know, long ones too; the payload limit bounds them.
    let config = socketio::Config {
        event_name_length: usize::MAX,
        ..socketio::Config::default()
    };
    SocketIo::builder().config(config).engine(engine).build()
}

fn verifier(config: &Config) -> Verifier {
    let verifier =
        Verifier::new(policy(config.auth)).origins(config.cors_origins.clone().unwrap_or_default());
    match &config.jwt_secret {
        Some(secret) => verifier.secret(secret.expose()),
        None => verifier,
    }
}

fn chat_config(config: &Config) -> chat::Config {
    let defaults = chat::Config::default();
    let rate_limit = defaults.rate_limit.filter(|_| config.rate_limits);
    chat::Config {
        auth: policy(config.auth),
        rate_limit,
        auto_create: config.rooms_auto_create,
        session_rate: defaults.session_rate.filter(|_| config.rate_limits),
        ..defaults
    }
}

const fn policy(auth: Auth) -> AuthPolicy {
    match auth {
        Auth::Open => AuthPolicy::Open,
        Auth::Required => AuthPolicy::Required,
    }
}
