//! What the settings of all layers amount to.

use super::super::{Source, table};
use super::*;

fn settings() -> Settings {
    Settings::default().with("store.data_dir", "/data")
}

fn signed() -> Settings {
    settings().with("auth.jwt_secret", "s")
}

fn sockets(config: &Config) -> Vec<String> {
    let addresses = config.listen.iter();
    addresses
        .map(|address| address.socket.to_string())
        .collect()
}

fn wrong(settings: &Settings) -> Vec<ConfigError> {
    Config::resolve(settings).map(|_| ()).unwrap_err().0
}

#[test]
fn nothing_said_means_loopback_and_open() {
    let config = Config::resolve(&settings()).unwrap();
    assert_eq!(sockets(&config), ["127.0.0.1:8000", "[::1]:8000"]);
    let first = config.listen[0];
    assert_eq!(
        (first.auth, first.profile.service_name),
        (Auth::Open, "Roomcast")
    );
    assert!(config.rate_limits && config.keys.is_empty());
}

#[test]
fn a_layer_goes_before_the_one_below_and_holes_are_defaults() {
    let environment = settings()
        .with("server.port", "9000")
        .with("auth.policy", "required");
    let flags = Settings::default().with("auth.policy", "open");
    let config = Config::resolve(&flags.over(environment)).unwrap();
    assert_eq!(sockets(&config), ["127.0.0.1:9000", "[::1]:9000"]);
    assert_eq!(config.listen[0].auth, Auth::Open);
}

#[test]
fn an_address_goes_before_a_port() {
    let both = settings()
        .with("listen", "127.0.0.1:7")
        .with("server.port", "9000");
    assert_eq!(sockets(&Config::resolve(&both).unwrap()), ["127.0.0.1:7"]);
}

#[test]
fn open_mode_stays_on_loopback_unless_told_so_in_words() {
    let everywhere = |settings: Settings| settings.with("listen", "0.0.0.0:80");
    let refused = wrong(&everywhere(settings()));
    assert!(
        matches!(refused[..], [ConfigError::OpenToTheWorld { .. }]),
        "{refused:?}"
    );
    let mapped = settings().with("listen", "[::ffff:127.0.0.1]:80");
    assert!(Config::resolve(&mapped).is_ok());
    let allowed = everywhere(settings()).with("server.allow_open", "true");
    assert!(Config::resolve(&allowed).is_ok());
    let required = signed().with("auth.policy", "required");
    assert!(Config::resolve(&everywhere(required)).is_ok());
}

#[test]
fn required_without_a_key_does_not_start() {
    let required = settings().with("auth.policy", "required");
    assert_eq!(wrong(&required), [ConfigError::NoKey]);
    let sessions = required.clone().with("server.profile", "platform");
    assert!(Config::resolve(&sessions).is_ok(), "sessions suffice");
    for (key, file) in [("auth.jwt_public_keys", "a.pem"), ("auth.jwks", "a.json")] {
        assert!(
            Config::resolve(&required.clone().with(key, file)).is_ok(),
            "{key}"
        );
    }
    let empty = required.with("auth.jwt_secret", "");
    assert_eq!(wrong(&empty)[0].to_string(), "the JWT secret is empty");
}

#[test]
fn every_mistake_is_told_at_once() {
    let settings = settings()
        .with("server.profile", "chaty")
        .with("tls.cert", "cert.pem")
        .with("internal.listen", "0.0.0.0:9000");
    let texts: Vec<_> = wrong(&settings).iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert_eq!(
        texts[0],
        "unknown profile `chaty`; there is chatty, messenger, shows, chats, platform"
    );
    assert!(texts[1].starts_with("TLS needs both"), "{texts:?}");
    assert!(texts[2].contains("without a secret"), "{texts:?}");
}

#[test]
fn every_profile_has_the_port_of_its_seed_and_one_listens_beside_port() {
    for (profile, name, port, beside) in [
        ("chatty", "Chatty", 8000, 9000),
        ("messenger", "Messenger", 8001, 9001),
        ("shows", "ShareMyShows", 5000, 9000),
        ("chats", "Chats", 5000, 9000),
        ("platform", "YektaYar", 3000, 9000),
    ] {
        let settings = signed().with("server.profile", profile);
        let config = Config::resolve(&settings).unwrap();
        assert_eq!(sockets(&config)[0], format!("127.0.0.1:{port}"));
        assert_eq!(config.listen[0].profile.service_name, name);
        let config = Config::resolve(&settings.with("server.port", "9000")).unwrap();
        assert_eq!(sockets(&config)[0], format!("127.0.0.1:{beside}"));
    }
}

