//! Where a client goes, and what it says there.

use std::str::FromStr;

use engineio::client::Target;
use http::Uri;

/// Where stock servers answer unless told otherwise.
const PATH: &str = "/socket.io/";

/// The port of `http` and `ws`.
const PORT: u16 = 80;

/// A server and a namespace, as in `http://127.0.0.1:3000/chat`.
///
/// As with stock clients the path of the URL is the namespace, not the path of the requests.
///
/// ```
/// let address: socketio::client::Address = "http://127.0.0.1:3000".parse()?;
/// assert_eq!((address.host(), address.port()), ("127.0.0.1", 3000));
/// # Ok::<(), socketio::client::AddressError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Address {
    host: String,
    port: u16,
    /// As it is written in a packet: nothing for `/`, else the name and a comma.
    namespace: String,
    /// What follows the namespace in CONNECT.
    auth: String,
    target: Target,
}

/// A URL that is no address of a server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is no URL, or it has no host.
    #[error("{0:?} is not a URL like http://127.0.0.1:3000")]
    Url(String),
    /// Only `http` and `ws` are spoken.
    #[error("{0} is not spoken here, only http and ws")]
    Scheme(String),
}

impl Address {
    /// The host, without a port and without the brackets of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Adds a header to every request.
    ///
    /// # Panics
    /// When it would end its line.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.target = self.target.header(name, value);
        self
    }

    /// What the server is told on CONNECT: a JSON object.
    #[must_use]
    pub fn auth(mut self, json: &str) -> Self {
        json.clone_into(&mut self.auth);
        self
    }

    /// The requests to this server.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The namespace as packets show it.
    pub(super) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The namespace as encoders take it.
    pub(super) fn namespace_name(&self) -> &str {
        self.namespace.strip_suffix(',').unwrap_or("/")
    }

    /// The CONNECT packet.
    pub(super) fn connect(&self) -> String {
        format!("0{}{}", self.namespace, self.auth)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(url: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError::Url(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        match uri.scheme_str() {
            Some("http" | "ws") => {}
            Some(other) => return Err(AddressError::Scheme(other.to_owned())),
            None => return Err(wrong()),
        }
        let authority = uri.authority().ok_or_else(wrong)?;
        let host = authority.host();
        if host.is_empty() {
            return Err(wrong());
        }
        let namespace = match uri.path() {
            "" | "/" => String::new(),
            path => format!("{path},"),
        };
        let port = authority.port_u16().unwrap_or(PORT);
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            namespace,
            auth: String::new(),
            target: Target::new(&format!("{host}:{port}"), PATH),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_server_and_namespace() {
        let address: Address = "ws://[::1]:9/chat".parse().unwrap();
        assert_eq!((address.host(), address.port()), ("::1", 9));
        assert_eq!(
            (address.namespace(), address.namespace_name()),
            ("/chat,", "/chat")
        );
        assert_eq!(address.auth("{}").connect(), "0/chat,{}");
        let address: Address = "http://localhost".parse().unwrap();
        assert_eq!(
            (
                address.port(),
                address.namespace(),
                address.namespace_name()
            ),
            (80, "", "/")
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["", "127.0.0.1:3000", "/socket.io", "http://", "http://a b"] {
            assert_eq!(
                url.parse::<Address>().unwrap_err(),
                AddressError::Url(url.into())
            );
        }
        let scheme = AddressError::Scheme("https".into());
        assert_eq!("https://a".parse::<Address>().unwrap_err(), scheme);
    }
}
