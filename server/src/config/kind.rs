//! What a setting takes, and how it is read.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use ipnet::IpNet;

use super::{Secret, Value, filter, origin};

/// What no time of a server is longer than: a deadline that far ahead can still be computed.
const LONGEST: Duration = Duration::from_secs(10 * 31_557_600);

/// The most that clocks of people who trust each other differ, and more than any client can wait: timers of JavaScript that
/// are set to more than 24 days go off at once.
const DAY: Duration = Duration::from_secs(86_400);

/// The shortest time between two signs of life.
const SECOND: Duration = Duration::from_secs(1);

/// What a setting was given and does not take.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The text, or of a list the wrong part of it.
    pub part: String,
    /// What belongs there.
    pub expected: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.part, self.expected)
    }
}

impl std::error::Error for Refused {}

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
    /// A time of whole seconds, at most a day.
    Leeway,
    /// A time that clients wait too, at most a day.
    Heartbeat,
    /// A number of bytes, at least so many.
    Size(u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An address with a port.
    Address,
    /// Levels, and levels of parts of the server.
    Filter,
    /// Texts.
    Texts,
    /// Origins of pages, or a star.
    Origins,
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
        use Kind::{Choices, Listen, Networks, Origins, Paths, Texts};
        matches!(
            self,
            Texts | Origins | Paths | Choices(_) | Networks | Listen
        )
    }

    /// Reads one text; of a list its parts, with commas between them. The error says what is taken.
    pub fn read(self, text: &str) -> Result<Value, Refused> {
        if self.is_list() {
            let parts = text.split(',').map(str::trim);
            let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
            return self.read_list(&parts);
        }
        self.read_one(text).ok_or_else(|| self.refusal(text))
    }

    /// Reads a list.
    pub fn read_list(self, parts: &[&str]) -> Result<Value, Refused> {
        match self {
            Self::Texts => Ok(Value::Texts(self.each(parts, text)?)),
            Self::Origins => Ok(Value::Texts(self.each(parts, origin_or_star)?)),
            Self::Paths => Ok(Value::Paths(self.each(parts, |part| Some(part.into()))?)),
            Self::Networks => Ok(Value::Networks(self.each(parts, network)?)),
            Self::Choices(_) | Self::Listen if parts.is_empty() => Err(self.refuses("")),
            Self::Choices(words) => {
                let chosen = self.each(parts, |part| choose(words, part))?;
                Ok(Value::Texts(chosen))
            }
            Self::Listen => Ok(Value::Listen(self.each(parts, |part| part.parse().ok())?)),
            _ => Err(self.refuses(&parts.join(","))),
        }
    }

    /// Why this is none; of a list, why this part is none.
    pub(super) fn refuses(self, part: &str) -> Refused {
        Refused {
            part: part.to_owned(),
            expected: match self {
                Self::Choices(words) => any_of(words, "or"),
                Self::Networks => "a network, such as 10.0.0.0/8 or ::1".to_owned(),
                Self::Origins => origin::ORIGIN.to_owned(),
                Self::Listen => {
                    "an address with a port, such as 127.0.0.1:8000 or 127.0.0.1:8000=chatty"
                        .to_owned()
                }
                Self::Texts => "a text".to_owned(),
                Self::Paths => "a path".to_owned(),
                one => one.to_string(),
            },
        }
    }

    fn each<T>(self, parts: &[&str], read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Refused> {
        let read = |part: &&str| read(part).ok_or_else(|| self.refuses(part));
        parts.iter().map(read).collect()
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
            Self::Duration(least) => {
                Value::Duration(duration(text).filter(|it| (least..=LONGEST).contains(it))?)
            }
            Self::Leeway => Value::Duration(duration(text).filter(|it| is_leeway(*it))?),
            Self::Heartbeat => {
                Value::Duration(duration(text).filter(|it| (SECOND..=DAY).contains(it))?)
            }
            Self::Size(least) => Value::Size(size(text).filter(|it| *it >= least)?),
            Self::Choice(words) => Value::Text(choose(words, text)?),
            Self::Address => Value::Address(text.parse().ok()?),
            Self::Filter => {
                let is_filter = filter::mistake(text).is_none();
                is_filter.then(|| Value::Text(filter::plain(text)))?
            }
            Self::Texts
            | Self::Origins
            | Self::Paths
            | Self::Choices(_)
            | Self::Networks
            | Self::Listen => return None,
        })
    }

    fn refusal(self, text: &str) -> Refused {
        let filter = (self == Self::Filter).then(|| filter::mistake(text));
        if let Some((part, expected)) = filter.flatten() {
            return Refused { part, expected };
        }
        let is_time = matches!(self, Self::Duration(_));
        if is_time && duration(text).is_some_and(|time| time > LONGEST) {
            let expected = format!("a time of at most {}", Value::Duration(LONGEST));
            return Refused {
                part: text.to_owned(),
                expected,
            };
        }
        self.refuses(text)
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
            Self::Leeway => {
                let most = Value::Duration(DAY);
                write!(f, "a time in whole seconds such as 60s, at most {most}")
            }
            Self::Heartbeat => {
                let (least, most) = (Value::Duration(SECOND), Value::Duration(DAY));
                write!(f, "a time such as 25s, from {least} to {most}")
            }
            Self::Size(least) => {
                f.write_str("a size such as 64KiB or 1MB")?;
                at_least(f, least > 0, Value::Size(least))
            }
            Self::Choice(words) => f.write_str(&any_of(words, "or")),
            Self::Address => f.write_str("an address with a port, such as 127.0.0.1:9000"),
            Self::Filter => f.write_str("levels, as in info or info,chat=debug"),
            Self::Texts => f.write_str("a list of texts"),
            Self::Origins => {
                f.write_str("a list of origins, such as https://app.example.com, or `*`")
            }
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

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn is_leeway(time: Duration) -> bool {
    time.subsec_nanos() == 0 && time <= DAY
}

fn origin_or_star(text: &str) -> Option<String> {
    match text {
        "*" => Some(text.to_owned()),
        origin => origin::read(origin),
    }
}

/// A network, or one address as a network of its own.
fn network(text: &str) -> Option<IpNet> {
    let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(single)
}

#[cfg(test)]
mod tests;
