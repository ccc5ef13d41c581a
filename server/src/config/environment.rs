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
        .filter(|(name, value)| is_ours(name) && !value.is_empty())
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
                    Err(expected) => {
                        errors.push(ConfigError::value(
                            Place::Variable(name.into_owned()),
                            setting,
                            text,
                            expected,
                        ));
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

/// Kubernetes gives every container `<SERVICE>_SERVICE_HOST`, `<SERVICE>_PORT_...` for each service of its
/// name space; one that is called `roomcast` must not stop us.
fn is_ours(name: &str) -> bool {
    match name.strip_prefix("ROOMCAST_") {
        Some(rest) => !rest.starts_with("SERVICE_") && rest != "PORT" && !rest.starts_with("PORT_"),
        None => names().any(|known| known == name),
    }
}

fn names() -> impl Iterator<Item = Cow<'static, str>> {
    table::settings().flat_map(Setting::variables)
}

fn unknown(name: String) -> ConfigError {
    let names: Vec<_> = names().chain([Cow::Borrowed(CONFIG)]).collect();
    let suggestion = nearest(&name, names.iter().map(AsRef::as_ref)).map(str::to_owned);
    ConfigError::Unknown {
        place: Place::Environment,
        name,
        suggestion,
    }
}

#[cfg(test)]
mod tests;
