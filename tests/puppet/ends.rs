//! How sockets ended, and who waits to hear of it.

use serde_json::json;
use socketio::{Ack, DisconnectReason, Socket};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

/// Ends that are remembered for watchers who come later: more than any test has at once, so that a
/// long run does not look like a leak.
const REMEMBERED: usize = 256;

#[derive(Clone, Default)]
pub(crate) struct Ends(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The rooms of sockets that are about to leave.
    rooms: HashMap<String, Vec<String>>,
    ended: HashMap<String, (DisconnectReason, Vec<String>)>,
    /// The keys of `ended`, oldest first.
    order: VecDeque<String>,
    watchers: HashMap<String, Vec<Ack>>,
}

impl Ends {
    /// Answers with the reason and the rooms of a socket, now or when it ends.
    pub(crate) fn watch(&self, id: String, ack: Ack) {
        let mut state = self.0.lock().expect("nothing panics under it");
        match state.ended.get(&id) {
            Some(end) => tell(ack, end),
            None => state.watchers.entry(id).or_default().push(ack),
        }
    }

    pub(crate) fn disconnecting(&self, socket: &Socket) {
        let mut state = self.0.lock().expect("nothing panics under it");
        state
            .rooms
            .insert(socket.id().to_string(), room_names(socket));
    }

    pub(crate) fn disconnected(&self, socket: &Socket, reason: DisconnectReason) {
        let mut state = self.0.lock().expect("nothing panics under it");
        let id = socket.id().to_string();
        let end = (reason, state.rooms.remove(&id).unwrap_or_default());
        for ack in state.watchers.remove(&id).unwrap_or_default() {
            tell(ack, &end);
        }
        if state.order.len() == REMEMBERED
            && let Some(oldest) = state.order.pop_front()
        {
            state.ended.remove(&oldest);
        }
        state.order.push_back(id.clone());
        state.ended.insert(id, end);
    }
}

fn tell(ack: Ack, (reason, rooms): &(DisconnectReason, Vec<String>)) {
    // a watcher that is gone needs no answer
    let _ = ack.send((reason.as_str(), json!(rooms)));
}

/// The rooms of a socket in the order of their names.
pub(crate) fn room_names(socket: &Socket) -> Vec<String> {
    let rooms = socket.rooms();
    let mut names: Vec<_> = rooms.iter().map(|room| room.as_str().to_owned()).collect();
    names.sort();
    names
}
