//! WebSocket clients over TCP, which a server writes to in another way than to other streams. They allocate nothing
//! when they read.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::wire::SAYS;

/// Clients of one server, in the order in which they connected.
#[derive(Default)]
pub(crate) struct Clients(Vec<TcpStream>);

impl Clients {
    /// One more, whose connection the server has to accept before there is another.
    pub(crate) fn connect(&mut self, to: SocketAddr) {
        let mut stream = TcpStream::connect(to).expect("the server listens");
        stream.write_all(SAYS).expect("room for a request");
        stream.set_nonblocking(true).expect("a socket");
        self.0.push(stream);
    }

    /// Waits until the last that each was told ends with `packet`.
    pub(crate) async fn hear(&mut self, packet: &[u8]) {
        for stream in &mut self.0 {
            while !hears(stream, packet) {
                tokio::task::yield_now().await;
            }
        }
    }
}

fn hears(stream: &mut TcpStream, packet: &[u8]) -> bool {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer) {
        Ok(0) => panic!("the server is there"),
        Ok(read) => buffer[..read].ends_with(packet),
        Err(error) if error.kind() == ErrorKind::WouldBlock => false,
        Err(error) => panic!("{error}"),
    }
}
