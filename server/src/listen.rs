//! Listening: sockets with a deep backlog, and the loop that accepts connections.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::config::{Address, Auth, Profile};
use crate::connection::Connections;
use crate::routes::Routes;
use crate::shutdown::Stop;

/// Connections that the kernel keeps until we accept them. When a server restarts, all its clients come at once; the
/// kernel cuts this to its own limit (`net.core.somaxconn`).
const BACKLOG: i32 = 4096;

/// The first and the longest pause when no connection can be accepted because the process has no descriptor left.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A bound socket that nobody accepts from yet.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    /// As it was wanted, with the real port.
    address: Address,
}

impl Listener {
    /// Binds one address; port 0 takes any that is free. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub fn bind(wanted: Address) -> io::Result<Self> {
        let address = wanted.socket;
        let socket = Socket::new(
            Domain::for_address(address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        // Without it a restart waits a minute for the connections of the last run. On Windows it means something else.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        let socket = TcpListener::from_std(socket.into())?;
        let address = Address {
            socket: socket.local_addr()?,
            ..wanted
        };
        Ok(Self { socket, address })
    }

    /// Binds one address for those who run the server.
    pub(crate) fn bind_one(address: SocketAddr) -> Result<Self, BindError> {
        let wanted = Address {
            socket: address,
            profile: Profile::NONE,
            auth: Auth::Required,
            is_optional: false,
        };
        Self::bind(wanted).map_err(|cause| BindError { address, cause })
    }

    /// Binds all of them; those that the machine does not have are left out where they are optional.
    ///
    /// # Errors
    /// With the first address that cannot be bound.
    pub fn bind_all(addresses: &[Address]) -> Result<Vec<Self>, BindError> {
        let mut listeners = Vec::new();
        for wanted in addresses {
            match Self::bind(*wanted) {
                Ok(listener) => listeners.push(listener),
                Err(error) if wanted.is_optional && is_missing(&error) => {
                    tracing::debug!(address = %wanted.socket, "the machine has no such address");
                }
                Err(error) => {
                    return Err(BindError {
                        address: wanted.socket,
                        cause: error,
                    });
                }
            }
        }
        Ok(listeners)
    }

    /// Where it listens, with the real port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address.socket
    }

    /// How those who come here are received.
    pub(crate) const fn surroundings(&self) -> (Profile, Auth) {
        (self.address.profile, self.address.auth)
    }

    /// Accepts connections until told to stop, then closes the socket.
    pub(crate) async fn accept(self, routes: Routes, connections: Connections, mut stop: Stop) {
        let mut pause = FIRST_PAUSE;
        loop {
            // Both arms are cancel-safe: an accepted connection is handed on before the next wait.
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = stop.requested() => return,
            };
            match accepted {
                Ok((stream, remote)) => {
                    pause = FIRST_PAUSE;
                    // Only speed: a stream that refuses is about to fail by itself.
                    let _ = stream.set_nodelay(true);
                    connections.serve(stream, remote, &routes);
                }
                // The client changed its mind between its SYN and our accept.
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, address = %self.address.socket, "cannot accept connections");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {cause}{}", advice(.cause))]
pub struct BindError {
    address: SocketAddr,
    cause: io::Error,
}

fn advice(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::AddrInUse => {
            "; another program listens there, choose another with --listen or PORT"
        }
        io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege",
        _ => "",
    }
}

/// IPv6 switched off shows as either, depending on how.
fn is_missing(error: &io::Error) -> bool {
    /// EAFNOSUPPORT on Linux.
    const NO_SUCH_FAMILY: i32 = 97;
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(NO_SUCH_FAMILY)
}

fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn optional(socket: &str) -> Address {
        Address {
            socket: socket.parse().unwrap(),
            is_optional: true,
            profile: Profile::NONE,
            auth: Auth::Open,
        }
    }

    #[tokio::test]
    async fn port_zero_takes_a_free_one_and_says_which() {
        let listener = Listener::bind(optional("127.0.0.1:0")).unwrap();
        assert_ne!(listener.address().port(), 0);
    }

    #[tokio::test]
    async fn a_taken_port_is_an_error_that_says_what_to_do() {
        let first = Listener::bind(optional("127.0.0.1:0")).unwrap();
        let error = Listener::bind_all(&[first.address]).unwrap_err();
        assert!(
            error.to_string().contains("choose another with --listen"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn an_optional_address_that_the_machine_lacks_is_left_out() {
        // TEST-NET-1 is nobody's address.
        let foreign = optional("192.0.2.1:0");
        assert!(Listener::bind_all(&[foreign]).unwrap().is_empty());
        let needed = Address {
            is_optional: false,
            ..foreign
        };
        assert!(Listener::bind_all(&[needed]).is_err());
    }
}
