//! One TCP connection, read with deadlines.

use socket2::{Domain, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long an answer that must come may take; generous, because it is only
/// ever waited out by a failing test.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Why no more bytes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The peer closed its side.
    Closed,
    /// The peer reset the connection.
    Reset,
    /// Nothing came in time.
    Deadline,
}

/// A TCP connection and what was read of it but not taken.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to a port of this machine.
    ///
    /// # Panics
    /// When nobody listens there.
    #[must_use]
    pub fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("a socket option");
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Connects with the smallest receive buffer there is, so that a client that does not read is
    /// soon noticed by the server.
    ///
    /// # Panics
    /// When nobody listens there.
    #[must_use]
    pub fn narrow(port: u16) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_recv_buffer_size(1).expect("a socket option");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        socket.connect(&address.into()).expect("the server listens");
        Self {
            stream: socket.into(),
            buffer: Vec::new(),
        }
    }

    /// Sends bytes as long as the peer takes some within the patience; how many it took.
    pub fn push(&mut self, bytes: &[u8], patience: Duration) -> usize {
        let set = |time| {
            self.stream
                .set_write_timeout(time)
                .expect("a socket option")
        };
        set(Some(patience));
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
            match (&self.stream).write(rest) {
                Ok(count) if count > 0 => taken += count,
                _ => break,
            }
        }
        set(None);
        taken
    }

    /// Sends bytes. A peer that is already gone shows in the next read.
    pub fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Sends the end of this direction; what the peer still says can be read.
    pub fn finish(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// What was read but not taken.
    #[must_use]
    pub fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes bytes from the front of the buffer.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        self.buffer.drain(..count.min(self.buffer.len())).collect()
    }

    /// Reads until at least one more byte is in the buffer.
    ///
    /// # Errors
    /// Why none came.
    pub fn fill(&mut self, until: Instant) -> Result<(), End> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(End::Deadline);
        }
        self.stream
            .set_read_timeout(Some(left))
            .expect("a socket option");
        let mut scratch = [0; 16 * 1024];
        match self.stream.read(&mut scratch) {
            Ok(0) => Err(End::Closed),
            Ok(count) => {
                self.buffer.extend(scratch.iter().take(count));
                Ok(())
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(End::Deadline),
                ErrorKind::Interrupted => self.fill(until),
                _ => Err(End::Reset),
            },
        }
    }

    /// Waits for the end of the connection and drops what comes before it.
    pub fn ended(&mut self) -> End {
        let until = Instant::now() + DEADLINE;
        loop {
            self.buffer.clear();
            if let Err(end) = self.fill(until) {
                return end;
            }
        }
    }

    /// Whether nothing at all comes for a while: neither bytes nor an end.
    pub fn is_silent(&mut self, time: Duration) -> bool {
        self.buffer.is_empty() && self.fill(Instant::now() + time) == Err(End::Deadline)
    }
}
