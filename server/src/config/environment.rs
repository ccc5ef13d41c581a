//! The layer of settings from the environment.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::{ConfigError, Place, nearest};
use super::{Setting, Settings, Source, table};

/// The variable that names the file of settings.
pub(super) const CONFIG: &str = "ROOMCAST_CONFIG";

/// Gives the text of a file.
pub(super) type Read<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

/// Reads the layer, and what is wrong with it.
pub(super) fn read(
    variables: impl IntoIterator<Item = (String, String)>,
    read: Read<'_>,
) -> (Settings, Vec<ConfigError>) {
    let mut given: BTreeMap<String, String> = variables
        .into_iter()
        .filter(|(name, value)| is_ours(name, value) && !value.is_empty())
        .collect();
    given.remove(CONFIG);
    let (mut settings, mut errors) = (Settings::default(), Vec::new());
    for setting in table::settings() {
        // Of several names the first counts, so it is read last.
        for name in setting.variables().into_iter().rev() {
            let mut texts = Texts {
                name: &name,
                given: &mut given,
                read,
            };
            match texts.take(setting) {
                Ok(None) => {}
                Ok(Some(text)) => match setting.kind.read(&text) {
                    Ok(value) => {
                        let source = Source::Environment(name.into_owned());
                        settings.set(setting, value, source);
                    }
                    Err(refused) => {
                        let place = Place::Variable(name.into_owned());
                        errors.push(ConfigError::value(place, setting, refused));
                    }
                },
                Err(error) => errors.push(error),
            }
        }
    }
    errors.extend(given.into_keys().map(unknown));
    (settings, errors)
}

/// What the environment says under one name.
struct Texts<'a> {
    name: &'a str,
    given: &'a mut BTreeMap<String, String>,
    read: Read<'a>,
}

impl Texts<'_> {
    fn take(&mut self, setting: &Setting) -> Result<Option<String>, ConfigError> {
        let value = self.given.remove(self.name);
        if !setting.is_secret() {
            return Ok(value);
        }
        let name = self.name;
        let file_name = format!("{name}_FILE");
        match (value, self.given.remove(&file_name)) {
            (Some(_), Some(_)) => Err(ConfigError::Twice {
                name: name.to_owned(),
                other: file_name,
            }),
            (value, None) => Ok(value),
            (None, Some(path)) => {
                secret(PathBuf::from(path), Place::Variable(file_name), self.read).map(Some)
            }
        }
    }
}

/// The secret in a file.
pub(super) fn secret(path: PathBuf, place: Place, read: Read<'_>) -> Result<String, ConfigError> {
    match read(&path) {
        // Editors and `echo` end a file with a line break that is no part of the secret.
        Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => Err(ConfigError::File {
            place,
            path,
            cause: error.to_string(),
        }),
    }
}

fn is_ours(name: &str, value: &str) -> bool {
    match name.strip_prefix("ROOMCAST_") {
        Some(rest) => !is_of_kubernetes(rest, value),
        None => names().any(|known| known == name),
    }
}

/// Kubernetes gives every container `<SERVICE>_SERVICE_HOST`, `<SERVICE>_PORT=tcp://...`, `<SERVICE>_PORT_80_TCP...` for
/// each service of its name space; one that is called `roomcast` must not stop us.
fn is_of_kubernetes(rest: &str, value: &str) -> bool {
    let is_port = |port: &str| port.starts_with(|first: char| first.is_ascii_digit());
    match rest {
        "SERVICE_HOST" | "SERVICE_PORT" => true,
        "PORT" => value.contains("://"),
        rest => {
            rest.starts_with("SERVICE_PORT_") || rest.strip_prefix("PORT_").is_some_and(is_port)
        }
    }
}

fn names() -> impl Iterator<Item = Cow<'static, str>> {
    table::settings().flat_map(Setting::variables)
}

fn unknown(name: String) -> ConfigError {
    let names: Vec<_> = names().chain([Cow::Borrowed(CONFIG)]).collect();
    let names = || names.iter().map(AsRef::as_ref);
    // The name without what ours begin with, as `PORT` has it, is nearer than any other.
    let bare = name.strip_prefix("ROOMCAST_").unwrap_or(&name);
    let bare = names().find(|known| *known == bare);
    let suggestion = bare.or_else(|| nearest(&name, names())).map(str::to_owned);
    ConfigError::Unknown {
        place: Place::Environment,
        name,
        suggestion,
    }
}

#[cfg(test)]
mod tests;
