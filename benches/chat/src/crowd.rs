//! Clients with tokens on one poll, in one thread.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engineio::Transport;
use jsonwebtoken::{EncodingKey, Header, encode};
use mio::event::Event;
use mio::{Events, Poll, Token};
use serde_json::json;
use socketio::client::{Address, Client, Notice};

use crate::Target;

/// Clients that may be on their way in at once.
const AT_ONCE: usize = 100;

/// How long nothing may happen.
const PATIENCE: Duration = Duration::from_secs(30);

const SCRATCH: usize = 256 * 1024;

/// What one client hears, and what is to be sent for it.
pub(crate) trait Scene {
    /// Client `who` heard something; packets put into `out` are sent by the client with that number.
    fn on(&mut self, who: usize, notice: Notice<'_>, out: &mut Vec<(usize, String)>);
}

/// Clients with what drives them.
pub(crate) struct Crowd {
    clients: Vec<Option<Client>>,
    poll: Poll,
    events: Events,
    scratch: Vec<u8>,
    out: Vec<(usize, String)>,
    /// Connections that have ended.
    pub(crate) cut: usize,
}

impl Crowd {
    /// Connects so many clients, each a user of its own from 1 on.
    pub(crate) fn connect(target: &Target, count: usize) -> io::Result<Self> {
        let mut crowd = Self {
            clients: Vec::with_capacity(count),
            poll: Poll::new()?,
            events: Events::with_capacity(4096),
            scratch: vec![0; SCRATCH],
            out: Vec::new(),
            cut: 0,
        };
        let mut opening = Opening(0);
        let begun = Instant::now();
        while opening.0 < count {
            while crowd.clients.len() < count.min(opening.0 + AT_ONCE) {
                crowd.add(target)?;
            }
            crowd.turn(Duration::from_millis(50), &mut opening)?;
            if begun.elapsed() > PATIENCE || crowd.cut > 0 {
                return Err(io::Error::other(format!(
                    "{} of {count} clients are in, {} were cut",
                    opening.0, crowd.cut
                )));
            }
        }
        Ok(crowd)
    }

    fn add(&mut self, target: &Target) -> io::Result<()> {
        let who = self.clients.len();
        let address: Address = target.url.parse().map_err(io::Error::other)?;
        let claims = json!({ "sub": who + 1, "username": format!("user {}", who + 1), "exp": 4_102_444_800_u64 });
        let key = EncodingKey::from_secret(target.secret.as_bytes());
        let token = encode(&Header::default(), &claims, &key).map_err(io::Error::other)?;
        let address = match target.secret.as_str() {
            "" => address,
            _ => address.auth(&json!({ "token": token }).to_string()),
        };
        let server: SocketAddr = format!("{}:{}", address.host(), address.port())
            .parse()
            .map_err(io::Error::other)?;
        let mut client = Client::connect(server, None, &Arc::new(address), Transport::WebSocket)?;
        client.register(self.poll.registry(), Token(who))?;
        self.clients.push(Some(client));
        Ok(())
    }

    /// Sends a packet, now.
    pub(crate) fn send(&mut self, who: usize, packet: &str) {
        if let Some(Some(client)) = self.clients.get_mut(who) {
            client.send(packet.as_bytes());
            self.write(who);
        }
    }

    /// Waits for what comes and hands it to the scene.
    pub(crate) fn turn(&mut self, patience: Duration, scene: &mut impl Scene) -> io::Result<()> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other?,
        }
        let ready: Vec<Event> = self.events.iter().cloned().collect();
        for event in ready {
            let who = event.token().0;
            if let Some(Some(client)) = self.clients.get_mut(who) {
                let out = &mut self.out;
                let read = client.read(&event, &mut self.scratch, |notice| {
                    scene.on(who, notice, out)
                });
                if read.is_err() {
                    self.end(who);
                }
            }
            self.write(who);
            for (sender, packet) in std::mem::take(&mut self.out) {
                self.send(sender, &packet);
            }
        }
        Ok(())
    }

    fn write(&mut self, who: usize) {
        if let Some(Some(client)) = self.clients.get_mut(who)
            && client.write().is_err()
        {
            self.end(who);
        }
    }

    fn end(&mut self, who: usize) {
        if let Some(client) = self.clients.get_mut(who) {
            *client = None;
            self.cut += 1;
        }
    }

    /// Has every client send a packet and waits for its ack, which has the id 0.
    pub(crate) fn ask(&mut self, packet: impl Fn(usize) -> Option<String>) -> io::Result<()> {
        let mut asking = Asking::default();
        let mut asked = 0;
        let begun = Instant::now();
        for who in 0..self.clients.len() {
            let Some(packet) = packet(who) else { continue };
            self.send(who, &packet);
            asked += 1;
            while asked > asking.answered + AT_ONCE {
                self.turn(Duration::from_millis(50), &mut asking)?;
                if begun.elapsed() > PATIENCE {
                    return Err(io::Error::other("no answer"));
                }
            }
        }
        while asking.answered < asked {
            self.turn(Duration::from_millis(50), &mut asking)?;
            if begun.elapsed() > PATIENCE {
                return Err(io::Error::other("no answer"));
            }
        }
        asking
            .refused
            .map_or(Ok(()), |why| Err(io::Error::other(why)))
    }
}

/// The arguments of an ack that says no more than that it is one.
const NOTHING: [&[u8]; 2] = [b"[]", b"[null]"];

/// Whether an ack says yes.
pub(crate) fn is_ok(args: &[u8]) -> bool {
    const OK: &[u8] = br#""ok":true"#;
    args.windows(OK.len()).any(|part| part == OK)
}

/// Counts those who are in.
struct Opening(usize);

impl Scene for Opening {
    fn on(&mut self, _: usize, notice: Notice<'_>, _: &mut Vec<(usize, String)>) {
        self.0 += usize::from(matches!(notice, Notice::Connected));
    }
}

#[derive(Default)]
struct Asking {
    answered: usize,
    refused: Option<String>,
}

impl Scene for Asking {
    fn on(&mut self, _: usize, notice: Notice<'_>, _: &mut Vec<(usize, String)>) {
        if let Notice::Ack { args, .. } = notice {
            self.answered += 1;
            if !NOTHING.contains(&args) && !is_ok(args) {
                self.refused = Some(String::from_utf8_lossy(args).into_owned());
            }
        }
    }
}
