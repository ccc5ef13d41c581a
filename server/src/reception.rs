//! How clients are received: one way for each kind of surroundings that some listener has.

use std::sync::Arc;

use chat::AuthPolicy;
use chat::auth::Verifier;
use chat::binding::{self, Settings};
use engineio::server::Entrance;

use crate::Listener;
use crate::config::{Auth, Config, KeysError, Profile};

/// The surroundings of one or more listeners.
#[derive(Clone, Debug)]
pub(crate) struct Reception {
    pub(crate) profile: Profile,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) entrance: Entrance,
    settings: Settings,
}

impl Reception {
    fn new(
        config: &Config,
        (profile, auth): (Profile, Auth),
        entrance: Entrance,
    ) -> Result<Self, KeysError> {
        let surroundings = Settings::of(profile.name, profile.service_name);
        let origins = config.cors_origins.clone().unwrap_or_default();
        Ok(Self {
            profile,
            verifier: Arc::new(config.keys.verifier(auth, origins)?),
            entrance,
            settings: Settings {
                auto_join: config.chats_auto_join.unwrap_or(surroundings.auto_join),
                ..surroundings
            },
        })
    }

    /// The same, for sockets.
    pub(crate) fn of_sockets(&self) -> binding::Reception {
        binding::Reception {
            verifier: Arc::clone(&self.verifier),
            settings: self.settings.clone(),
        }
    }
}

/// The receptions that the listeners need, and for each listener the place of its own.
///
/// # Errors
/// When a key cannot be used.
pub(crate) fn receptions(
    config: &Config,
    listeners: &[Listener],
) -> Result<(Vec<Reception>, Vec<usize>), KeysError> {
    let mut kinds = Vec::new();
    let mut places = Vec::with_capacity(listeners.len());
    for listener in listeners {
        let kind = listener.surroundings();
        let known = kinds.iter().position(|other| *other == kind);
        places.push(known.unwrap_or(kinds.len()));
        if known.is_none() {
            kinds.push(kind);
        }
    }
    let receptions = (0..).map(Entrance).zip(kinds);
    let receptions = receptions.map(|(entrance, kind)| Reception::new(config, kind, entrance));
    Ok((receptions.collect::<Result<_, _>>()?, places))
}

/// What holds where nothing else is said: the strictest of what the listeners have.
pub(crate) fn strictest(listeners: &[Listener]) -> AuthPolicy {
    let mut policies = listeners.iter().map(|listener| listener.surroundings().1);
    if policies.all(|auth| auth == Auth::Open) {
        AuthPolicy::Open
    } else {
        AuthPolicy::Required
    }
}
