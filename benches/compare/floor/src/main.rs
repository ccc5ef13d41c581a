//! What the kernel alone costs: one thread, one epoll, one vectored write per recipient and turn of the loop.
//!
//! `peer-floor PORT`
//!
//! It understands the bytes of the load generator and nothing else: no limits, no heartbeat, no ends, no polling, no
//! escapes in names. It is not a server; it is what a server costs that makes one write for each recipient and turn, and
//! has nothing else to do. A server that has more to say in each write can be better than it.

mod client;
mod frame;
mod message;

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Protocol, Type};

use client::Client;
use frame::Inbound;
use message::Message;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const BACKLOG: i32 = 65_535;
const LISTENER: Token = Token(usize::MAX);
const SCRATCH: usize = 256 * 1024;

/// Never asks for a ping.
const OPEN: &[u8] = br#"0{"sid":"floor","upgrades":[],"pingInterval":86400000,"pingTimeout":86400000,"maxPayload":1000000}"#;

#[derive(Default)]
struct Floor {
    /// Places are not used twice.
    clients: Vec<Option<Client>>,
    rooms: HashMap<Vec<u8>, Vec<usize>>,
    /// Who is to be written to at the end of the turn.
    dirty: Vec<usize>,
}

fn main() -> io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let mut listener = bind((Ipv4Addr::LOCALHOST, port.unwrap_or(3000)).into())?;
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    println!("listening on http://{}/socket.io/", listener.local_addr()?);
    let mut floor = Floor::default();
    let mut events = Events::with_capacity(4096);
    let mut scratch = vec![0; SCRATCH];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            let Token(id) = event.token();
            if event.token() == LISTENER {
                floor.accept(&listener, &poll)?;
                continue;
            }
            if event.is_writable() {
                floor.mark(id);
            }
            if event.is_readable() && floor.read(id, &mut scratch).is_none() {
                floor.remove(id);
            }
        }
        floor.write();
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(TcpListener::from_std(socket.into()))
}

impl Floor {
    fn accept(&mut self, listener: &TcpListener, poll: &Poll) -> io::Result<()> {
        loop {
            let mut stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            stream.set_nodelay(true)?;
            let both = Interest::READABLE | Interest::WRITABLE;
            let token = Token(self.clients.len());
            poll.registry().register(&mut stream, token, both)?;
            self.clients.push(Some(Client::new(stream)));
        }
    }

    /// Reads until the kernel has nothing more, which an edge-triggered poll asks for; `None` at the end.
    fn read(&mut self, id: usize, scratch: &mut [u8]) -> Option<()> {
        loop {
            let client = self.client(id)?;
            let kept = client.rest.len();
            scratch.get_mut(..kept)?.copy_from_slice(&client.rest);
            client.rest = Vec::new();
            let read = match client.read(scratch, kept) {
                Ok(0) => return None,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    client.rest = scratch[..kept].to_vec();
                    return Some(());
                }
                Err(_) => return None,
            };
            let used = self.understand(id, &mut scratch[..kept + read])?;
            let client = self.client(id)?;
            client.rest = scratch[used..kept + read].to_vec();
        }
    }

    /// Does what whole requests and frames ask for; answers how many bytes they are.
    fn understand(&mut self, id: usize, buffer: &mut [u8]) -> Option<usize> {
        let mut used = 0;
        if !self.client(id)?.is_websocket {
            let Some(end) = memchr::memmem::find(buffer, b"\r\n\r\n") else {
                return Some(0);
            };
            let answer = client::upgrade(&buffer[..end])?;
            self.client(id)?.is_websocket = true;
            self.send(id, answer.into_bytes().into());
            self.send(id, frame::text(&[OPEN]).into());
            used = end + 4;
        }
        loop {
            match frame::decode(&mut buffer[used..]) {
                Inbound::Partial => return Some(used),
                Inbound::Bad => return None,
                Inbound::Other(end) => used += end,
                Inbound::Text(text) => {
                    self.message(id, &buffer[used..][text.clone()]);
                    used += text.end;
                }
            }
        }
    }

    fn message(&mut self, id: usize, text: &[u8]) {
        match message::understand(text) {
            Message::Connect => {
                let sid = id.to_string();
                let parts: &[&[u8]] = &[br#"40{"sid":""#, sid.as_bytes(), br#""}"#];
                self.send(id, frame::text(parts).into());
            }
            Message::Join { ack, room } => {
                self.rooms.entry(room.to_vec()).or_default().push(id);
                self.send(id, frame::text(&[b"43", ack, b"[]"]).into());
            }
            Message::Echo { ack, data } => {
                self.send(id, frame::text(&[b"43", ack, b"[", data, b"]"]).into());
            }
            Message::Say { room, data } => {
                let frame: Rc<[u8]> = frame::text(&[br#"42["msg","#, data, b"]"]).into();
                for &member in self.rooms.get(room).map_or(&[][..], Vec::as_slice) {
                    if let Some(Some(client)) = self.clients.get_mut(member)
                        && client.push(Rc::clone(&frame))
                    {
                        self.dirty.push(member);
                    }
                }
            }
            Message::Other => {}
        }
    }

    fn send(&mut self, id: usize, frame: Rc<[u8]>) {
        if let Some(client) = self.client(id)
            && client.push(frame)
        {
            self.dirty.push(id);
        }
    }

    /// The kernel takes more of what this client is to get.
    fn mark(&mut self, id: usize) {
        if let Some(client) = self.client(id)
            && !std::mem::replace(&mut client.is_dirty, true)
        {
            self.dirty.push(id);
        }
    }

    fn write(&mut self) {
        for id in std::mem::take(&mut self.dirty) {
            let failed = match self.client(id) {
                Some(client) => client.write().is_err(),
                None => false,
            };
            if failed {
                self.remove(id);
            }
        }
    }

    /// Its place in the rooms stays: nobody is found there.
    fn remove(&mut self, id: usize) {
        if let Some(client) = self.clients.get_mut(id) {
            *client = None;
        }
    }

    fn client(&mut self, id: usize) -> Option<&mut Client> {
        self.clients.get_mut(id)?.as_mut()
    }
}
