//! What holds for connections now; a running server can be given other terms.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::config::{Config, Limits, PerAddress};
use crate::proxies::Proxies;

/// What holds now. Cheap to clone; all clones see a change.
#[derive(Clone, Debug)]
pub(crate) struct Terms(Arc<RwLock<Arc<Holding>>>);

/// What a connection may take, and who speaks for others.
#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub(crate) limits: Limits,
    pub(crate) proxies: Proxies,
    /// How long a client may take nothing of what it is answered.
    pub(crate) write_timeout: Duration,
}

impl From<&Config> for Holding {
    fn from(config: &Config) -> Self {
        Self {
            limits: config.limits,
            proxies: config.trusted_proxies.clone().into(),
            write_timeout: config.socketio.engine.write_timeout,
        }
    }
}

impl Terms {
    pub(crate) fn new(config: &Config) -> Self {
        Self::from(Holding::from(config))
    }

    /// The same without a limit of connections, and nobody who speaks for others.
    pub(crate) fn unlimited(config: &Config) -> Self {
        let limits = Limits {
            connections: PerAddress::Unlimited,
            ..config.limits
        };
        Self::from(Holding {
            limits,
            proxies: Proxies::default(),
            write_timeout: config.socketio.engine.write_timeout,
        })
    }

    pub(crate) fn current(&self) -> Arc<Holding> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Other terms for what comes from here on.
    pub(crate) fn replace(&self, config: &Config) {
        let mut new = Holding::from(config);
        // That of the sessions holds until the next start, and here it is the same.
        new.write_timeout = self.current().write_timeout;
        let new = Arc::new(new);
        // Held for as long as a pointer is exchanged, so nothing panics under it.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }
}

impl From<Holding> for Terms {
    fn from(holding: Holding) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(holding))))
    }
}

#[cfg(test)]
impl Terms {
    /// With this limit of connections, and these proxies.
    pub(crate) fn of(connections: PerAddress, proxies: &[&str]) -> Self {
        let proxies = proxies.iter().map(|network| network.parse());
        let proxies: Result<Vec<ipnet::IpNet>, _> = proxies.collect();
        let timeout = Duration::from_secs(1);
        let limits = Limits {
            connections,
            tls_timeout: timeout,
            head_timeout: timeout,
            body_timeout: timeout,
        };
        Self::from(Holding {
            limits,
            proxies: proxies.expect("networks").into(),
            write_timeout: timeout,
        })
    }
}
