//! The layer of settings from a file.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::environment::{self, Read};
use super::error::{ConfigError, Place, nearest};
use super::{Listen, Setting, Settings, Source, Value, table};

/// Reads the layer, and what is wrong with it.
pub(super) fn read(path: &Path, text: &str, read: Read<'_>) -> (Settings, Vec<ConfigError>) {
    let mut file = File {
        path: Arc::new(path.to_owned()),
        text,
        read,
        settings: Settings::default(),
        errors: Vec::new(),
    };
    let (document, wrong) = DeTable::parse_recoverable(text);
    if wrong.is_empty() {
        file.document(document.get_ref());
    }
    for error in wrong {
        let line = file.line(&error.span().unwrap_or_default());
        let place = Place::Line(Arc::clone(&file.path), line);
        let cause = error.message().to_owned();
        file.errors.push(ConfigError::Syntax { place, cause });
    }
    // The parser has the keys in the order of the alphabet.
    file.errors.sort_by_key(ConfigError::line);
    (file.settings, file.errors)
}

struct File<'a> {
    path: Arc<PathBuf>,
    text: &'a str,
    read: Read<'a>,
    settings: Settings,
    errors: Vec<ConfigError>,
}

/// A key with its place in the text.
struct Key {
    name: String,
    line: usize,
}

