//! All settings, checked.

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use super::{Auth, ConfigError, LogFormat, PROFILES, Profile, Secret, Settings};

/// Where to listen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Address {
    /// Address and port.
    pub socket: SocketAddr,
    /// Whether the server runs without it when the machine has no such address: `[::1]` where IPv6 is off.
    pub is_optional: bool,
}

/// The settings of one server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// What clients are told that they are connected to.
    pub service_name: &'static str,
    /// The vocabulary whose clients find their documented surroundings; empty without a profile.
    pub profile: &'static str,
    /// Where to listen.
    pub listen: Vec<Address>,
    /// Where the data is.
    pub data_dir: PathBuf,
    /// The shared secret that tokens are signed with.
    pub jwt_secret: Option<Secret>,
    /// Whether somebody without a token may speak.
    pub auth: Auth,
    /// Pages of these origins may call; `None` is every origin.
    pub cors_origins: Option<Vec<String>>,
    /// Whether the limits per user and per address hold.
    pub rate_limits: bool,
    /// Which events are logged.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
}

impl Config {
    /// Fills the holes with defaults and checks that the whole makes sense.
    pub fn resolve(settings: Settings) -> Result<Self, ConfigError> {
        let profile = profile(settings.profile.as_deref())?;
        let auth = settings.auth.unwrap_or(profile.auth);
        let offset = |port: u16| port.saturating_add(profile.port_offset);
        let port = settings.port.map_or(profile.port, offset);
        let listen = match settings.listen {
            Some(list) => list
                .into_iter()
                .map(|socket| Address {
                    socket,
                    is_optional: false,
                })
                .collect(),
            None => loopback(port),
        };
        if auth == Auth::Open && settings.allow_open != Some(true) {
            refuse_open(&listen)?;
        }
        match &settings.jwt_secret {
            Some(secret) if secret.is_empty() => return Err(ConfigError::EmptySecret),
            None if auth == Auth::Required && !profile.has_sessions => {
                return Err(ConfigError::NoKey);
            }
            _ => {}
        }
        Ok(Self {
            service_name: profile.service_name,
            profile: profile.name,
            listen,
            data_dir: settings.data_dir.unwrap_or_else(default_data_dir),
            jwt_secret: settings.jwt_secret,
            auth,
            cors_origins: origins(settings.cors_origins),
            rate_limits: settings.rate_limits.unwrap_or(true),
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

fn loopback(port: u16) -> Vec<Address> {
    let v4 = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    let v6 = SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port);
    vec![
        Address {
            socket: v4,
            is_optional: false,
        },
        Address {
            socket: v6,
            is_optional: true,
        },
    ]
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
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            data_dir: Some(PathBuf::from("/data")),
            ..Settings::default()
        }
    }

    fn sockets(config: &Config) -> Vec<String> {
        config
            .listen
            .iter()
            .map(|address| address.socket.to_string())
            .collect()
    }

    #[test]
    fn nothing_said_means_loopback_and_open() {
        let config = Config::resolve(settings()).unwrap();
        assert_eq!(sockets(&config), ["127.0.0.1:8000", "[::1]:8000"]);
        assert_eq!(
            (config.auth, config.service_name, config.rate_limits),
            (Auth::Open, "Roomcast", true)
        );
    }

    #[test]
    fn flags_go_before_the_environment_and_the_environment_before_defaults() {
        let environment = Settings {
            port: Some(9000),
            auth: Some(Auth::Required),
            ..settings()
        };
        let flags = Settings {
            auth: Some(Auth::Open),
            ..Settings::default()
        };
        let config = Config::resolve(flags.over(environment)).unwrap();
        assert_eq!(sockets(&config), ["127.0.0.1:9000", "[::1]:9000"]);
        assert_eq!(config.auth, Auth::Open);
    }

    #[test]
    fn an_address_goes_before_a_port() {
        let listen = Some(vec!["127.0.0.1:7".parse().unwrap()]);
        let both = Settings {
            listen: listen.clone(),
            port: Some(9000),
            ..settings()
        };
        assert_eq!(sockets(&Config::resolve(both).unwrap()), ["127.0.0.1:7"]);
        let port_below = Settings {
            port: Some(9000),
            ..settings()
        };
        let flags = Settings {
            listen,
            ..Settings::default()
        };
        assert_eq!(
            sockets(&Config::resolve(flags.over(port_below)).unwrap()),
            ["127.0.0.1:7"]
        );
    }

    #[test]
    fn open_mode_stays_on_loopback_unless_told_so_in_words() {
        let everywhere = |settings: Settings| Settings {
            listen: Some(vec!["0.0.0.0:80".parse().unwrap()]),
            ..settings
        };
        let refused = Config::resolve(everywhere(settings())).unwrap_err();
        assert!(
            matches!(refused, ConfigError::OpenToTheWorld { .. }),
            "{refused}"
        );
        let mapped = Settings {
            listen: Some(vec!["[::ffff:127.0.0.1]:80".parse().unwrap()]),
            ..settings()
        };
        assert!(Config::resolve(mapped).is_ok());
        assert!(
            Config::resolve(everywhere(Settings {
                allow_open: Some(true),
                ..settings()
            }))
            .is_ok()
        );
        let required = Settings {
            auth: Some(Auth::Required),
            jwt_secret: Some(Secret::new("s")),
            ..settings()
        };
        assert!(Config::resolve(everywhere(required)).is_ok());
    }

    #[test]
    fn required_without_a_key_does_not_start() {
        let required = Settings {
            auth: Some(Auth::Required),
            ..settings()
        };
        assert_eq!(Config::resolve(required.clone()), Err(ConfigError::NoKey));
        let sessions = Settings {
            profile: Some("platform".to_owned()),
            ..required.clone()
        };
        assert!(Config::resolve(sessions).is_ok(), "sessions suffice");
        let empty = Settings {
            jwt_secret: Some(Secret::new("")),
            ..required
        };
        assert_eq!(Config::resolve(empty), Err(ConfigError::EmptySecret));
    }

    #[test]
    fn a_profile_brings_its_surroundings() {
        let chatty = Config::resolve(Settings {
            profile: Some("chatty".to_owned()),
            ..settings()
        })
        .unwrap();
        assert_eq!((chatty.service_name, chatty.auth), ("Chatty", Auth::Open));
        let unknown = Config::resolve(Settings {
            profile: Some("chaty".to_owned()),
            ..settings()
        })
        .unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "unknown profile `chaty`; there is chatty, messenger, shows, chats, platform"
        );
    }

