//! `[[listen]]`: places to listen as tables.

use std::net::SocketAddr;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::error::{ConfigError, Place};
use super::super::{Kind, Listen, Refused, Source, Value, table};
use super::{File, Key};

/// What a place is told by.
const KEYS: [&str; 3] = ["listen.address", "listen.profile", "listen.internal"];

/// What one table says.
#[derive(Default)]
struct Said {
    address: Option<SocketAddr>,
    profile: Option<(String, usize)>,
    internal: Option<usize>,
}

impl File<'_> {
    /// `[[listen]]`: addresses as tables.
    pub(super) fn places(&mut self, places: &[Spanned<DeValue<'_>>]) {
        let mut listen = Vec::new();
        let first = places.first().map(|place| self.line(&place.span()));
        for place in places {
            let line = self.line(&place.span());
            match place.get_ref() {
                DeValue::Table(keys) => listen.extend(self.place(keys, line)),
                _ => {
                    let part = self.shown(&place.span());
                    let expected = "a table as the others are".to_owned();
                    self.wrong(key("listen", line), Refused { part, expected });
                }
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
        let mistakes = self.errors.len();
        let mut said = Said::default();
        for (key, value) in keys {
            let line = self.line(&key.span());
            let name = format!("listen.{}", key.get_ref());
            self.say(&mut said, Key { name, line }, value);
        }
        let Some(address) = said.address else {
            if self.errors.len() == mistakes {
                let expected = "given; a place to listen needs one".to_owned();
                let part = "address".to_owned();
                self.wrong(key("listen", line), Refused { part, expected });
            }
            return None;
        };
        let Some(line) = said.internal else {
            let profile = said.profile.map(|(name, _)| name);
            return Some(Listen { address, profile });
        };
        if let Some((part, line)) = said.profile {
            let expected = "for an internal listener: operators have no profile".to_owned();
            self.wrong(key("listen.profile", line), Refused { part, expected });
        }
        let setting = table::find("internal.listen")?;
        self.set(
            setting,
            key("listen.internal", line),
            Value::Address(address),
        );
        None
    }

    fn say(&mut self, said: &mut Said, key: Key, value: &Spanned<DeValue<'_>>) {
        let line = key.line;
        match (key.name.as_str(), value.get_ref()) {
            ("listen.address", DeValue::String(address)) => match address.parse() {
                Ok(address) => said.address = Some(address),
                Err(_) => self.wrong(key, Kind::Address.refuses(address)),
            },
            ("listen.profile", DeValue::String(profile)) => {
                said.profile = Some((profile.to_string(), line));
            }
            ("listen.internal", DeValue::Boolean(true)) => said.internal = Some(line),
            ("listen.internal", DeValue::Boolean(false)) => {}
            ("listen.address", _) => self.mistyped(key, Kind::Address, value),
            ("listen.profile", _) => self.mistyped(key, Kind::Text, value),
            ("listen.internal", _) => self.mistyped(key, Kind::Flag, value),
            _ => self.unknown(key, KEYS.into_iter()),
        }
    }

    fn mistyped(&mut self, key: Key, kind: Kind, value: &Spanned<DeValue<'_>>) {
        let shown = self.shown(&value.span());
        self.wrong(key, kind.refuses(&shown));
    }

    fn wrong(&mut self, key: Key, refused: Refused) {
        self.errors.push(ConfigError::Value {
            place: Place::Key(Arc::clone(&self.path), key.line, key.name),
            value: refused.part,
            expected: refused.expected,
        });
    }
}

fn key(name: &str, line: usize) -> Key {
    Key {
        name: name.to_owned(),
        line,
    }
}
