//! How a client gets into namespaces.

use std::sync::Arc;
use std::task::{Context, Poll};

use bytestring::ByteString;

use super::Client;
use crate::server::dispatch::Dispatch;
use crate::server::dynamic::NamespaceRequest;
use crate::server::entrance::{Entrance, Visitor};
use crate::server::error::{ConnectError, DisconnectReason};
use crate::server::handshake::{Auth, Handshake};
use crate::server::namespaces::invalid_namespace;
use crate::{Kind, Packet};

/// A longer name of a namespace, in bytes, could be a token, and is not logged.
const LONGEST_LOGGED: usize = 32;

impl Client {
    /// CONNECT for a namespace that the client is not in.
    pub(super) fn on_connect(&mut self, packet: Packet) {
        // First: what waits behind a middleware is kept too.
        let auth = packet.data.as_ref().map_or(0, |auth| auth.len());
        if auth > self.config.auth_bytes {
            let error = ConnectError::limit("auth_too_large", "Auth too large");
            return self.refuse(packet.namespace, &error);
        }
        let mut entrances = self.entrances.iter_mut();
        let entrance = entrances.find(|entrance| entrance.is_for(&packet.namespace));
        if let Some(entrance) = entrance {
            // It is handled when the first one has been: then it either breaks the rules or is new.
            if !entrance.queue(packet) {
                self.session.explain("invalid_state", "");
                self.fail(DisconnectReason::ForcedServerClose);
            }
            return;
        }
        let present = self
            .dispatches
            .iter()
            .filter(|dispatch| !dispatch.is_over())
            .count();
        if present + self.entrances.len() >= self.config.namespaces_per_client {
            let error = ConnectError::limit("too_many_namespaces", "Too many namespaces");
            return self.refuse(packet.namespace, &error);
        }
        let request = NamespaceRequest {
            name: packet.namespace.clone(),
            handshake: Handshake::new(Arc::clone(&self.request), Auth::new(packet.data)),
        };
        let visitor = Visitor {
            session: self.session.clone(),
            link: Arc::clone(&self.link),
            handshake: request.handshake.clone(),
        };
        let lookup = self.namespaces.look_up(request);
        match Entrance::open(packet.namespace.clone(), lookup, visitor) {
            Err(error) => self.refuse(packet.namespace, &error),
            // Nothing to wait for is the usual case: no future, no second turn.
            Ok(entrance) if entrance.is_unguarded() => self.admit(entrance),
            Ok(entrance) => self.entrances.push(entrance),
        }
    }

    /// The middlewares let a socket pass.
    fn admit(&mut self, mut entrance: Entrance) {
        let Some((socket, guest)) = entrance.admit() else {
            return self.refuse(entrance.name(), &invalid_namespace());
        };
        self.link.add(&socket);
        self.deadlines.joined();
        self.left
            .retain(|name| **name != *socket.namespace().name());
        let removed = socket.namespace().is_closed();
        // One namespace is the usual case; the default would be room for four.
        self.dispatches.reserve_exact(1);
        self.dispatches.push(Dispatch::start(socket.clone(), guest));
        if removed {
            socket.disconnect(false);
        }
        if let Some(second) = entrance.take_queued() {
            self.on_packet(second);
        }
    }

    fn refuse(&self, namespace: ByteString, error: &ConnectError) {
        // The client chose the name. Old clients put tokens into its query, and an address that is built wrongly is all name.
        let name = namespace.split('?').next().unwrap_or_default();
        let name = if name.len() > LONGEST_LOGGED {
            "***"
        } else {
            name
        };
        let remote = self.request.remote().map(tracing::field::display);
        let (code, detail) = error.words();
        tracing::info!(
            session = self.session.number(), remote, namespace = ?name, reason = error.code(), code, detail, %error,
            "connect refused"
        );
        self.namespaces.on_refused(error.code());
        // A message and a raw value serialize always.
        let data = serde_json::to_string(error).unwrap_or_default();
        let packet = Packet {
            namespace,
            data: Some(data.into()),
            ..Packet::new(Kind::ConnectError)
        };
        // A session that has ended is told nothing.
        let _ = self.session.send_reserved(&Arc::new(packet.encode()));
    }

    pub(super) fn poll_entrances(&mut self, cx: &mut Context<'_>) {
        let mut index = 0;
        while let Some(entrance) = self.entrances.get_mut(index) {
            let Poll::Ready(verdict) = entrance.poll(cx) else {
                index += 1;
                continue;
            };
            let mut entrance = self.entrances.swap_remove(index);
            match verdict {
                Ok(()) => self.admit(entrance),
                Err(error) => {
                    self.refuse(entrance.name(), &error);
                    if let Some(second) = entrance.take_queued() {
                        self.on_packet(second);
                    }
                }
            }
        }
    }
}
