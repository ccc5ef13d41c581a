//! The places where a token is looked for, in their order.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Where a token came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// `auth.token` of the CONNECT packet.
    Auth,
    /// `Authorization: Bearer`.
    Header,
    /// `?token=`.
    Query,
    /// The cookie.
    Cookie,
}

/// Everything about a request that can carry a token. All of it optional, all of it as it came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// `auth.token` of the CONNECT packet.
    pub auth: Option<&'a str>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// `token` of the query, percent-decoded.
    pub query: Option<&'a str>,
    /// The `Cookie` header.
    pub cookies: Option<&'a str>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `Host` header.
    pub host: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// The token that counts. A cookie only does when the page that made the request may speak as the user.
    #[must_use]
    pub fn token(&self, cookie: &str, allowed_origins: &[String]) -> Option<(Source, &'a str)> {
        let own_page = self
            .origin
            .is_none_or(|origin| is_trusted_origin(origin, self.host, allowed_origins));
        let cookie = self
            .cookies
            .filter(|_| own_page)
            .and_then(|header| cookie_value(header, cookie));
        [
            (Source::Auth, self.auth),
            (Source::Header, self.authorization.and_then(bearer)),
            (Source::Query, self.query),
            (Source::Cookie, cookie),
        ]
        .into_iter()
        .find_map(|(source, token)| Some((source, present(token?)?)))
    }
}

/// Stock clients send what their storage had, which may be nothing, as text.
fn present(token: &str) -> Option<&str> {
    let token = token.trim();
    (!matches!(token, "" | "null" | "undefined")).then_some(token)
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn cookie_value<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == name).then(|| value.trim().trim_matches('"'))
    })
}

/// Whether a page of that origin may use the cookies of this server: its own, on this machine, or listed.
///
/// Schemes are not compared with the server's own: behind a proxy it does not know which one the browser used.
#[must_use]
pub fn is_trusted_origin(origin: &str, host: Option<&str>, allowed: &[String]) -> bool {
    if allowed
        .iter()
        .any(|entry| entry.trim_end_matches('/').eq_ignore_ascii_case(origin))
    {
        return true;
    }
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let port = if scheme.eq_ignore_ascii_case("https") {
        ":443"
    } else {
        ":80"
    };
    let authority = authority.strip_suffix(port).unwrap_or(authority);
    let own = host.map(|host| host.strip_suffix(port).unwrap_or(host));
    own.is_some_and(|host| host.eq_ignore_ascii_case(authority)) || is_loopback(authority)
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => {
            return rest.split(']').next().and_then(|ip| ip.parse().ok())
                == Some(Ipv6Addr::LOCALHOST);
        }
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}
