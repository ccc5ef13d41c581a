//! How many connections one address may have.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::PerAddress;
use crate::terms::Terms;

/// Counts the connections that speak HTTP. One that has become a WebSocket is a session, and counts among the sessions of
/// its address.
#[derive(Clone, Debug)]
pub(crate) struct Turnstile {
    terms: Terms,
    /// Taken alone, for one look-up.
    groups: Arc<Mutex<HashMap<IpAddr, Group>>>,
}

/// The connections of one address, or of one IPv6 network.
#[derive(Debug, Default)]
struct Group {
    connections: usize,
    /// Turned away since the limit was reached.
    refused: u64,
}

/// One connection that was let in; it has left when this is dropped.
#[derive(Debug)]
pub(crate) struct Guest(Option<(Turnstile, IpAddr)>);

impl Turnstile {
    pub(crate) fn new(terms: Terms) -> Self {
        let groups = Arc::default();
        Self { terms, groups }
    }

    /// A trusted proxy stands for everybody, as this machine does.
    fn limit(&self, address: IpAddr) -> Option<usize> {
        let terms = self.terms.current();
        match terms.limits.connections {
            PerAddress::Remote(_) if terms.proxies.trust(address) => None,
            limit => limit.of(address),
        }
    }

    /// Lets a connection in, unless its address has as many as it may.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Guest> {
        let Some(limit) = self.limit(address) else {
            return Some(Guest(None));
        };
        let network = network(address);
        let mut groups = self.groups();
        let group = groups.entry(network).or_default();
        if group.connections < limit {
            group.connections += 1;
            return Some(Guest(Some((self.clone(), network))));
        }
        group.refused += 1;
        let is_first = group.refused == 1;
        drop(groups);
        // One line when it begins and one when it ends: a flood of connections is no flood of lines.
        if is_first {
            tracing::warn!(
                remote = %address, limit, reason = "too_many_connections", "connections refused"
            );
        }
        None
    }

    fn groups(&self) -> MutexGuard<'_, HashMap<IpAddr, Group>> {
        // Nothing panics under it, and counts are right after every step.
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some((turnstile, network)) = &self.0 else {
            return;
        };
        let mut groups = turnstile.groups();
        let Entry::Occupied(mut group) = groups.entry(*network) else {
            return;
        };
        let refused = std::mem::take(&mut group.get_mut().refused);
        group.get_mut().connections -= 1;
        if group.get().connections == 0 {
            group.remove();
        }
        drop(groups);
        if refused > 1 {
            tracing::warn!(
                %network, refused, reason = "too_many_connections", "connections were refused"
            );
        }
    }
}

/// The 64 leading bits of an IPv6 address, since that is the least that one customer gets.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turnstile(limit: PerAddress) -> Turnstile {
        Turnstile::new(Terms::of(limit, &["10.0.0.99/32"]))
    }

    fn count(turnstile: &Turnstile) -> usize {
        turnstile.groups().len()
    }

    #[test]
    fn an_address_has_its_limit_and_gets_places_back() {
        let turnstile = self::turnstile(PerAddress::Everywhere(2));
        let enter = |address: &str| turnstile.enter(address.parse().unwrap());
        let first = enter("10.0.0.1").unwrap();
        let second = enter("::ffff:10.0.0.1").unwrap();
        assert!(enter("10.0.0.1").is_none());
        assert!(enter("10.0.0.2").is_some());
        drop(first);
        let third = enter("10.0.0.1").unwrap();
        assert!(enter("10.0.0.1").is_none());
        drop((second, third));
        assert_eq!(count(&turnstile), 0);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let turnstile = self::turnstile(PerAddress::Everywhere(1));
        let enter = |address: &str| turnstile.enter(address.parse().unwrap());
        let _first = enter("2001:db8::1").unwrap();
        assert!(enter("2001:db8::ffff:1").is_none());
        assert!(enter("2001:db8:0:1::1").is_some());
    }

    #[test]
    fn loopback_counts_only_when_it_is_asked_for() {
        let turnstile = self::turnstile(PerAddress::Remote(1));
        let enter = |address: &str| turnstile.enter(address.parse().unwrap());
        let guests: Vec<_> = (0..5).map(|_| enter("127.0.0.1")).collect();
        assert!(guests.iter().all(Option::is_some));
        assert!(enter("::1").is_some() && enter("::1").is_some());
        let _first = enter("10.0.0.1").unwrap();
        assert!(enter("10.0.0.1").is_none());
        let proxy: Vec<_> = (0..5).map(|_| enter("10.0.0.99")).collect();
        assert!(proxy.iter().all(Option::is_some), "a trusted proxy");
        assert_eq!(count(&turnstile), 1);
        let turnstile = self::turnstile(PerAddress::Unlimited);
        let address = "10.0.0.1".parse().unwrap();
        let _guests = (turnstile.enter(address), turnstile.enter(address));
        assert_eq!(count(&turnstile), 0);
    }
}
