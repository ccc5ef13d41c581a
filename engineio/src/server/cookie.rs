//! The cookie that a polling handshake may set, for load balancers that look at it.

use std::{fmt::Write, time::Duration};

use http::HeaderValue;

use crate::Sid;

/// When browsers send the cookie to this server from pages of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Never.
    Strict,
    /// When the user follows a link.
    Lax,
    /// Always; browsers ask for [`Cookie::secure`] with it.
    None,
}

/// A cookie with the session's id. By default `io=<sid>; Path=/; HttpOnly; SameSite=Lax`.
///
/// It is set by the answer to a polling handshake only, as in the reference. The engine never reads
/// it: it is there for load balancers with sticky sessions.
///
/// ```
/// use engineio::server::{Config, Cookie};
///
/// let cookie = Cookie { secure: true, ..Cookie::default() };
/// let config = Config { cookie: Some(cookie), ..Config::default() };
/// # let _ = config;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// Its name. `io`.
    pub name: String,
    /// Paths below this one get it. `/`.
    pub path: Option<String>,
    /// Hosts below this one get it. None: this host only.
    pub domain: Option<String>,
    /// How long it lives. None: as long as the browser runs.
    pub max_age: Option<Duration>,
    /// Whether scripts cannot see it. They cannot: the id is a secret.
    pub http_only: bool,
    /// Whether it is sent over TLS only. No.
    pub secure: bool,
    /// Which pages may cause it to be sent. Lax.
    pub same_site: Option<SameSite>,
}

impl Default for Cookie {
    fn default() -> Self {
        Self {
            name: "io".to_owned(),
            path: Some("/".to_owned()),
            domain: None,
            max_age: None,
            http_only: true,
            secure: false,
            same_site: Some(SameSite::Lax),
        }
    }
}

impl Cookie {
    /// The header's value; `None` when a setting cannot stand in a header.
    pub(crate) fn header(&self, sid: &Sid) -> Option<HeaderValue> {
        let mut text = format!("{}={sid}", self.name);
        // Writing to a string cannot fail.
        if let Some(age) = self.max_age {
            let _ = write!(text, "; Max-Age={}", age.as_secs());
        }
        if let Some(domain) = &self.domain {
            let _ = write!(text, "; Domain={domain}");
        }
        if let Some(path) = &self.path {
            let _ = write!(text, "; Path={path}");
        }
        if self.http_only {
            text.push_str("; HttpOnly");
        }
        if self.secure {
            text.push_str("; Secure");
        }
        text.push_str(match self.same_site {
            None => "",
            Some(SameSite::Strict) => "; SameSite=Strict",
            Some(SameSite::Lax) => "; SameSite=Lax",
            Some(SameSite::None) => "; SameSite=None",
        });
        HeaderValue::try_from(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_written_as_the_reference_writes_it() {
        let sid = Sid::from_random([0; 15]);
        let plain = Cookie::default().header(&sid).unwrap();
        assert_eq!(
            plain,
            "io=AAAAAAAAAAAAAAAAAAAA; Path=/; HttpOnly; SameSite=Lax"
        );
        let full = Cookie {
            name: "node".to_owned(),
            path: Some("/chat".to_owned()),
            domain: Some("example.org".to_owned()),
            max_age: Some(Duration::from_secs(60)),
            http_only: false,
            secure: true,
            same_site: Some(SameSite::None),
        };
        assert_eq!(
            full.header(&sid).unwrap(),
            "node=AAAAAAAAAAAAAAAAAAAA; Max-Age=60; Domain=example.org; Path=/chat; Secure; SameSite=None"
        );
        let broken = Cookie {
            name: "a\r\nb".to_owned(),
            ..Cookie::default()
        };
        assert_eq!(broken.header(&sid), None);
    }
}
