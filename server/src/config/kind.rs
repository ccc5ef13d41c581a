//! What a setting takes, and how it is read.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use ipnet::IpNet;

use super::{Secret, Value};

/// What a setting takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// A text.
    Text,
    /// A text that is never shown.
    Secret,
    /// A file or a folder.
    Path,
    /// True or false.
    Flag,
    /// A whole number between two others.
    Number(u64, u64),
    /// A time, at least so long.
    Duration(Duration),
    /// A number of bytes, at least so many.
    Size(u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An address with a port.
    Address,
    /// Texts.
    Texts,
    /// Files.
    Paths,
    /// Some of these words.
    Choices(&'static [&'static str]),
    /// Networks, and single addresses.
    Networks,
    /// Places to listen.
    Listen,
}

impl Kind {
    /// Whether it takes several of something: an array in a file, commas between them elsewhere.
    #[must_use]
    pub const fn is_list(self) -> bool {
        use Kind::{Choices, Listen, Networks, Paths, Texts};
        matches!(self, Texts | Paths | Choices(_) | Networks | Listen)
    }

    /// Reads one text; of a list its parts, with commas between them. The error says what is taken.
    pub fn read(self, text: &str) -> Result<Value, String> {
        if self.is_list() {
            let parts = text.split(',').map(str::trim);
            let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
            return self.read_list(&parts);
        }
        self.read_one(text).ok_or_else(|| self.to_string())
    }

    /// Reads a list.
    pub fn read_list(self, parts: &[&str]) -> Result<Value, String> {
        let parts = parts.iter().copied();
        let value = match self {
            Self::Texts => Some(Value::Texts(parts.map(str::to_owned).collect())),
            Self::Paths => Some(Value::Paths(parts.map(PathBuf::from).collect())),
            Self::Choices(words) => {
                let chosen: Option<_> = parts.map(|part| choose(words, part)).collect();
                chosen.map(Value::Texts)
            }
            Self::Networks => {
                let networks: Option<_> = parts.map(network).collect();
                networks.map(Value::Networks)
            }
            Self::Listen => {
                let places: Option<_> = parts.map(|part| part.parse().ok()).collect();
                places.map(Value::Listen)
            }
            _ => None,
        };
        value.ok_or_else(|| self.to_string())
    }

    fn read_one(self, text: &str) -> Option<Value> {
        Some(match self {
            Self::Text => Value::Text(text.to_owned()),
            Self::Secret => Value::Secret(Secret::new(text)),
            Self::Path => Value::Path(PathBuf::from(text)),
            Self::Flag => Value::Flag(flag(text)?),
            Self::Number(least, most) => {
                let number = text.parse().ok();
                Value::Number(number.filter(|number| (least..=most).contains(number))?)
            }
            Self::Duration(least) => Value::Duration(duration(text).filter(|it| *it >= least)?),
            Self::Size(least) => Value::Size(size(text).filter(|it| *it >= least)?),
            Self::Choice(words) => Value::Text(choose(words, text)?),
            Self::Address => Value::Address(text.parse().ok()?),
            Self::Texts | Self::Paths | Self::Choices(_) | Self::Networks | Self::Listen => {
                return None;
            }
        })
    }
}

/// What a setting of this kind takes, in words.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Text | Self::Secret => f.write_str("a text"),
            Self::Path => f.write_str("a path"),
            Self::Flag => f.write_str("true or false"),
            Self::Number(0, u64::MAX) => f.write_str("a number"),
            Self::Number(least, u64::MAX) => write!(f, "a number, at least {least}"),
            Self::Number(least, most) => write!(f, "a number from {least} to {most}"),
            Self::Duration(least) => {
                f.write_str("a time such as 25s, 1m 30s or 500ms")?;
                at_least(f, !least.is_zero(), Value::Duration(least))
            }
            Self::Size(least) => {
                f.write_str("a size such as 64KiB or 1MB")?;
                at_least(f, least > 0, Value::Size(least))
            }
            Self::Choice(words) => f.write_str(&any_of(words, "or")),
            Self::Address => f.write_str("an address with a port, such as 127.0.0.1:9000"),
            Self::Texts => f.write_str("a list of texts"),
            Self::Paths => f.write_str("a list of paths"),
            Self::Choices(words) => write!(f, "a list of {}", any_of(words, "and")),
            Self::Networks => f.write_str("a list of networks, such as 10.0.0.0/8 or ::1"),
            Self::Listen => f.write_str("addresses with ports, such as 127.0.0.1:8000=chatty"),
        }
    }
}

fn at_least(f: &mut fmt::Formatter<'_>, is_said: bool, least: Value) -> fmt::Result {
    match is_said {
        true => write!(f, ", at least {least}"),
        false => Ok(()),
    }
}

fn any_of(words: &[&str], conjunction: &str) -> String {
    match words {
        [rest @ .., last] if !rest.is_empty() => {
            format!("{} {conjunction} {last}", rest.join(", "))
        }
        words => words.concat(),
    }
}

fn choose(words: &[&str], text: &str) -> Option<String> {
    let mut words = words.iter();
    let word = words.find(|word| word.eq_ignore_ascii_case(text))?;
    Some((*word).to_owned())
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A bare number counts seconds.
fn duration(text: &str) -> Option<Duration> {
    let seconds = text.parse().map(Duration::from_secs);
    seconds
        .ok()
        .or_else(|| humantime::parse_duration(text).ok())
}

/// A bare number counts bytes.
fn size(text: &str) -> Option<u64> {
    text.parse().ok().map(|ByteSize(bytes)| bytes)
}

/// A network, or one address as a network of its own.
fn network(text: &str) -> Option<IpNet> {
    let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(single)
}

#[cfg(test)]
mod tests;
