//! What is known about a client since it connected (protocol B.6).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytestring::ByteString;
use engineio::server::{Entrance, Request};
use http::HeaderMap;
use serde::de::DeserializeOwned;

use crate::ArgsError;

/// The request that opened the session, and what the client said when it joined the namespace.
#[derive(Debug, Clone)]
pub struct Handshake {
    request: Arc<Request>,
    auth: Auth,
    issued: SystemTime,
}

impl Handshake {
    pub(crate) fn new(request: Arc<Request>, auth: Auth) -> Self {
        Self {
            request,
            auth,
            issued: SystemTime::now(),
        }
    }

    /// One header of the session's first request, the first of that name, which is written in lower
    /// case; if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.header(name)
    }

    /// The headers of the session's first request as a map. It is made by the first call and stays
    /// with the session, some kilobytes; [`header`](Self::header) costs nothing.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The query of that request, decoded, in its order.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.request.query()
    }

    /// One value of the query; the last one if the key is repeated.
    #[must_use]
    pub fn query_value(&self, key: &str) -> Option<Cow<'_, str>> {
        self.request.parameter(key)
    }

    /// The payload of CONNECT.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// The remote address, if the accept loop told it.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.request.remote()
    }

    /// When the client joined the namespace, in milliseconds since 1970.
    #[must_use]
    pub fn issued(&self) -> u64 {
        let since = self.issued.duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// The same as JavaScript writes a date.
    #[must_use]
    pub fn time(&self) -> String {
        date_string(self.issued() / 1000)
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.request.secure()
    }

    /// Which listener the client came by; the first one, when the accept loop did not tell.
    #[must_use]
    pub fn entrance(&self) -> Entrance {
        self.request.entrance()
    }

    /// Path and query of the first request.
    #[must_use]
    pub fn url(&self) -> &str {
        self.request.url()
    }

    /// Whether the first request came from a page (it had an `Origin`).
    #[must_use]
    pub fn xdomain(&self) -> bool {
        self.header("origin").is_some()
    }
}

/// As the reference's handshake object: `headers` and `query` are objects, `address` is text, `time` a
/// date, `auth` what the client sent. It may hold secrets: do not log it.
impl serde::Serialize for Handshake {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let header = |name| {
            let values = self.headers().get_all(name).into_iter();
            let values: Vec<_> = values.map(|value| lossy(value.as_bytes())).collect();
            values.join(", ")
        };
        let headers = self.headers().keys();
        let headers: BTreeMap<_, _> = headers.map(|name| (name.as_str(), header(name))).collect();
        let query: BTreeMap<_, _> = self.query().collect();
        let mut map = serializer.serialize_map(Some(9))?;
        map.serialize_entry("headers", &headers)?;
        map.serialize_entry("time", &self.time())?;
        map.serialize_entry("address", &self.address().map(|address| address.ip()))?;
        map.serialize_entry("xdomain", &self.xdomain())?;
        map.serialize_entry("secure", &self.secure())?;
        map.serialize_entry("issued", &self.issued())?;
        map.serialize_entry("url", self.url())?;
        map.serialize_entry("query", &query)?;
        map.serialize_entry("auth", &self.auth)?;
        map.end()
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The payload of CONNECT: a JSON object, `{}` if the client sent none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth(ByteString);

impl Auth {
    pub(crate) fn new(data: Option<ByteString>) -> Self {
        // A copy: it lives as long as the socket and must not keep a whole read buffer alive.
        Self(data.map_or(ByteString::from_static("{}"), |data| {
            ByteString::from(&*data)
        }))
    }

    /// The JSON as it was sent. It may hold secrets: do not log it.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Reads it into a typed value.
    ///
    /// # Errors
    /// A field is missing or has another type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ArgsError> {
        serde_json::from_str(&self.0).map_err(|error| ArgsError::new(&error))
    }
}

impl serde::Serialize for Auth {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &serde_json::value::RawValue =
            serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Seconds since 1970 as `Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)`.
fn date_string(seconds: u64) -> String {
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let weekday = WEEKDAYS.get((days % 7) as usize).unwrap_or(&"");
    // Years that begin in March put the leap day last; 719,468 days lie between year 0's and 1970.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12;
    let year = era * 400 + year_of_era + u64::from(month < 2);
    let month = MONTHS.get(month as usize).unwrap_or(&"");
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!(
        "{weekday} {month} {day:02} {year} {hour:02}:{minute:02}:{second:02} \
         GMT+0000 (Coordinated Universal Time)"
    )
}

#[cfg(test)]
mod tests {
    use super::date_string;

    #[test]
    fn dates_read_as_javascript_writes_them() {
        let cases = [
            (0, "Thu Jan 01 1970 00:00:00"),
            (951_782_399, "Mon Feb 28 2000 23:59:59"),
            (951_782_400, "Tue Feb 29 2000 00:00:00"),
            (1_767_225_599, "Wed Dec 31 2025 23:59:59"),
            (4_107_542_400, "Mon Mar 01 2100 00:00:00"),
        ];
        for (seconds, text) in cases {
            let expected = format!("{text} GMT+0000 (Coordinated Universal Time)");
            assert_eq!(date_string(seconds), expected);
        }
    }
}