impl File<'_> {
    fn document(&mut self, document: &DeTable<'_>) {
        for (section, value) in document {
            let line = self.line(&section.span());
            let name = section.get_ref().to_string();
            let is_section = table::SECTIONS.iter().any(|known| known.name == name);
            match value.get_ref() {
                DeValue::Array(places) if name == "listen" && has_tables(places) => {
                    self.places(places);
                }
                DeValue::Table(settings) if is_section => self.section(&name, settings),
                DeValue::Table(_) if table::find(&name).is_none() => {
                    self.unknown_section(name, line)
                }
                value => self.setting(Key { name, line }, value),
            }
        }
    }

    fn section(&mut self, section: &str, settings: &DeTable<'_>) {
        for (key, value) in settings {
            let line = self.line(&key.span());
            let name = format!("{section}.{}", key.get_ref());
            self.setting(Key { name, line }, value.get_ref());
        }
    }

    fn setting(&mut self, key: Key, value: &DeValue<'_>) {
        if let Some(setting) = table::find(&key.name) {
            return self.give(setting, key, value);
        }
        let secret = key.name.strip_suffix("_file").and_then(table::find);
        match (secret.filter(|setting| setting.is_secret()), value) {
            (Some(setting), DeValue::String(path)) => self.secret(setting, key, path),
            _ => self.unknown(key, table::settings().map(|setting| setting.key)),
        }
    }

    fn give(&mut self, setting: &Setting, key: Key, value: &DeValue<'_>) {
        let read = match value {
            DeValue::Array(parts) if setting.kind.is_list() => {
                let texts: Option<Vec<_>> = parts.iter().map(|part| text(part.get_ref())).collect();
                texts.map_or_else(
                    || Err(setting.kind.to_string()),
                    |texts| {
                        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                        setting.kind.read_list(&texts)
                    },
                )
            }
            value => text(value).map_or_else(
                || Err(setting.kind.to_string()),
                |text| setting.kind.read(&text),
            ),
        };
        match read {
            Ok(value) => self.set(setting, key, value),
            Err(expected) => {
                let shown = text(value).unwrap_or_else(|| value.type_str().to_owned());
                let place = Place::Key(Arc::clone(&self.path), key.line, key.name);
                let error = ConfigError::value(place, setting, shown, expected);
                self.errors.push(error);
            }
        }
    }

    fn secret(&mut self, setting: &Setting, key: Key, path: &str) {
        let place = Place::Key(Arc::clone(&self.path), key.line, key.name.clone());
        match environment::secret(PathBuf::from(path), place, self.read) {
            Ok(text) => self.set(setting, key, Value::Secret(text.into())),
            Err(error) => self.errors.push(error),
        }
    }

    fn set(&mut self, setting: &Setting, key: Key, value: Value) {
        if self.settings.given(setting).is_some() {
            return self.errors.push(ConfigError::Twice {
                name: setting.key.to_owned(),
                other: format!("{}_file", setting.key),
            });
        }
        let source = Source::File(Arc::clone(&self.path), key.line);
        self.settings.set(setting, value, source);
    }

    /// `[[listen]]`: addresses as tables.
    fn places(&mut self, places: &[Spanned<DeValue<'_>>]) {
        let mut listen = Vec::new();
        let first = places.first().map(|place| self.line(&place.span()));
        for place in places {
            let DeValue::Table(keys) = place.get_ref() else {
                continue;
            };
            if let Some(place) = self.place(keys, self.line(&place.span())) {
                listen.push(place);
            }
        }
        let setting = table::find("listen").filter(|_| !listen.is_empty());
        if let (Some(setting), Some(line)) = (setting, first) {
            let source = Source::File(Arc::clone(&self.path), line);
            self.settings.set(setting, Value::Listen(listen), source);
        }
    }

    /// One of them; none if it is the internal one, or wrong.
    fn place(&mut self, keys: &DeTable<'_>, line: usize) -> Option<Listen> {
        let mut parts = (None, None, false);
        for (key, value) in keys {
            let line = self.line(&key.span());
            let name = format!("listen.{}", key.get_ref());
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("address", DeValue::String(address)) => parts.0 = Some(address.to_string()),
                ("profile", DeValue::String(profile)) => parts.1 = Some(profile.to_string()),
                ("internal", DeValue::Boolean(internal)) => parts.2 = *internal,
                ("address" | "profile" | "internal", value) => {
                    let expected = if name == "listen.internal" {
                        "true or false"
                    } else {
                        "a text"
                    };
                    self.wrong(Key { name, line }, value.type_str(), expected);
                }
                _ => {
                    let known = ["listen.address", "listen.profile", "listen.internal"];
                    self.unknown(Key { name, line }, known.into_iter());
                }
            }
        }
        let key = |name: &str| Key {
            name: name.to_owned(),
            line,
        };
        let address = parts.0.unwrap_or_default();
        let Ok(socket) = address.parse() else {
            self.wrong(
                key("listen.address"),
                &address,
                "an address with a port, such as 0.0.0.0:8000",
            );
            return None;
        };
        if parts.2 {
            let setting = table::find("internal.listen")?;
            self.set(setting, key("listen.internal"), Value::Address(socket));
            return None;
        }
        Some(Listen {
            address: socket,
            profile: parts.1,
        })
    }

    fn wrong(&mut self, key: Key, value: &str, expected: &str) {
        self.errors.push(ConfigError::Value {
            place: Place::Key(Arc::clone(&self.path), key.line, key.name),
            value: value.to_owned(),
            expected: expected.to_owned(),
        });
    }

    fn unknown(&mut self, key: Key, known: impl Iterator<Item = &'static str> + Clone) {
        // The right name in the wrong section is the commonest mistake of all.
        let name = key.name.rsplit('.').next().unwrap_or_default();
        let elsewhere = || {
            let mut known = known.clone();
            known.find(|known| known.rsplit('.').next() == Some(name))
        };
        let suggestion = nearest(&key.name, known.clone()).or_else(elsewhere);
        let suggestion = suggestion.map(str::to_owned);
        let place = Place::Line(Arc::clone(&self.path), key.line);
        let name = key.name;
        self.errors.push(ConfigError::Unknown {
            place,
            name,
            suggestion,
        });
    }

    fn unknown_section(&mut self, name: String, line: usize) {
        let known = table::SECTIONS.iter().map(|section| section.name);
        let nearest = nearest(&name, known.filter(|known| !known.is_empty()));
        self.errors.push(ConfigError::Unknown {
            place: Place::Line(Arc::clone(&self.path), line),
            name: format!("[{name}]"),
            suggestion: nearest.map(|known| format!("[{known}]")),
        });
    }

    /// Counted from 1.
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }
}

fn has_tables(parts: &[Spanned<DeValue<'_>>]) -> bool {
    parts.iter().any(|part| part.get_ref().is_table())
}

/// A value as it would be written in the environment.
fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(
            u64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| number.to_string(), |number| number.to_string()),
        ),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

#[cfg(test)]
mod tests;
