//! The layer of settings from the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{ConfigError, Settings, VARIABLES};

impl Settings {
    /// Reads the layer. `variables` is the environment; `read` gives the text of a file.
    pub fn from_environment(
        variables: impl IntoIterator<Item = (String, String)>,
        read: impl Fn(&Path) -> std::io::Result<String>,
    ) -> Result<Self, ConfigError> {
        let mut given: BTreeMap<String, String> = variables
            .into_iter()
            .filter(|(name, value)| is_ours(name) && !value.is_empty())
            .collect();
        let mut settings = Self::default();
        for variable in VARIABLES {
            let value = match (given.remove(variable.name), variable.is_secret) {
                (value, false) => value,
                (value, true) => secret(variable.name, value, &mut given, &read)?,
            };
            let Some(value) = value else { continue };
            (variable.set)(&mut settings, &value).map_err(|expected| ConfigError::Value {
                name: variable.name,
                value: if variable.is_secret {
                    "***".to_owned()
                } else {
                    value
                },
                expected,
            })?;
        }
        match given.pop_first() {
            Some((name, _)) => Err(unknown(name)),
            None => Ok(settings),
        }
    }
}

/// Kubernetes gives every container `<SERVICE>_SERVICE_HOST`, `<SERVICE>_PORT_...` for each service of its
/// name space; one that is called `roomcast` must not stop us.
fn is_ours(name: &str) -> bool {
    match name.strip_prefix("ROOMCAST_") {
        Some(rest) => !rest.starts_with("SERVICE_") && rest != "PORT" && !rest.starts_with("PORT_"),
        None => VARIABLES.iter().any(|variable| variable.name == name),
    }
}

fn secret(
    name: &'static str,
    value: Option<String>,
    given: &mut BTreeMap<String, String>,
    read: impl Fn(&Path) -> std::io::Result<String>,
) -> Result<Option<String>, ConfigError> {
    let file_name = format!("{name}_FILE");
    match (value, given.remove(&file_name).map(PathBuf::from)) {
        (Some(_), Some(_)) => Err(ConfigError::Twice { name }),
        (value, None) => Ok(value),
        (None, Some(path)) => match read(&path) {
            // Editors and `echo` end a file with a line break that is no part of the secret.
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => Err(ConfigError::File {
                name: file_name,
                path,
                cause: error.to_string(),
            }),
        },
    }
}

fn unknown(name: String) -> ConfigError {
    let nearest = VARIABLES
        .iter()
        .map(|v| v.name)
        .min_by_key(|known| distance(&name, known));
    let suggestion = nearest.filter(|known| distance(&name, known) <= 3);
    ConfigError::Unknown { name, suggestion }
}

/// How many letters have to be changed, added or taken away to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other = other.as_bytes();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, &b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::super::{Auth, LogFormat, Secret};
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let variables = variables
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()));
        Settings::from_environment(variables, |path| match path.to_str() {
            Some("/run/secrets/jwt") => Ok("from the file\n".to_owned()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        })
    }

    #[test]
    fn every_variable_is_read() {
        let settings = read(&[
            ("PORT", "9000"),
            (
                "SOCKETIO_CORS_ORIGINS",
                "http://localhost:3000, https://yourdomain.com",
            ),
            ("ROOMCAST_LISTEN", "127.0.0.1:1,[::1]:2"),
            ("ROOMCAST_JWT_SECRET", "s"),
            ("ROOMCAST_AUTH", "Required"),
            ("ROOMCAST_RATE_LIMITS", "off"),
            ("ROOMCAST_CONNECTIONS_PER_ADDRESS", "7"),
            ("ROOMCAST_HEAD_TIMEOUT", "5"),
            ("ROOMCAST_BODY_TIMEOUT", "6"),
            ("ROOMCAST_DURABILITY", "normal"),
            ("ROOMCAST_ROOMS_AUTO_CREATE", "yes"),
            ("ROOMCAST_CHATS_AUTO_JOIN", "1"),
            ("ROOMCAST_LOG_FORMAT", "json"),
        ]);
        let expected = Settings {
            port: Some(9000),
            cors_origins: Some(vec![
                "http://localhost:3000".to_owned(),
                "https://yourdomain.com".to_owned(),
            ]),
            listen: Some(vec![
                "127.0.0.1:1".parse().unwrap(),
                "[::1]:2".parse().unwrap(),
            ]),
            jwt_secret: Some(Secret::new("s")),
            auth: Some(Auth::Required),
            rate_limits: Some(false),
            connections_per_address: Some(7),
            head_timeout: Some(std::time::Duration::from_secs(5)),
            body_timeout: Some(std::time::Duration::from_secs(6)),
            durability: Some(chat::store::Durability::Normal),
            rooms_auto_create: Some(true),
            chats_auto_join: Some(true),
            log_format: Some(LogFormat::Json),
            ..Settings::default()
        };
        assert_eq!(settings, Ok(expected));
    }

    #[test]
    fn a_secret_can_be_in_a_file_and_loses_its_line_break() {
        let settings = read(&[("ROOMCAST_JWT_SECRET_FILE", "/run/secrets/jwt")]).unwrap();
        assert_eq!(settings.jwt_secret, Some(Secret::new("from the file")));
        let both = read(&[
            ("ROOMCAST_JWT_SECRET_FILE", "/run/secrets/jwt"),
            ("ROOMCAST_JWT_SECRET", "x"),
        ]);
        assert_eq!(
            both,
            Err(ConfigError::Twice {
                name: "ROOMCAST_JWT_SECRET"
            })
        );
        let missing = read(&[("ROOMCAST_JWT_SECRET_FILE", "/nowhere")]).unwrap_err();
        assert!(
            missing
                .to_string()
                .starts_with("ROOMCAST_JWT_SECRET_FILE: cannot read /nowhere"),
            "{missing}"
        );
    }

    #[test]
    fn an_unknown_variable_is_an_error_with_a_suggestion() {
        let error = read(&[("ROOMCAST_DATADIR", "/tmp")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown setting ROOMCAST_DATADIR in the environment; did you mean ROOMCAST_DATA_DIR?"
        );
        let far = read(&[("ROOMCAST_SOMETHING_ELSE", "1")]).unwrap_err();
        assert_eq!(
            far.to_string(),
            "unknown setting ROOMCAST_SOMETHING_ELSE in the environment"
        );
    }

    #[test]
    fn what_kubernetes_injects_and_what_is_not_ours_is_left_alone() {
        let foreign = [
            ("ROOMCAST_SERVICE_HOST", "10.0.0.1"),
            ("ROOMCAST_PORT_80_TCP", "x"),
            ("HOME", "/root"),
        ];
        assert_eq!(read(&foreign), Ok(Settings::default()));
    }

    #[test]
    fn a_wrong_value_is_named_and_a_wrong_secret_is_not_shown() {
        let error = read(&[("PORT", "http")]).unwrap_err();
        assert_eq!(error.to_string(), "PORT: `http` is not a port number");
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        assert_eq!(
            read(&[("PORT", ""), ("ROOMCAST_AUTH", "")]),
            Ok(Settings::default())
        );
    }
}
