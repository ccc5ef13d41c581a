//! One setting: everything there is to know about it.

use std::borrow::Cow;

use super::{Kind, Value};

/// One setting. What is said here is what is read, what `--help` says, and what the reference page and the example file
/// have.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its section and its name, as in `limits.head_timeout`.
    pub key: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is for, in whole sentences.
    pub help: &'static str,
    /// What holds when nobody says anything.
    pub default: Otherwise,
    /// A value that is worth being shown, where the default is none.
    pub example: &'static str,
    /// Its flag, if it has one of its own.
    pub flag: Option<Flag>,
    /// Whether a running server takes a new value.
    pub reloads: bool,
    variables: &'static [&'static str],
}

/// What holds when nobody says anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Otherwise {
    /// This value.
    Value(&'static str),
    /// Something that other settings or the machine decide, in words.
    Words(&'static str),
}

/// A flag of `serve`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flag {
    /// Without the dashes.
    pub name: &'static str,
    /// What follows it.
    pub takes: Takes,
}

/// What follows a flag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// One value, called this.
    One(&'static str),
    /// The flag may be repeated, each time with a value that is called this.
    Many(&'static str),
    /// Nothing; the flag itself says this value.
    Nothing(&'static str),
}

impl Setting {
    pub(super) const fn new(key: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            key,
            kind,
            help,
            default: Otherwise::Words("none"),
            example: "",
            flag: None,
            reloads: false,
            variables: &[],
        }
    }

    /// What holds when nobody says anything.
    pub(super) const fn is(mut self, value: &'static str) -> Self {
        self.default = Otherwise::Value(value);
        self
    }

    /// The same in words, and a value to show in the example file.
    pub(super) const fn unset(mut self, words: &'static str, example: &'static str) -> Self {
        self.default = Otherwise::Words(words);
        self.example = example;
        self
    }

    /// Its variables, unless that is `ROOMCAST_`, section and name. The first one that is set counts.
    pub(super) const fn env(mut self, names: &'static [&'static str]) -> Self {
        self.variables = names;
        self
    }

    pub(super) const fn flag(mut self, name: &'static str, takes: Takes) -> Self {
        self.flag = Some(Flag { name, takes });
        self
    }

    /// A running server takes a new value.
    pub(super) const fn reloads(mut self) -> Self {
        self.reloads = true;
        self
    }

    /// The variables of the environment that set it; the first one that is set counts.
    #[must_use]
    pub fn variables(&self) -> Vec<Cow<'static, str>> {
        if self.variables.is_empty() {
            let name = self.key.replace('.', "_").to_ascii_uppercase();
            return vec![format!("ROOMCAST_{name}").into()];
        }
        self.variables.iter().copied().map(Cow::Borrowed).collect()
    }

    /// Its section.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.key.split_once('.').map_or("", |(section, _)| section)
    }

    /// Its name within the section.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }

    /// Whether `<variable>_FILE` and `<key>_file` name a file that has it.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.kind == Kind::Secret
    }

    /// The value that holds when nobody says anything, if it is one.
    #[must_use]
    pub fn default_value(&self) -> Option<Value> {
        match self.default {
            Otherwise::Value(text) => self.kind.read(text).ok(),
            Otherwise::Words(_) => None,
        }
    }
}
