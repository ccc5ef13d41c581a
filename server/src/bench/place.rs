//! Where the server is, and from where clients come to it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use engineio::Transport;
use socketio::client::{Address, Client};

use super::error::BenchError;

/// How long a server may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Clients of one source address. The system has 28,232 ports for them (32768 to 60999), some of which others use.
const PER_ADDRESS: usize = 25_000;

/// How many loopback addresses are tried when the ports of one are in use: those of clients that left stay so for a minute.
const ADDRESSES: u8 = 40;

/// Header bytes of an upgrade beside those that every request has, and its first line.
const UPGRADE: usize = 160;

/// A server that was there, and what is said to it.
#[derive(Debug)]
pub(super) struct Place {
    server: SocketAddr,
    address: Arc<Address>,
}

impl Place {
    /// Finds the server, on the first of its addresses that answers.
    pub(super) fn find(url: &str) -> Result<Self, BenchError> {
        let address: Address = url.parse()?;
        let server = reach(&address).map_err(|source| BenchError::NoServer {
            url: url.to_owned(),
            source,
        })?;
        Ok(Self {
            server,
            address: Arc::new(address.header("User-Agent", "roomcast-bench")),
        })
    }

    /// Has every request filled with a header, so that its headers are `length` bytes long.
    pub(super) fn with_headers_of(mut self, length: usize) -> Self {
        let address = (*self.address).clone();
        let has = address.target().headers_len() + UPGRADE;
        let filler = "x".repeat(length.saturating_sub(has));
        self.address = Arc::new(address.header("X-Filler", &filler));
        self
    }

    /// Begins to connect client number `who`.
    pub(super) fn connect(&self, who: usize, transport: Transport) -> io::Result<Client> {
        let connect = |from| Client::connect(self.server, from, &self.address, transport);
        if !matches!(self.server.ip(), IpAddr::V4(ip) if ip.is_loopback()) {
            return connect(None);
        }
        let first = u8::try_from(who / PER_ADDRESS + 1).unwrap_or(u8::MAX);
        let mut outcome = connect(source(first));
        for last in (first..=ADDRESSES).skip(1) {
            match outcome {
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                    outcome = connect(source(last));
                }
                other => return other,
            }
        }
        outcome
    }
}

/// The loopback address with that end; the usual one is left to the system, which then can use a port for two servers.
fn source(last: u8) -> Option<IpAddr> {
    (last > 1).then(|| Ipv4Addr::new(127, 0, 0, last).into())
}

/// The address at which the server accepts a connection.
fn reach(address: &Address) -> io::Result<SocketAddr> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for server in (address.host(), address.port()).to_socket_addrs()? {
        match TcpStream::connect_timeout(&server, PATIENCE) {
            Ok(_) => return Ok(server),
            Err(error) => last = error,
        }
    }
    Err(last)
}