#[test]
fn a_star_among_the_origins_means_every_origin() {
    let resolved = |origins| {
        let settings = settings().with("cors.origins", origins);
        Config::resolve(&settings).unwrap().cors_origins
    };
    assert_eq!(resolved("https://a.example,*"), None);
    let bare = vec!["https://a.example".to_owned()];
    assert_eq!(resolved("https://a.example/"), Some(bare));
}

#[test]
fn each_address_may_have_a_profile_and_the_rest_have_that_of_the_server() {
    let settings = signed()
        .with("server.profile", "platform")
        .with("listen", "127.0.0.1:1=chatty,127.0.0.1:2=shows,127.0.0.1:3");
    let config = Config::resolve(&settings).unwrap();
    let surroundings = config.listen.iter();
    let surroundings: Vec<_> = surroundings
        .map(|address| (address.profile.name, address.auth))
        .collect();
    let expected = [
        ("chatty", Auth::Open),
        ("shows", Auth::Required),
        ("platform", Auth::Required),
    ];
    assert_eq!(surroundings, expected);
    let open = Config::resolve(&settings.with("auth.policy", "open")).unwrap();
    assert!(
        open.listen.iter().all(|address| address.auth == Auth::Open),
        "said for all"
    );
    let without_key = Settings::default().with("listen", "127.0.0.1:2=shows");
    assert_eq!(
        wrong(&without_key),
        [ConfigError::NoKey],
        "shows cannot do with sessions"
    );
}

#[test]
fn one_open_address_beyond_loopback_is_refused_beside_others_that_are_not() {
    let mixed = |open: &str| signed().with("listen", &format!("{open},0.0.0.0:2=shows"));
    assert!(Config::resolve(&mixed("127.0.0.1:1=chatty")).is_ok());
    let refused = wrong(&mixed("0.0.0.0:1=chatty"));
    assert!(
        matches!(refused[..], [ConfigError::OpenToTheWorld { address }] if address.port() == 1)
    );
}

#[test]
fn an_address_is_listened_on_once() {
    let twice = settings().with("listen", "127.0.0.1:1,[::1]:1,127.0.0.1:1=chatty");
    assert_eq!(
        wrong(&twice)[0].to_string(),
        "127.0.0.1:1 is listened on twice, by listen and by listen; keep one"
    );
    let internal = settings().with("listen", "127.0.0.1:1");
    let internal = internal.with("internal.listen", "127.0.0.1:1");
    assert_eq!(
        wrong(&internal)[0].to_string(),
        "127.0.0.1:1 is listened on twice, by listen and by internal.listen; keep one"
    );
    let any = settings().with("listen", "127.0.0.1:0,127.0.0.1:0");
    assert!(Config::resolve(&any).is_ok(), "each gets another port");
}

/// Another value than the default, which the setting takes.
fn other(setting: &super::super::Setting) -> super::super::Value {
    use super::super::{Kind, Value};
    let default = setting.default_value();
    let example = setting.kind.read(setting.example).ok();
    match (setting.kind, default) {
        (_, Some(Value::Flag(flag))) => Value::Flag(!flag),
        (_, Some(Value::Number(number))) => Value::Number(number + 1),
        (_, Some(Value::Size(size))) => Value::Size(size + 1),
        (_, Some(Value::Duration(time))) => Value::Duration(time + Duration::from_secs(1)),
        (Kind::Choice(words), default) => {
            let words = words.iter().map(|word| Value::Text((*word).to_owned()));
            let mut others = words.filter(|word| Some(word) != default.as_ref());
            others.next_back().unwrap()
        }
        (Kind::Choices(words), _) => Value::Texts(vec![words[0].to_owned()]),
        (Kind::Secret, _) => Value::Secret("other".to_owned().into()),
        (Kind::Text | Kind::Filter, Some(_)) => Value::Text("debug".to_owned()),
        _ => example.expect(setting.key),
    }
}

#[test]
fn every_setting_of_the_table_arrives_in_the_whole() {
    // What needs something else to be allowed has it here.
    let base = settings()
        .with("tls.cert", "c.pem")
        .with("tls.key", "k.pem")
        .with("auth.jwt_secret", "s");
    let before = format!("{:?}", Config::resolve(&base).unwrap());
    for setting in table::settings().filter(|setting| setting.key != "server.allow_open") {
        let mut settings = base.clone();
        let source = Source::Flag("test".to_owned());
        settings.set(setting, other(setting), source);
        if setting.key == "listen" {
            settings = settings.with("server.allow_open", "true");
        }
        let after = format!("{:?}", Config::resolve(&settings).expect(setting.key));
        // A secret does not show itself.
        let is_seen = setting.key != "auth.jwt_secret";
        assert_eq!(before != after, is_seen, "{}", setting.key);
    }
}
