//! The server by its URL.

use std::fmt;
use std::str::FromStr;

use http::Uri;

/// Where stock servers answer unless told otherwise.
const PATH: &str = "/socket.io/";

/// A server and a namespace, as stock clients write them: `http://127.0.0.1:3000/admin`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Site {
    /// Whether it is `https` or `wss`.
    pub(in super::super) secure: bool,
    /// The host, without the brackets of an IPv6 address.
    pub(in super::super) host: String,
    /// The port.
    pub(in super::super) port: u16,
    /// The path of requests, with a slash at both ends.
    pub(in super::super) path: String,
    /// The namespace, with its slash.
    pub(in super::super) namespace: String,
}

/// A text that is no address of a server.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub(in super::super) enum SiteError {
    /// It is no URL, or it has no host.
    #[error("a server is a URL such as http://127.0.0.1:8000")]
    Url,
    /// A scheme that no Socket.IO client speaks.
    #[error("{0} is not spoken by Socket.IO clients: http, https, ws and wss are")]
    Scheme(String),
}

impl Site {
    /// This machine.
    pub(in super::super) fn local(port: u16) -> Self {
        Self {
            secure: false,
            host: "127.0.0.1".to_owned(),
            port,
            path: PATH.to_owned(),
            namespace: "/".to_owned(),
        }
    }

    /// The same with another path of requests.
    #[must_use]
    pub(in super::super) fn at(mut self, path: &str) -> Self {
        let inner = path.trim_matches('/');
        self.path = if inner.is_empty() {
            "/".to_owned()
        } else {
            format!("/{inner}/")
        };
        self
    }

    /// Host and port, as in a `Host` header.
    pub(in super::super) fn authority(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        if self.port == default_port(self.secure) {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// The target of an Engine.IO request.
    pub(in super::super) fn engine(&self, query: &str) -> String {
        format!("{}?{query}", self.path)
    }
}

/// Without path and namespace.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

const fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

impl FromStr for Site {
    type Err = SiteError;

    /// A text without a scheme is taken as `http`.
    fn from_str(text: &str) -> Result<Self, SiteError> {
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let uri: Uri = whole.parse().map_err(|_| SiteError::Url)?;
        let secure = match uri.scheme_str() {
            Some("http" | "ws") => false,
            Some("https" | "wss") => true,
            Some(other) => return Err(SiteError::Scheme(other.to_owned())),
            None => return Err(SiteError::Url),
        };
        let authority = uri.authority().ok_or(SiteError::Url)?;
        let host = authority.host().trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(SiteError::Url);
        }
        let namespace = uri.path().trim_end_matches('/');
        Ok(Self {
            secure,
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(default_port(secure)),
            path: PATH.to_owned(),
            namespace: if namespace.is_empty() { "/" } else { namespace }.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_server_and_namespace() {
        let site: Site = "wss://chat.example.org/admin".parse().unwrap();
        assert_eq!(
            (site.to_string().as_str(), site.port),
            ("https://chat.example.org", 443)
        );
        assert_eq!(
            (site.namespace.as_str(), site.path.as_str()),
            ("/admin", "/socket.io/")
        );
        let site: Site = "[::1]:9".parse().unwrap();
        assert_eq!(
            (site.to_string().as_str(), site.host.as_str()),
            ("http://[::1]:9", "::1")
        );
        assert_eq!(site.namespace, "/");
        assert_eq!(site.at("chat/ws").engine("EIO=4"), "/chat/ws/?EIO=4");
        let site: Site = "http://a:80/".parse().unwrap();
        assert_eq!(
            (site.authority(), site.at("").path),
            ("a".to_owned(), "/".to_owned())
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(
            "ftp://a".parse::<Site>(),
            Err(SiteError::Scheme("ftp".to_owned()))
        );
        for wrong in ["", "http://", "http://a b", "/socket.io"] {
            assert_eq!(wrong.parse::<Site>(), Err(SiteError::Url), "{wrong}");
        }
    }
}
