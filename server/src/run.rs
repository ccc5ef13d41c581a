//! One server from start to stop.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chat::binding::{Sockets, install};
use chat::store::{SqliteStore, StoreError};
use chat::{AuthPolicy, Chat, Observer};
use engineio::server::{Cors, Hooks};
use socketio::SocketIo;
use tokio::time::timeout;

use crate::config::{Config, KeysError};
use crate::connection::Seats;
use crate::cors;
use crate::docs_page::{DocsPage, Readers};
use crate::doors::Doors;
use crate::drain::Drain;
use crate::ground::Ground;
use crate::health::{Condition, Health};
use crate::internal::{Internals, Works};
use crate::listen::{BindError, Listener};
use crate::metrics::{MeteredStore, Meters, Scrape};
use crate::notify::Supervisor;
use crate::reception::{Reception, receptions, strictest};
use crate::reload::{Live, Reload};
use crate::rest::{self, Api};
use crate::routes::{Public, Routes};
use crate::shutdown::StopSender;
use crate::terms::Terms;
use crate::tls::{Tls, TlsError};

/// How long requests in flight may take once no transport is left. Container runtimes kill after ten seconds, and the
/// store comes after this.
const REQUESTS_DEADLINE: Duration = Duration::from_secs(4);

/// How long the store may take to write what is queued.
const FLUSH_DEADLINE: Duration = Duration::from_secs(3);

/// How long the last answers to operators may take.
const LAST_ANSWERS: Duration = Duration::from_millis(200);

/// Why a server did not start, or did not stop as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The data directory cannot be used.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// An address cannot be listened on.
    #[error("{0}")]
    Bind(#[from] BindError),
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

/// Serves on the given sockets until `shutdown` resolves, then stops in order: not ready, no new sessions, transports
/// closed one after the other, no new connections, requests in flight answered, store flushed. With `reload` it takes
/// other settings meanwhile.
///
/// # Errors
/// When the store cannot be opened, or what was accepted could not be written.
pub async fn run(
    config: Config,
    ground: Ground,
    reload: Option<Reload>,
    listeners: Vec<Listener>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let Ground {
        tls,
        directory,
        condition,
        meters,
        works,
        draining,
        operators,
    } = ground;
    let store = SqliteStore::open_in(directory, config.durability).await?;
    let store = MeteredStore::over(store, &meters);
    let cors = cors::from_settings(config.cors_origins.as_deref());
    let io = socket_io(&cors, &config, &meters);
    let observer: Arc<dyn Observer> = Arc::<Meters>::clone(&meters);
    let chat_config = chat_config(&config, strictest(&listeners), Arc::clone(&observer));
    let sockets = Arc::new(Sockets::new(&io).observed(observer));
    let publisher = Arc::<Sockets>::clone(&sockets);
    let chat = Chat::start(chat_config, Arc::clone(&store), publisher).await?;
    let (receptions, places) = receptions(&config, &listeners)?;
    open_doors(&receptions, &sockets, &chat);
    let terms = Terms::new(&config);
    let mut doors = Doors::new(tls.clone(), terms.clone(), &meters);
    let inside = Inside {
        io,
        chat,
        condition,
        meters,
        works,
        config,
    };
    let drain = inside.drain(draining, doors.seats());
    let live = inside.live(&receptions, terms, tls);
    let reloading = reload.map(|reload| tokio::spawn(reload.watch(live)));
    // Before the first door: who has knocked already is answered at once, and not that it starts.
    inside.condition.started(store);
    for (listener, place) in listeners.into_iter().zip(places) {
        if let Some(reception) = receptions.get(place) {
            let routes = inside.routes(reception, &listener);
            doors.open(listener, routes);
        }
    }

    let supervisor = Supervisor::of_process(drain.farewell());
    supervisor.until(shutdown).await;
    if let Some(reloading) = reloading {
        reloading.abort();
    }
    drain.leave().await;
    if !doors.close(REQUESTS_DEADLINE).await {
        tracing::warn!("requests in flight were cut");
    }
    timeout(FLUSH_DEADLINE, inside.chat.close())
        .await
        .map_err(|_| RunError::Flush)?;
    // Whoever keeps a connection open without asking anything is not waited for.
    operators.close(LAST_ANSWERS).await;
    tracing::info!("stopped");
    Ok(())
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
    condition: Arc<Condition>,
    meters: Arc<Meters>,
    works: Works,
    config: Config,
}

impl Inside {
    /// What takes other settings.
    fn live(&self, receptions: &[Reception], terms: Terms, tls: Option<Tls>) -> Live {
        let verifiers = receptions.iter().map(|it| Arc::clone(&it.verifier));
        Live {
            io: self.io.clone(),
            chat: self.chat.clone(),
            terms,
            tls,
            verifiers: verifiers.collect(),
        }
    }

    /// Answers for those who are received in one way.
    fn routes(&self, reception: &Reception, listener: &Listener) -> Routes {
        let (_, auth) = listener.surroundings();
        let is_loopback = listener.address().ip().to_canonical().is_loopback();
        let Config {
            docs_user,
            docs_password,
            ..
        } = &self.config;
        let readers = Readers::of(docs_user, docs_password.as_ref(), auth, is_loopback);
        let api = Api {
            chat: self.chat.clone(),
            verifier: Arc::clone(&reception.verifier),
            io: self.io.clone(),
            body_timeout: self.config.limits.body_timeout,
        };
        let name = reception.profile.service_name;
        let secret = self.config.internal_secret.clone();
        let internals = secret.map(|it| Internals::new(Some(it), Arc::clone(&self.works)));
        Routes {
            health: Health::new(Arc::clone(&self.condition), name),
            internals,
            public: Some(Public {
                io: self.io.clone(),
                rest: rest::router(api),
                docs: DocsPage::new(readers),
                entrance: reception.entrance,
            }),
            meters: Arc::clone(&self.meters),
        }
    }

    /// The way out, which operators can ask for from here on.
    fn drain(&self, draining: Arc<StopSender>, seats: Arc<Seats>) -> Drain {
        let parts = (self.io.clone(), self.chat.clone());
        let drain = Drain::new(draining, parts, self.config.drain_duration);
        let scrape = Scrape {
            io: self.io.clone(),
            chat: self.chat.clone(),
            meters: Arc::clone(&self.meters),
            seats,
            draining: self.condition.draining().clone(),
        };
        // Nobody has set it before.
        let _ = self.works.set((scrape, drain.clone()));
        drain
    }
}

fn socket_io(cors: &Cors, config: &Config, meters: &Arc<Meters>) -> SocketIo {
    let meters = Arc::clone(meters);
    let hooks = Hooks::new().on_connection_error(move |error| meters.refused(error));
    let mut settings = config.socketio.clone();
    settings.engine.cors = cors.clone();
    settings.engine.hooks = hooks;
    SocketIo::new(settings)
}

fn chat_config(config: &Config, auth: AuthPolicy, observer: Arc<dyn Observer>) -> chat::Config {
    chat::Config {
        auth,
        observer,
        ..config.chat.clone()
    }
}