    #[test]
    fn every_profile_has_the_port_of_its_seed_and_one_listens_beside_port() {
        for (profile, port, beside) in [
            ("chatty", 8000, 9000),
            ("messenger", 8001, 9001),
            ("shows", 5000, 9000),
            ("chats", 5000, 9000),
            ("platform", 3000, 9000),
        ] {
            let resolved = |port| {
                let settings = Settings {
                    profile: Some(profile.to_owned()),
                    jwt_secret: Some(Secret::new("s")),
                    port,
                    ..settings()
                };
                sockets(&Config::resolve(settings).unwrap())[0].clone()
            };
            assert_eq!(resolved(None), format!("127.0.0.1:{port}"));
            assert_eq!(resolved(Some(9000)), format!("127.0.0.1:{beside}"));
        }
    }

    #[test]
    fn a_star_among_the_origins_means_every_origin() {
        let with = |origins: &[&str]| Settings {
            cors_origins: Some(origins.iter().map(ToString::to_string).collect()),
            ..settings()
        };
        let resolved = |origins| Config::resolve(with(origins)).unwrap().cors_origins;
        assert_eq!(resolved(&["https://a.example", "*"]), None);
        let bare = vec!["https://a.example".to_owned()];
        assert_eq!(resolved(&["https://a.example/"]), Some(bare));
    }
}
