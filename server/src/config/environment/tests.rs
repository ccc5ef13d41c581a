use super::*;
use crate::config::{Secret, Value};

fn read_all(variables: &[(&str, &str)]) -> (Settings, Vec<ConfigError>) {
    let variables = variables
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()));
    read(variables, &|path| match path.to_str() {
        Some("/run/secrets/jwt") => Ok("from the file\n".to_owned()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    })
}

fn read_well(variables: &[(&str, &str)]) -> Settings {
    let (settings, errors) = read_all(variables);
    assert_eq!(errors, []);
    settings
}

fn error(variables: &[(&str, &str)]) -> String {
    let (_, errors) = read_all(variables);
    let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

#[test]
fn the_variables_that_were_always_there_are_still_read() {
    for (name, text, key, shown) in [
        ("PORT", "9000", "server.port", "9000"),
        (
            "SOCKETIO_CORS_ORIGINS",
            "http://localhost:3000, https://yourdomain.com",
            "cors.origins",
            "http://localhost:3000, https://yourdomain.com",
        ),
        (
            "ROOMCAST_LISTEN",
            "127.0.0.1:1,[::1]:2=shows",
            "listen",
            "127.0.0.1:1, [::1]:2=shows",
        ),
        ("ROOMCAST_PROFILE", "chatty", "server.profile", "chatty"),
        ("ROOMCAST_DATA_DIR", "/data", "store.data_dir", "/data"),
        ("ROOMCAST_JWT_SECRET", "s", "auth.jwt_secret", "(set)"),
        ("ROOMCAST_TLS_CERT", "c.pem", "tls.cert", "c.pem"),
        ("ROOMCAST_TLS_KEY", "k.pem", "tls.key", "k.pem"),
        ("ROOMCAST_AUTH", "Required", "auth.policy", "required"),
        ("ROOMCAST_RATE_LIMITS", "off", "limits.enabled", "false"),
        (
            "ROOMCAST_CONNECTIONS_PER_ADDRESS",
            "7",
            "limits.connections_per_address",
            "7",
        ),
        ("ROOMCAST_HEAD_TIMEOUT", "5", "limits.head_timeout", "5s"),
        ("ROOMCAST_BODY_TIMEOUT", "6", "limits.body_timeout", "6s"),
        (
            "ROOMCAST_DURABILITY",
            "normal",
            "store.durability",
            "normal",
        ),
        (
            "ROOMCAST_ROOMS_AUTO_CREATE",
            "yes",
            "rooms.auto_create",
            "true",
        ),
        ("ROOMCAST_CHATS_AUTO_JOIN", "1", "chats.auto_join", "true"),
        ("ROOMCAST_ALLOW_OPEN", "true", "server.allow_open", "true"),
        ("ROOMCAST_LOG", "debug", "log.filter", "debug"),
        ("ROOMCAST_LOG_FORMAT", "json", "log.format", "json"),
    ] {
        let settings = read_well(&[(name, text)]);
        let given = settings.given(table::find(key).unwrap()).expect(name);
        assert_eq!(given.value.to_string(), shown, "{name}");
        assert_eq!(given.source, Source::Environment(name.to_owned()));
    }
}

#[test]
fn our_own_name_of_a_variable_goes_before_that_of_the_seed() {
    let both = [
        ("ROOMCAST_CORS_ORIGINS", "https://ours"),
        ("SOCKETIO_CORS_ORIGINS", "https://theirs"),
    ];
    let origins: Vec<String> = read_well(&both).get("cors.origins");
    assert_eq!(origins, ["https://ours"]);
}

#[test]
fn a_secret_can_be_in_a_file_and_loses_its_line_break() {
    let settings = read_well(&[("ROOMCAST_JWT_SECRET_FILE", "/run/secrets/jwt")]);
    let given = settings.given(table::find("auth.jwt_secret").unwrap());
    let secret = Value::Secret(Secret::new("from the file"));
    assert_eq!(given.map(|given| &given.value), Some(&secret));
    let both = error(&[
        ("ROOMCAST_JWT_SECRET_FILE", "/run/secrets/jwt"),
        ("ROOMCAST_JWT_SECRET", "x"),
    ]);
    assert_eq!(
        both,
        "ROOMCAST_JWT_SECRET and ROOMCAST_JWT_SECRET_FILE are both set; keep one"
    );
    let missing = error(&[("ROOMCAST_JWT_SECRET_FILE", "/nowhere")]);
    assert!(
        missing.starts_with("ROOMCAST_JWT_SECRET_FILE: cannot read /nowhere"),
        "{missing}"
    );
}

#[test]
fn an_unknown_variable_is_an_error_with_a_suggestion() {
    assert_eq!(
        error(&[("ROOMCAST_DATADIR", "/tmp")]),
        "unknown setting ROOMCAST_DATADIR in the environment; did you mean ROOMCAST_DATA_DIR?"
    );
    assert_eq!(
        error(&[("ROOMCAST_SOMETHING_ELSE", "1")]),
        "unknown setting ROOMCAST_SOMETHING_ELSE in the environment"
    );
}

#[test]
fn a_port_of_ours_is_not_mistaken_for_that_of_kubernetes() {
    assert_eq!(
        error(&[("ROOMCAST_PORT", "9000")]),
        "unknown setting ROOMCAST_PORT in the environment; did you mean PORT?"
    );
    for name in ["ROOMCAST_SERVICE_NAME", "ROOMCAST_PORT_NUMBER"] {
        assert!(error(&[(name, "9000")]).contains(name), "{name}");
    }
}

#[test]
fn what_kubernetes_injects_and_what_is_not_ours_is_left_alone() {
    let foreign = [
        ("ROOMCAST_SERVICE_HOST", "10.0.0.1"),
        ("ROOMCAST_SERVICE_PORT", "80"),
        ("ROOMCAST_SERVICE_PORT_HTTP", "80"),
        ("ROOMCAST_PORT", "tcp://10.0.0.1:80"),
        ("ROOMCAST_PORT_80_TCP", "x"),
        ("ROOMCAST_CONFIG", "/etc/roomcast.toml"),
        ("HOME", "/root"),
    ];
    assert_eq!(read_well(&foreign), Settings::default());
}

#[test]
fn every_mistake_is_named_and_an_empty_variable_counts_as_not_set() {
    let two = error(&[("PORT", "http"), ("ROOMCAST_AUTH", "maybe")]);
    assert_eq!(
        two,
        "PORT: `http` is not a number from 0 to 65535\nROOMCAST_AUTH: `maybe` is not open or required"
    );
    let empty = [("PORT", ""), ("ROOMCAST_AUTH", "")];
    assert_eq!(read_well(&empty), Settings::default());
}
