//! Where a request really comes from: what trusted proxies say about it.

use std::net::{IpAddr, SocketAddr};

use engineio::server::Peer;
use http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// More proxies than this stand behind each other nowhere; whoever names more wants us to be busy.
const MAX_HOPS: usize = 16;

/// The networks whose word is believed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Proxies(Vec<IpNet>);

impl From<Vec<IpNet>> for Proxies {
    fn from(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }
}

impl Proxies {
    /// Whether somebody at this address is one of them.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who sends a request that came over a connection of `peer`. Each proxy writes behind what it was told whom it heard it
    /// from, so the last word of a trusted one counts: the nearest address that is none of theirs. Everything in front of
    /// it the client may have made up.
    pub(crate) fn sender(&self, peer: Peer, headers: &HeaderMap) -> Peer {
        if !self.trust(peer.addr.ip()) {
            return peer;
        }
        let secure = match proto(headers) {
            Some(proto) => proto.eq_ignore_ascii_case("https"),
            None => peer.secure,
        };
        let mut addr = peer.addr;
        for hop in hops(headers).take(MAX_HOPS) {
            // Nobody knows who a hop without an address is: the proxy that said so speaks for it.
            let Some(hop) = hop else { break };
            addr = hop;
            if !self.trust(hop.ip()) {
                break;
            }
        }
        Peer { addr, secure }
    }
}

/// The addresses in X-Forwarded-For, the nearest first; several headers are one long list.
fn hops(headers: &HeaderMap) -> impl Iterator<Item = Option<SocketAddr>> {
    let lines = headers.get_all(FORWARDED_FOR).into_iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    hops.map(|hop| address(str::from_utf8(hop).ok()?))
}

/// An address with a port or without, IPv6 in brackets or without.
fn address(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address: Result<IpAddr, _> = bare.unwrap_or(text).parse();
    let address = address.map(|address| SocketAddr::new(address, 0));
    address.or_else(|_| text.parse()).ok()
}

/// What the nearest proxy says that was spoken with it.
fn proto(headers: &HeaderMap) -> Option<&str> {
    let last = headers.get_all(FORWARDED_PROTO).into_iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?.trim();
    (!last.is_empty()).then_some(last)
}

#[cfg(test)]
mod tests;
