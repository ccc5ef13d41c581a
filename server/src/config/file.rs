//! The layer of settings from a file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::environment::{self, Read};
use super::error::{ConfigError, Place, nearest};
use super::{Refused, Setting, Settings, Source, Value, table};

mod places;

/// Reads the layer, and what is wrong with it.
pub(super) fn read(path: &Path, text: &str, read: Read<'_>) -> (Settings, Vec<ConfigError>) {
    let mut file = File {
        path: Arc::new(path.to_owned()),
        text,
        read,
        settings: Settings::default(),
        said: BTreeMap::new(),
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

/// How much of a value that is no text is shown, in letters.
const SHOWN: usize = 60;

struct File<'a> {
    path: Arc<PathBuf>,
    text: &'a str,
    read: Read<'a>,
    settings: Settings,
    /// Where each of them was said.
    said: BTreeMap<&'static str, Key>,
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
                _ => self.setting(Key { name, line }, value),
            }
        }
    }

    fn section(&mut self, section: &str, settings: &DeTable<'_>) {
        for (key, value) in settings {
            let line = self.line(&key.span());
            let name = format!("{section}.{}", key.get_ref());
            self.setting(Key { name, line }, value);
        }
    }

    fn setting(&mut self, key: Key, value: &Spanned<DeValue<'_>>) {
        if let Some(setting) = table::find(&key.name) {
            return self.give(setting, key, value.get_ref(), value.span());
        }
        let secret = key.name.strip_suffix("_file").and_then(table::find);
        match (
            secret.filter(|setting| setting.is_secret()),
            value.get_ref(),
        ) {
            (Some(setting), DeValue::String(path)) => self.secret(setting, key, path),
            _ => self.unknown(key, table::settings().map(|setting| setting.key)),
        }
    }

    fn give(&mut self, setting: &Setting, key: Key, value: &DeValue<'_>, span: Range<usize>) {
        match self.value(setting, value, &span) {
            Ok(value) => self.set(setting, key, value),
            Err(refused) => {
                let place = Place::Key(Arc::clone(&self.path), key.line, key.name);
                self.errors
                    .push(ConfigError::value(place, setting, refused));
            }
        }
    }

    fn value(
        &self,
        setting: &Setting,
        value: &DeValue<'_>,
        span: &Range<usize>,
    ) -> Result<Value, Refused> {
        let refused = |span: &Range<usize>| setting.kind.refuses(&self.shown(span));
        match value {
            DeValue::Array(parts) if setting.kind.is_list() => {
                let text = |part: &Spanned<DeValue<'_>>| {
                    text(part.get_ref()).ok_or_else(|| refused(&part.span()))
                };
                let texts: Vec<_> = parts.iter().map(text).collect::<Result<_, _>>()?;
                let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                setting.kind.read_list(&texts)
            }
            value => setting
                .kind
                .read(&text(value).ok_or_else(|| refused(span))?),
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
        let place = |key: &Key| format!("{} ({}:{})", key.name, self.path.display(), key.line);
        if let Some(first) = self.said.get(setting.key) {
            let (name, other) = (place(first), place(&key));
            return self.errors.push(ConfigError::Twice { name, other });
        }
        let source = Source::File(Arc::clone(&self.path), key.line);
        self.settings.set(setting, value, source);
        self.said.insert(setting.key, key);
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

    /// As it is written, if that is short enough to be read.
    fn shown(&self, span: &Range<usize>) -> String {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let words = written.split_whitespace().collect::<Vec<_>>().join(" ");
        match words.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}...", words.get(..end).unwrap_or_default()),
            None => words,
        }
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
