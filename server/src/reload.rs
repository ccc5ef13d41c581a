//! SIGHUP: a running server reads its settings again, and takes what it can.

use std::io;
use std::sync::Arc;

use chat::Chat;
use chat::auth::Verifier;
use socketio::SocketIo;
use tokio::task::spawn_blocking;
use tracing_subscriber::EnvFilter;

use crate::config::{Auth, Config, Settings, Sources};
use crate::cors;
use crate::log;
use crate::terms::Terms;
use crate::tls::Tls;

mod changes;
mod contents;

use changes::Changes;
use contents::Contents;

/// Where the settings came from, what they said, and who says that they should be read again.
#[derive(Debug)]
pub struct Reload {
    sources: Sources,
    settings: Settings,
    /// Of the files that they name.
    contents: Contents,
    hangups: Hangups,
}

/// The parts of a running server that take other settings.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) io: SocketIo,
    pub(crate) chat: Chat,
    pub(crate) terms: Terms,
    pub(crate) tls: Option<Tls>,
    pub(crate) verifiers: Vec<Arc<Verifier>>,
}

/// Settings that were read again, and everything made of them that could have gone wrong.
struct Fresh {
    settings: Settings,
    contents: Contents,
    config: Config,
    verifiers: Vec<Verifier>,
    tls: Option<Tls>,
    filter: EnvFilter,
}

impl Reload {
    /// Listens for SIGHUP from now on. `settings` are those that the server starts with, and `config` what they amount to.
    ///
    /// # Errors
    /// When the system lets nobody listen for signals.
    pub fn new(sources: Sources, settings: Settings, config: &Config) -> io::Result<Self> {
        Ok(Self {
            sources,
            settings,
            contents: Contents::of(config),
            hangups: Hangups::listen()?,
        })
    }

    /// Reads again, each time that it is told to.
    pub(crate) async fn watch(mut self, live: Live) {
        loop {
            self.hangups.next().await;
            self.again(&live).await;
        }
    }

    async fn again(&mut self, live: &Live) {
        let (sources, policies) = (self.sources.clone(), live.policies());
        let is_tls = live.tls.is_some();
        // Files may be on slow disks, and sockets are served here.
        let read = spawn_blocking(move || Fresh::read(&sources, &policies, is_tls)).await;
        match read {
            Ok(Ok(fresh)) => self.take(live, fresh).await,
            Ok(Err(mistakes)) => {
                for mistake in mistakes {
                    tracing::error!(%mistake, "settings not taken; those of before hold on");
                }
            }
            Err(error) => tracing::error!(%error, "settings not read; those of before hold on"),
        }
    }

    async fn take(&mut self, live: &Live, fresh: Fresh) {
        let had_tls = live.tls.is_some();
        let has_tls = fresh.config.tls.is_some();
        let renewed = fresh.contents.renewed(&self.contents);
        let changes =
            Changes::between(&self.settings, &fresh.settings, had_tls == has_tls).and(renewed);
        changes.take(&mut self.settings, &fresh.settings);
        self.contents = fresh.contents.clone();
        live.take(fresh).await;
        // Last: whoever reads it may count on it.
        changes.log();
    }
}

impl Live {
    fn policies(&self) -> Vec<Auth> {
        let policies = self.verifiers.iter().map(|verifier| verifier.policy());
        policies.map(Auth::from).collect()
    }

    async fn take(&self, fresh: Fresh) {
        let config = &fresh.config;
        log::replace(fresh.filter);
        for (verifier, new) in self.verifiers.iter().zip(fresh.verifiers) {
            verifier.replace(new);
        }
        if let (Some(tls), Some(new)) = (&self.tls, &fresh.tls) {
            tls.replace(new);
            let certificate = tls.certificate();
            let (until, sha256) = (certificate.end(), &certificate.fingerprint);
            tracing::info!(%until, %sha256, "certificate read again");
        }
        self.terms.replace(config);
        let cors = cors::from_settings(config.cors_origins.as_deref());
        self.io.set_cors(cors);
        self.io
            .set_admission(config.socketio.engine.admission.clone());
        self.chat.set_rates(config.chat.rates()).await;
    }
}

impl Fresh {
    /// Reads everything, or says everything that is wrong; nothing is taken by halves.
    fn read(sources: &Sources, policies: &[Auth], is_tls: bool) -> Result<Self, Vec<String>> {
        let (settings, config) = sources
            .read()
            .map_err(|errors| errors.0.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let origins = || config.cors_origins.clone().unwrap_or_default();
        let verifiers = policies
            .iter()
            .map(|auth| config.keys.verifier(*auth, origins()));
        let verifiers = verifiers.collect::<Result<_, _>>();
        let files = config.tls.as_ref().filter(|_| is_tls);
        let tls = files.map(|files| Tls::load(&files.certificate, &files.key));
        match (verifiers, tls.transpose(), log::read(&config.log)) {
            (Ok(verifiers), Ok(tls), Ok(filter)) => Ok(Self {
                settings,
                contents: Contents::of(&config),
                config,
                verifiers,
                tls,
                filter,
            }),
            (verifiers, tls, filter) => {
                let verifiers = verifiers.err().map(|error| error.to_string());
                let tls = tls.err().map(|error| error.to_string());
                let filter = filter.err().map(|error| error.to_string());
                Err([verifiers, tls, filter].into_iter().flatten().collect())
            }
        }
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct Hangups(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Hangups {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::hangup())?))
    }

    async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending().await
        }
    }
}

/// Elsewhere nobody can say so.
#[cfg(not(unix))]
#[derive(Debug)]
struct Hangups;

#[cfg(not(unix))]
impl Hangups {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
