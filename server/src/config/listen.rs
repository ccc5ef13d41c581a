//! Where to listen, and for which application.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// An address, and the profile of those who come by it. Written `ADDR:PORT` or `ADDR:PORT=PROFILE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listen {
    /// Address and port.
    pub address: SocketAddr,
    /// The name of a [`Profile`](super::Profile); without one, that of the whole server.
    pub profile: Option<String>,
}

/// A text that is no place to listen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListenError;

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address with a port, such as 127.0.0.1:8000, and perhaps a profile, as in 127.0.0.1:8000=chatty")
    }
}

impl std::error::Error for ListenError {}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        match &self.profile {
            Some(profile) => write!(f, "={profile}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Listen {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Self, ListenError> {
        let (address, profile) = match text.split_once('=') {
            Some((_, "")) => return Err(ListenError),
            Some((address, profile)) => (address, Some(profile.to_owned())),
            None => (text, None),
        };
        let address = address.parse().map_err(|_| ListenError)?;
        Ok(Self { address, profile })
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self {
            address,
            profile: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_profile() {
        let plain: Listen = "[::1]:80".parse().unwrap();
        assert_eq!(
            plain,
            Listen::from(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 80)))
        );
        let shows: Listen = "127.0.0.1:5000=shows".parse().unwrap();
        assert_eq!(shows.address, SocketAddr::from(([127, 0, 0, 1], 5000)));
        assert_eq!(shows.profile.as_deref(), Some("shows"));
        for wrong in [
            "",
            "8000",
            "127.0.0.1",
            "127.0.0.1:8000=",
            "=shows",
            "localhost:1",
        ] {
            assert_eq!(wrong.parse::<Listen>(), Err(ListenError), "{wrong}");
        }
    }
}
