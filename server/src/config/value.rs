//! What a setting was given.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde_json::json;

use super::{Listen, Secret};

/// What a setting was given, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Value {
    /// A text, or one of some words.
    Text(String),
    /// A text that is never shown.
    Secret(Secret),
    /// A file or a folder.
    Path(PathBuf),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(u64),
    /// A time.
    Duration(Duration),
    /// A number of bytes.
    Size(u64),
    /// An address with a port.
    Address(SocketAddr),
    /// Texts, or some of some words.
    Texts(Vec<String>),
    /// Files.
    Paths(Vec<PathBuf>),
    /// Networks.
    Networks(Vec<IpNet>),
    /// Places to listen.
    Listen(Vec<Listen>),
}

/// As a person would write it. A secret stays one.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Secret(_) => f.write_str("(set)"),
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Duration(time) => write!(f, "{}", humantime::format_duration(*time)),
            Self::Size(bytes) => f.write_str(&size(*bytes)),
            Self::Address(address) => write!(f, "{address}"),
            Self::Texts(texts) => f.write_str(&texts.join(", ")),
            Self::Paths(paths) => f.write_str(&list(paths.iter().map(|path| path.display()))),
            Self::Networks(networks) => f.write_str(&list(networks)),
            Self::Listen(places) => f.write_str(&list(places)),
        }
    }
}

impl Value {
    /// One list behind the other.
    #[must_use]
    pub(super) fn and(self, more: Self) -> Self {
        match (self, more) {
            (Self::Texts(one), Self::Texts(two)) => Self::Texts([one, two].concat()),
            (Self::Paths(one), Self::Paths(two)) => Self::Paths([one, two].concat()),
            (Self::Networks(one), Self::Networks(two)) => Self::Networks([one, two].concat()),
            (Self::Listen(one), Self::Listen(two)) => Self::Listen([one, two].concat()),
            (_, more) => more,
        }
    }

    /// The same for programs: numbers and lists are what they are, times and sizes are words.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => json!(number),
            Self::Texts(texts) => json!(texts),
            Self::Paths(paths) => json!(paths),
            Self::Networks(networks) => json!(texts(networks)),
            Self::Listen(places) => json!(texts(places)),
            one => json!(one.to_string()),
        }
    }

    /// The same as a file of settings has it.
    #[must_use]
    pub fn toml(&self) -> String {
        match self {
            Self::Flag(_) | Self::Number(_) => self.to_string(),
            // What JSON writes for texts and lists of texts, TOML reads.
            other => other.json().to_string().replace("\",\"", "\", \""),
        }
    }
}

fn texts<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn list<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<_> = all.into_iter().map(|one| one.to_string()).collect();
    texts.join(", ")
}

/// In the largest unit that says it exactly.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 6] = [
        ("GiB", 1 << 30),
        ("GB", 1_000_000_000),
        ("MiB", 1 << 20),
        ("MB", 1_000_000),
        ("KiB", 1 << 10),
        ("kB", 1_000),
    ];
    let exact = |(_, unit): &&(&str, u64)| bytes > 0 && bytes.is_multiple_of(*unit);
    match UNITS.iter().find(exact) {
        Some((name, unit)) => format!("{}{name}", bytes / unit),
        None => bytes.to_string(),
    }
}

/// What a setting is asked for as.
pub(super) trait FromValue: Sized {
    /// `None` when it is of another kind.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($variant:ident: $type:ty,)*) => {
        $(impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(inner),
                    _ => None,
                }
            }
        })*
    };
}

from_value! {
    Text: String,
    Secret: Secret,
    Path: PathBuf,
    Flag: bool,
    Duration: Duration,
    Address: SocketAddr,
    Texts: Vec<String>,
    Paths: Vec<PathBuf>,
    Networks: Vec<IpNet>,
    Listen: Vec<Listen>,
}

impl FromValue for u64 {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Number(number) | Value::Size(number) => Some(number),
            _ => None,
        }
    }
}

macro_rules! from_number {
    ($($type:ty)*) => {
        $(impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                let number = u64::from_value(value)?;
                // More than the machine can count is as much as it can count.
                Some(Self::try_from(number).unwrap_or(Self::MAX))
            }
        })*
    };
}

from_number!(usize u32 u16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_shown_exactly() {
        for (bytes, shown) in [
            (1 << 20, "1MiB"),
            (1_000_000, "1MB"),
            (65_536, "64KiB"),
            (10_000_000, "10MB"),
            (1_000, "1kB"),
            (1_234_567, "1234567"),
            (0, "0"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }

    #[test]
    fn a_file_reads_what_is_written_for_it() {
        let list = Value::Texts(vec!["a \"b\"".to_owned(), "c".to_owned()]);
        assert_eq!(list.toml(), r#"["a \"b\"", "c"]"#);
        let time = Value::Duration(Duration::from_secs(25));
        assert_eq!(time.toml(), "\"25s\"");
        assert_eq!(Value::Number(3).toml(), "3");
    }

    #[test]
    fn a_secret_shows_only_that_it_is_there() {
        let secret = Value::Secret(Secret::new("hush"));
        assert_eq!(secret.to_string(), "(set)");
        assert_eq!(secret.json(), "(set)");
    }
}
