//! All settings, checked.

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use chat::store::Durability;

use super::{Auth, ConfigError, Limits, LogFormat, PROFILES, Profile, Secret, Settings};

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
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: Vec<Address>,
    /// Where the data is.
    pub data_dir: PathBuf,
    /// The shared secret that tokens are signed with.
    pub jwt_secret: Option<Secret>,
    /// Certificate and key, when connections are encrypted.
    pub tls: Option<TlsFiles>,
    /// Pages of these origins may call; `None` is every origin.
    pub cors_origins: Option<Vec<String>>,
    /// Whether the limits per user and per address hold.
    pub rate_limits: bool,
    /// What one address, and one request, may take.
    pub limits: Limits,
    /// What a stored message survives.
    pub durability: Durability,
    /// Whether joining an unknown room makes it.
    pub rooms_auto_create: bool,
    /// Whether sockets hear all chats of their users without joining them; what the profile says when missing.
    pub chats_auto_join: Option<bool>,
    /// Which events are logged.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
}

impl Config {
    /// Fills the holes with defaults and checks that the whole makes sense.
    pub fn resolve(settings: Settings) -> Result<Self, ConfigError> {
        let limits = Limits::resolve(&settings);
        let listen = addresses(&settings)?;
        if settings.allow_open != Some(true) {
            refuse_open(&listen)?;
        }
        let needs_key =
            |address: &Address| address.auth == Auth::Required && !address.profile.has_sessions;
        match &settings.jwt_secret {
            Some(secret) if secret.is_empty() => return Err(ConfigError::EmptySecret),
            None if listen.iter().any(needs_key) => return Err(ConfigError::NoKey),
            _ => {}
        }
        Ok(Self {
            limits,
            listen,
            data_dir: settings.data_dir.unwrap_or_else(default_data_dir),
            jwt_secret: settings.jwt_secret,
            tls: tls(settings.tls_cert, settings.tls_key)?,
            cors_origins: origins(settings.cors_origins),
            rate_limits: settings.rate_limits.unwrap_or(true),
            durability: settings.durability.unwrap_or_default(),
            rooms_auto_create: settings.rooms_auto_create.unwrap_or(false),
            chats_auto_join: settings.chats_auto_join,
            log: settings.log.unwrap_or_else(|| "info".to_owned()),
            log_format: settings.log_format.unwrap_or_default(),
        })
    }
}

fn profile(name: Option<&str>) -> Result<Profile, ConfigError> {
    let Some(name) = name else {
        return Ok(Profile::NONE);
    };
    Profile::find(name).ok_or_else(|| {
        let known = PROFILES
            .iter()
            .map(|profile| profile.name)
            .collect::<Vec<_>>()
            .join(", ");
        ConfigError::Profile {
            name: name.to_owned(),
            known,
        }
    })
}

fn tls(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(ConfigError::HalfTls),
    }
}

/// Every address with its surroundings: its own profile, or else that of the whole server.
fn addresses(settings: &Settings) -> Result<Vec<Address>, ConfigError> {
    let whole = profile(settings.profile.as_deref())?;
    let address = |socket, profile: Profile, is_optional| Address {
        socket,
        profile,
        auth: settings.auth.unwrap_or(profile.auth),
        is_optional,
    };
    let Some(list) = &settings.listen else {
        let offset = |port: u16| port.saturating_add(whole.port_offset);
        let port = settings.port.map_or(whole.port, offset);
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

/// Browsers send an origin without a slash at its end; people write one.
fn origins(list: Option<Vec<String>>) -> Option<Vec<String>> {
    let list = list.filter(|list| !list.iter().any(|origin| origin == "*"))?;
    let bare = |origin: &String| origin.trim_end_matches('/').to_owned();
    Some(list.iter().map(bare).collect())
}

fn refuse_open(listen: &[Address]) -> Result<(), ConfigError> {
    let public = listen
        .iter()
        .filter(|address| address.auth == Auth::Open)
        .find(|address| !address.socket.ip().to_canonical().is_loopback());
    match public {
        Some(&Address {
            socket: address, ..
        }) => Err(ConfigError::OpenToTheWorld { address }),
        None => Ok(()),
    }
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
