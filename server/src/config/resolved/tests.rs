//! What the settings of all layers amount to.

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
        (
            config.listen[0].auth,
            config.listen[0].profile.service_name,
            config.rate_limits
        ),
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
    assert_eq!(config.listen[0].auth, Auth::Open);
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
    let chatty = chatty.listen[0];
    assert_eq!(
        (chatty.profile.service_name, chatty.auth),
        ("Chatty", Auth::Open)
    );
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

#[test]
fn each_address_may_have_a_profile_and_the_rest_have_that_of_the_server() {
    let listen = "127.0.0.1:1=chatty 127.0.0.1:2=shows 127.0.0.1:3";
    let listen: Result<Vec<_>, _> = listen.split(' ').map(str::parse).collect();
    let settings = Settings {
        profile: Some("platform".to_owned()),
        listen: listen.ok(),
        jwt_secret: Some(Secret::new("s")),
        ..settings()
    };
    let config = Config::resolve(settings.clone()).unwrap();
    let surroundings: Vec<_> = config
        .listen
        .iter()
        .map(|address| (address.profile.name, address.auth))
        .collect();
    let expected = [
        ("chatty", Auth::Open),
        ("shows", Auth::Required),
        ("platform", Auth::Required),
    ];
    assert_eq!(surroundings, expected);
    let open = Config::resolve(Settings {
        auth: Some(Auth::Open),
        ..settings.clone()
    })
    .unwrap();
    assert!(
        open.listen.iter().all(|address| address.auth == Auth::Open),
        "said for all"
    );
    let without_key = Settings {
        jwt_secret: None,
        ..settings
    };
    assert_eq!(
        Config::resolve(without_key),
        Err(ConfigError::NoKey),
        "shows cannot do with sessions"
    );
}

#[test]
fn one_open_address_beyond_loopback_is_refused_beside_others_that_are_not() {
    let mixed = |open: &str| {
        let listen = [open, "0.0.0.0:2=shows"].map(|listen| listen.parse().unwrap());
        Config::resolve(Settings {
            listen: Some(listen.to_vec()),
            jwt_secret: Some(Secret::new("s")),
            ..settings()
        })
    };
    assert!(mixed("127.0.0.1:1=chatty").is_ok());
    let refused = mixed("0.0.0.0:1=chatty").unwrap_err();
    assert!(matches!(refused, ConfigError::OpenToTheWorld { address } if address.port() == 1));
}
