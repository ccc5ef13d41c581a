//! One layer of settings, with holes where the layer says nothing; and the layers over each other.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::value::FromValue;
use super::{Setting, Value, table};

/// Who gave a setting its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A line of a file.
    File(Arc<PathBuf>, usize),
    /// A variable of the environment.
    Environment(String),
    /// A flag.
    Flag(String),
}

impl Source {
    /// One word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::File(..) => "file",
            Self::Environment(_) => "env",
            Self::Flag(_) => "flag",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// A value and who gave it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The value.
    pub value: Value,
    /// Who gave it.
    pub source: Source,
}

/// What one layer says, or several over each other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings(BTreeMap<&'static str, Given>);

impl Settings {
    /// Says something about a setting.
    pub fn set(&mut self, setting: &Setting, value: Value, source: Source) {
        self.0.insert(setting.key, Given { value, source });
    }

    /// Says about a setting what `other` says about it.
    pub(crate) fn copy(&mut self, setting: &Setting, other: &Self) {
        match other.given(setting) {
            Some(given) => self.0.insert(setting.key, given.clone()),
            None => self.0.remove(setting.key),
        };
    }

    /// This layer, and where it says nothing the one below.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let mut both = below;
        both.0.extend(self.0);
        both
    }

    /// What it says about a setting.
    #[must_use]
    pub fn given(&self, setting: &Setting) -> Option<&Given> {
        self.0.get(setting.key)
    }

    /// What holds: what was given, else the default if that is a value.
    #[must_use]
    pub fn effective(&self, setting: &Setting) -> Option<Value> {
        let given = self.given(setting).map(|given| given.value.clone());
        given.or_else(|| setting.default_value())
    }

    /// What holds for a setting whose default is a value.
    pub(super) fn get<T: FromValue>(&self, key: &str) -> T {
        self.find(key).expect("its default in the table is a value")
    }

    /// What holds for a setting that may be unset.
    pub(super) fn find<T: FromValue>(&self, key: &str) -> Option<T> {
        let setting = table::find(key).expect("it is in the table");
        let value = self.effective(setting)?;
        Some(T::from_value(value).expect("the table says of which kind it is"))
    }
}

#[cfg(test)]
impl Settings {
    /// With one more thing said.
    pub(crate) fn with(mut self, key: &str, text: &str) -> Self {
        let setting = table::find(key).expect("a setting");
        let value = setting.kind.read(text).expect("a value");
        self.set(setting, value, Source::Flag("test".to_owned()));
        self
    }
}
