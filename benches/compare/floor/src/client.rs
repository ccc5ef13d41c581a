//! One connection: what it has sent and is not understood yet, what it is to get.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Read, Write};
use std::rc::Rc;

use data_encoding::BASE64;
use mio::net::TcpStream;
use sha1::{Digest, Sha1};

/// Slices of one write; the kernel takes 1,024.
const SLICES: usize = 64;

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// See the module's documentation.
pub struct Client {
    pub stream: TcpStream,
    /// The rest of a request or frame; empty, without memory, most of the time.
    pub rest: Vec<u8>,
    pub is_websocket: bool,
    /// Is on the list of those to be written to.
    pub is_dirty: bool,
    queue: VecDeque<Rc<[u8]>>,
    /// Bytes of the first one that have left.
    gone: usize,
}

impl Client {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            rest: Vec::new(),
            is_websocket: false,
            is_dirty: false,
            queue: VecDeque::new(),
            gone: 0,
        }
    }

    /// Queues a frame; `true` when nobody knew that there is something to write.
    pub fn push(&mut self, frame: Rc<[u8]>) -> bool {
        self.queue.push_back(frame);
        !std::mem::replace(&mut self.is_dirty, true)
    }

    /// Reads once into what `buffer` has after its first `kept` bytes.
    pub fn read(&mut self, buffer: &mut [u8], kept: usize) -> io::Result<usize> {
        self.stream.read(&mut buffer[kept..])
    }

    /// Writes what is queued, as far as the kernel takes it; the poll says when it takes more.
    pub fn write(&mut self) -> io::Result<()> {
        self.is_dirty = false;
        while !self.queue.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES];
            let mut count = 0;
            for (slice, frame) in slices.iter_mut().zip(&self.queue) {
                let skip = if count == 0 { self.gone } else { 0 };
                *slice = IoSlice::new(&frame[skip..]);
                count += 1;
            }
            match self.stream.write_vectored(&slices[..count]) {
                Ok(written) => self.settle(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        if self.queue.capacity() > 2 {
            self.queue = VecDeque::new();
        }
        Ok(())
    }

    fn settle(&mut self, written: usize) {
        self.gone += written;
        while let Some(frame) = self.queue.front() {
            if self.gone < frame.len() {
                return;
            }
            self.gone -= frame.len();
            self.queue.pop_front();
        }
    }
}

/// The answer to a request for a WebSocket, whatever its path.
pub fn upgrade(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key")
            .then_some(value.trim())
    })?;
    let accept = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        BASE64.encode(&accept)
    ))
}
