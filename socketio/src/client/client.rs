//! One session on one socket.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use engineio::Transport;
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::{Domain, Protocol, Socket, Type};

use super::{Address, ClientError, Notice, Session};
use crate::{Arguments, EncodeError};

/// A client: connect it, register it, and on every readiness read and then write.
///
/// Dropping it closes the connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    session: Session,
}

impl Client {
    /// Begins to connect; `from` is the address it leaves from, when that matters: one address has about 28,000 ports.
    ///
    /// # Errors
    /// Those of the system, among them [`ErrorKind::AddrNotAvailable`] when no port is left. That nobody listens is seen later.
    pub fn connect(
        server: SocketAddr,
        from: Option<IpAddr>,
        address: &Arc<Address>,
        transport: Transport,
    ) -> io::Result<Self> {
        let socket = Socket::new(
            Domain::for_address(server),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if let Some(from) = from {
            socket.bind(&SocketAddr::new(from, 0).into())?;
        }
        match socket.connect(&server.into()) {
            Ok(()) => {}
            Err(error) if is_in_progress(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(Self {
            stream: TcpStream::from_std(socket.into()),
            session: Session::new(address, transport),
        })
    }

    /// Has `registry` tell of this client under `token`, once each time that something can be read or written.
    ///
    /// # Errors
    /// Those of the system.
    pub fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        let both = Interest::READABLE | Interest::WRITABLE;
        registry.register(&mut self.stream, token, both)
    }

    /// Reads what an event tells of into `buffer`, which may be shared with other clients, and hands on what it says.
    ///
    /// A read that does not fill the buffer was the last one, so the usual cost is one system call. Only when the server has closed the
    /// connection, the end is looked for behind it: no other event will tell.
    ///
    /// # Errors
    /// The connection or the session has ended.
    pub fn read(
        &mut self,
        event: &Event,
        buffer: &mut [u8],
        on: impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        if event.is_read_closed() || event.is_error() {
            return self.read_all(buffer, on);
        }
        match event.is_readable() {
            true => self.read_while(buffer, on, |is_full| is_full),
            false => Ok(()),
        }
    }

    /// Reads until nothing is left, for a client whose events were not looked at.
    ///
    /// # Errors
    /// The connection or the session has ended.
    pub fn read_all(
        &mut self,
        buffer: &mut [u8],
        on: impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        self.read_while(buffer, on, |_| true)
    }

    /// Reads as long as there is something and, told whether the last read was full, `goes_on` agrees.
    fn read_while(
        &mut self,
        buffer: &mut [u8],
        mut on: impl FnMut(Notice<'_>),
        goes_on: impl Fn(bool) -> bool,
    ) -> Result<(), ClientError> {
        loop {
            let length = match self.stream.read(buffer) {
                Ok(0) => return Err(ClientError::Hangup),
                Ok(length) => length,
                Err(error) if is_not_yet(&error) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let read = buffer.get(..length).unwrap_or_default();
            self.session.on_bytes(read, &mut on)?;
            if !goes_on(length == buffer.len()) {
                return Ok(());
            }
        }
    }

    /// Writes what is to be written, as far as the system takes it; the rest follows when it is called on readiness.
    ///
    /// # Errors
    /// The connection has ended.
    pub fn write(&mut self) -> Result<(), ClientError> {
        loop {
            let outgoing = self.session.outgoing();
            if outgoing.is_empty() {
                return Ok(());
            }
            match self.stream.write(outgoing) {
                Ok(length) => self.session.on_written(length),
                Err(error) if is_not_yet(&error) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Sends a Socket.IO packet as it is written; it leaves with the next [`Client::write`].
    pub fn send(&mut self, packet: &[u8]) {
        self.session.send(packet);
    }

    /// Sends an event; with an id it wants an ack. It leaves with the next [`Client::write`].
    ///
    /// # Errors
    /// As [`Session::emit`].
    pub fn emit(
        &mut self,
        name: &str,
        args: &impl Arguments,
        id: Option<u64>,
    ) -> Result<(), EncodeError> {
        self.session.emit(name, args, id)
    }

    /// Whether the namespace is open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.session.is_connected()
    }
}

/// A connect that has begun. Systems differ in how they say it.
fn is_in_progress(error: &io::Error) -> bool {
    /// `EINPROGRESS` of Linux, for which `std` has no stable kind.
    const IN_PROGRESS: i32 = 115;
    error.kind() == ErrorKind::WouldBlock || error.raw_os_error() == Some(IN_PROGRESS)
}

/// Nothing to read, no room to write, or not connected yet.
fn is_not_yet(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::NotConnected
    )
}
