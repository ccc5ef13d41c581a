//! All settings, checked.

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use chat::store::Durability;
use ipnet::IpNet;

use super::{
    Auth, ConfigError, ConfigErrors, Keys, Limits, Listen, LogFormat, PROFILES, Profile, Secret,
    Settings, parts,
};

/// Where to listen, and how those who come there are received.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Address {
    /// Address and port.
    pub socket: SocketAddr,
    /// The surroundings that clients find there.
    pub profile: Profile,
    /// Whether somebody without a token may speak there.
    pub auth: Auth,
    /// Whether the server runs without it when the machine has no such address: `[::1]` where IPv6 is off.
    pub is_optional: bool,
}

/// The files of TLS.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TlsFiles {
    /// The certificate with its chain, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM.
    pub key: PathBuf,
}

/// The settings of one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: Vec<Address>,
    /// Where the data is.
    pub data_dir: PathBuf,
    /// What tokens are verified with.
    pub keys: Keys,
    /// Certificate and key, when connections are encrypted.
    pub tls: Option<TlsFiles>,
    /// Pages of these origins may call; `None` is every origin.
    pub cors_origins: Option<Vec<String>>,
    /// Whether the limits per user and per address hold.
    pub rate_limits: bool,
    /// What one address, and one request, may take.
    pub limits: Limits,
    /// Whose word about where a request comes from is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The two protocols; CORS and hooks are left to who starts them.
    pub socketio: socketio::Config,
    /// The chat; who may speak is left to who starts it.
    pub chat: chat::Config,
    /// What a stored message survives.
    pub durability: Durability,
    /// Whether sockets hear all chats of their users without joining them; what the profile says when missing.
    pub chats_auto_join: Option<bool>,
    /// Where operators may ask for metrics and for a drain; nowhere, unless set.
    pub internal_listen: Option<SocketAddr>,
    /// What they have to know for it; with it they may ask on the other listeners, too.
    pub internal_secret: Option<Secret>,
    /// The name that the documentation wants.
    pub docs_user: String,
    /// Its password; without one only development has it.
    pub docs_password: Option<Secret>,
    /// The longest time over which clients are sent away before the end.
    pub drain_duration: Duration,
    /// How long to wait for a data directory that another process has; not at all, unless set.
    pub wait_for_lock: Option<Duration>,
    /// Which events are logged.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
}

impl Config {
    /// Fills the holes with defaults and checks that the whole makes sense.
    ///
    /// # Errors
    /// With everything that does not.
    pub fn resolve(settings: &Settings) -> Result<Self, ConfigErrors> {
        let mut errors = Vec::new();
        let listen = addresses(settings).unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        let config = Self {
            listen,
            data_dir: settings
                .find("store.data_dir")
                .unwrap_or_else(default_data_dir),
            keys: Keys::resolve(settings),
            tls: tls(settings).unwrap_or_else(|error| {
                errors.push(error);
                None
            }),
            cors_origins: origins(settings.find("cors.origins")),
            rate_limits: settings.get("limits.enabled"),
            limits: Limits::resolve(settings),
            trusted_proxies: settings.find("limits.trusted_proxies").unwrap_or_default(),
            socketio: parts::socketio(settings),
            chat: parts::chat(settings),
            durability: match settings.get::<String>("store.durability").as_str() {
                "normal" => Durability::Normal,
                _ => Durability::Full,
            },
            chats_auto_join: settings.find("chats.auto_join"),
            internal_listen: settings.find("internal.listen"),
            internal_secret: settings.find("internal.secret"),
            docs_user: settings.get("docs.user"),
            docs_password: settings.find("docs.password"),
            drain_duration: settings.get("drain.duration"),
            wait_for_lock: settings.find("store.wait_for_lock"),
            log: settings.get("log.filter"),
            log_format: LogFormat::of(&settings.get::<String>("log.format")),
        };
        errors.extend(config.mistakes(settings.get("server.allow_open")));
        if errors.is_empty() {
            Ok(config)
        } else {
            Err(ConfigErrors(errors))
        }
    }

