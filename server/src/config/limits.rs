//! What one address, and one request, may take.

use std::net::IpAddr;
use std::time::Duration;

use super::Settings;

/// Connections of one address that is not on this machine. Twice the sessions that it may have: polling needs two.
const CONNECTIONS: usize = 8192;

/// Limits of connections and requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Connections of one address.
    pub connections: PerAddress,
    /// How long the handshake of TLS may take.
    pub tls_timeout: Duration,
    /// How long the head of a request may take.
    pub head_timeout: Duration,
    /// How long its body may take.
    pub body_timeout: Duration,
}

/// How many connections one address may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PerAddress {
    /// As many as it likes.
    Unlimited,
    /// So many, except this machine: a proxy on it stands for everybody.
    Remote(usize),
    /// So many, this machine too.
    Everywhere(usize),
}

impl PerAddress {
    /// How many an address may have; `None` when there is no limit.
    #[must_use]
    pub const fn of(self, address: IpAddr) -> Option<usize> {
        match self {
            Self::Unlimited => None,
            Self::Remote(_) if address.to_canonical().is_loopback() => None,
            Self::Remote(limit) | Self::Everywhere(limit) => Some(limit),
        }
    }
}

impl Limits {
    pub(super) fn resolve(settings: &Settings) -> Self {
        let connections = match settings.find("limits.connections_per_address") {
            Some(0) => PerAddress::Unlimited,
            Some(limit) => PerAddress::Everywhere(limit),
            None if !settings.get::<bool>("limits.enabled") => PerAddress::Unlimited,
            None => PerAddress::Remote(CONNECTIONS),
        };
        Self {
            connections,
            tls_timeout: settings.get("limits.tls_timeout"),
            // Long enough for a slow phone, short enough that a thousand half-sent requests do not stay.
            head_timeout: settings.get("limits.head_timeout"),
            body_timeout: settings.get("limits.body_timeout"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_everywhere_and_none_at_all_spares_this_machine() {
        let connections = |number: Option<u32>, enabled: bool| {
            let settings = Settings::default().with("limits.enabled", &enabled.to_string());
            let settings = match number {
                Some(number) => {
                    settings.with("limits.connections_per_address", &number.to_string())
                }
                None => settings,
            };
            Limits::resolve(&settings).connections
        };
        assert_eq!(connections(None, true), PerAddress::Remote(8192));
        assert_eq!(connections(None, false), PerAddress::Unlimited);
        assert_eq!(connections(Some(9), false), PerAddress::Everywhere(9));
        assert_eq!(connections(Some(0), true), PerAddress::Unlimited);
    }
}
