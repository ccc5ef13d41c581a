//! One socket of a namespace, over WebSocket.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::super::wire::{Channel, Dialer, Heard, Opening, WireError, connect, event};

/// A socket, from CONNECT to its end.
#[derive(Debug)]
pub(super) struct Socket {
    channel: Channel,
    namespace: String,
    patience: Duration,
    /// After so long a silence the server is gone.
    silence: Duration,
    /// The id of the next ack.
    next: u64,
}

/// What an event of ours is answered with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Awaited {
    /// An ack.
    Ack,
    /// An event of that name.
    Event(&'static str),
}

impl Socket {
    /// Connects. What the server says first is left to be heard.
    pub(super) async fn open(
        dialer: &Dialer,
        token: Option<&str>,
    ) -> Result<(Self, Value), String> {
        let opened = Channel::session(dialer, None).await;
        let (channel, opening): (Channel, Opening) = opened.map_err(|error| error.to_string())?;
        let namespace = dialer.site().namespace.clone();
        let mut socket = Self {
            channel,
            silence: opening.silence(),
            patience: dialer.patience(),
            next: 0,
            namespace,
        };
        let packet = connect(&socket.namespace, token);
        socket
            .channel
            .send(&packet)
            .await
            .map_err(|error| error.to_string())?;
        match socket
            .wait(|heard| matches!(heard, Heard::Connected(_) | Heard::Refused(_)))
            .await?
        {
            Heard::Connected(data) => Ok((socket, data)),
            Heard::Refused(error) => Err(format!("refused: {error}")),
            other => Err(format!("not an answer to CONNECT: {other:?}")),
        }
    }

    /// Sends an event; with an ack wanted, its id.
    pub(super) async fn emit(
        &mut self,
        name: &str,
        args: &[Value],
        acked: bool,
    ) -> Result<u64, WireError> {
        let id = self.next;
        self.next += 1;
        let packet = event(&self.namespace, acked.then_some(id), name, args);
        self.channel.send(&packet).await.map(|()| id)
    }

    /// Sends an event and waits for what it is answered with.
    pub(super) async fn ask(
        &mut self,
        name: &str,
        args: &[Value],
        awaited: Awaited,
    ) -> Result<Value, String> {
        let acked = matches!(awaited, Awaited::Ack);
        let id = self
            .emit(name, args, acked)
            .await
            .map_err(|error| error.to_string())?;
        let is_it = |heard: &Heard| match (heard, awaited) {
            (Heard::Ack(found, _), Awaited::Ack) => *found == id,
            (Heard::Event(found, _), Awaited::Event(wanted)) => found == wanted || found == "error",
            _ => false,
        };
        match self.wait(is_it).await? {
            Heard::Event(found, args) if found == "error" => Err(format!("error {}", first(args))),
            Heard::Event(_, args) | Heard::Ack(_, args) => Ok(first(args)),
            other => Err(format!("{other:?}")),
        }
    }

    /// Waits for an event that comes by itself.
    pub(super) async fn hear(&mut self, name: &str) -> Result<Value, String> {
        let is_it = |heard: &Heard| matches!(heard, Heard::Event(found, _) if found == name);
        match self.wait(is_it).await? {
            Heard::Event(_, args) => Ok(first(args)),
            other => Err(format!("{other:?}")),
        }
    }

    async fn wait(&mut self, is_it: impl Fn(&Heard) -> bool) -> Result<Heard, String> {
        let patience = self.patience;
        let found = async {
            loop {
                match self.next().await {
                    Ok(Heard::Disconnected) => return Err("the server ended the socket".to_owned()),
                    Ok(heard) if is_it(&heard) => return Ok(heard),
                    Ok(_) => {}
                    Err(error) => return Err(error.to_string()),
                }
            }
        };
        let late = || Err(format!("no answer within {} s", patience.as_secs_f64()));
        timeout(patience, found).await.unwrap_or_else(|_| late())
    }

    /// The next thing that is said, behind any heartbeats, which are answered. Nothing is lost when the wait is given up: what was
    /// read is handed on at once, and a pong that is half written goes out with the next packet.
    pub(super) async fn next(&mut self) -> Result<Heard, WireError> {
        loop {
            let text = tokio::select! {
                text = self.channel.receive() => text?,
                () = sleep(self.silence) => return Err(WireError::Slow(self.silence)),
            };
            match text.strip_prefix('4') {
                Some(message) => return Heard::decode(message),
                None if text == "2" => self.channel.send("3").await?,
                None if text == "1" => {
                    return Err(WireError::Ended("the server ended the session".to_owned()));
                }
                None => {}
            }
        }
    }

    /// Leaves.
    pub(super) async fn close(self) {
        self.channel.close().await;
    }
}

/// Chat events carry one object.
fn first(args: Vec<Value>) -> Value {
    args.into_iter().next().unwrap_or_default()
}