    /// What does not go together.
    fn mistakes(&self, allow_open: bool) -> Vec<ConfigError> {
        let secrets = [
            ("the JWT secret", &self.keys.secret),
            ("internal.secret", &self.internal_secret),
            ("docs.password", &self.docs_password),
        ];
        let empty = secrets.into_iter().filter_map(|(key, secret)| {
            let is_empty = secret.as_ref().is_some_and(Secret::is_empty);
            is_empty.then_some(ConfigError::EmptySecret { key })
        });
        let needs_key =
            |address: &Address| address.auth == Auth::Required && !address.profile.has_sessions;
        let no_key = self.keys.is_empty() && self.listen.iter().any(needs_key);
        let open = self.open_to_the_world().filter(|_| !allow_open);
        empty
            .chain(no_key.then_some(ConfigError::NoKey))
            .chain(open.map(|address| ConfigError::OpenToTheWorld { address }))
            .chain(self.internal_without_secret())
            .chain(self.listened_twice())
            .collect()
    }

    fn open_to_the_world(&self) -> Option<SocketAddr> {
        let open = |address: &&Address| {
            address.auth == Auth::Open && !address.socket.ip().to_canonical().is_loopback()
        };
        self.listen.iter().find(open).map(|address| address.socket)
    }

    /// The system would refuse the second one, after the first has been served. Port 0 is another one each time.
    fn listened_twice(&self) -> Option<ConfigError> {
        let public = self.listen.iter().map(|address| (address.socket, "listen"));
        let internal = self
            .internal_listen
            .map(|address| (address, "internal.listen"));
        let mut seen: Vec<(SocketAddr, &'static str)> = Vec::new();
        for (address, other) in public
            .chain(internal)
            .filter(|(address, _)| address.port() != 0)
        {
            if let Some((address, one)) = seen.iter().find(|(known, _)| *known == address).copied()
            {
                return Some(ConfigError::ListenTwice {
                    address,
                    one,
                    other,
                });
            }
            seen.push((address, other));
        }
        None
    }

    /// Metrics tell how much is said, and a drain sends everybody away.
    fn internal_without_secret(&self) -> Option<ConfigError> {
        let address = self
            .internal_listen
            .filter(|_| self.internal_secret.is_none())?;
        let is_public = !address.ip().to_canonical().is_loopback();
        is_public.then_some(ConfigError::InternalWithoutSecret { address })
    }
}

fn profile(name: Option<&str>) -> Result<Profile, ConfigError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(Profile::NONE);
    };
    Profile::find(name).ok_or_else(|| {
        let known = PROFILES.iter().map(|profile| profile.name);
        ConfigError::Profile {
            name: name.to_owned(),
            known: known.collect::<Vec<_>>().join(", "),
        }
    })
}

fn tls(settings: &Settings) -> Result<Option<TlsFiles>, ConfigError> {
    match (settings.find("tls.cert"), settings.find("tls.key")) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(ConfigError::HalfTls),
    }
}

/// Every address with its surroundings: its own profile, or else that of the whole server.
fn addresses(settings: &Settings) -> Result<Vec<Address>, ConfigError> {
    let whole = profile(settings.find::<String>("server.profile").as_deref())?;
    let auth = settings.find::<String>("auth.policy");
    let auth = auth.map(|word| Auth::of(&word));
    let address = |socket, profile: Profile, is_optional| Address {
        socket,
        profile,
        auth: auth.unwrap_or(profile.auth),
        is_optional,
    };
    let Some(list) = settings.find::<Vec<Listen>>("listen") else {
        let offset = |port: u16| port.saturating_add(whole.port_offset);
        let port = settings.find("server.port").map_or(whole.port, offset);
        let v4 = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        let v6 = SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port);
        return Ok(vec![address(v4, whole, false), address(v6, whole, true)]);
    };
    list.iter()
        .map(|listen| {
            let own = listen.profile.as_deref().map(|name| profile(Some(name)));
            let own = own.transpose()?.unwrap_or(whole);
            Ok(address(listen.address, own, false))
        })
        .collect()
}

/// `None` is every origin.
fn origins(list: Option<Vec<String>>) -> Option<Vec<String>> {
    list.filter(|list| !list.iter().any(|origin| origin == "*"))
}

/// Where the desktop conventions want a user's data; beside us when there is no home.
fn default_data_dir() -> PathBuf {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    base.map_or_else(
        || PathBuf::from("roomcast-data"),
        |base| base.join("roomcast"),
    )
}

#[cfg(test)]
mod tests;
