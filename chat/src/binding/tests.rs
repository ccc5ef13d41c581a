//! Stock clients' bytes in, the server's bytes out; over polling, so that no network is needed.

mod chats;
mod conversation;
mod door;
mod matrix;
mod messenger;
mod platform;
mod shows;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::Value;
use socketio::SocketIo;

use super::{Reception, Settings, Sockets, install};
use crate::auth::Verifier;
use crate::chat::Chat;
use crate::command::{Action, NewRoom, NewUser, Reply};
use crate::config::{AuthPolicy, Config};
use crate::ids::{RoomId, UserId};
use crate::model::RoomKind;
use crate::store::SqliteStore;
use crate::testing::{Flaky, Scratch, guest, known};

const SECRET: &[u8] = b"a secret of the tests";

struct House {
    io: SocketIo,
    chat: Chat,
    store: Arc<Flaky>,
    _scratch: Scratch,
}

impl House {
    async fn open(auth: AuthPolicy) -> Self {
        Self::open_as(auth, Settings::default()).await
    }

    async fn open_as(auth: AuthPolicy, settings: Settings) -> Self {
        let scratch = Scratch::new();
        let store = Flaky::new(SqliteStore::open(scratch.path()).await.expect("opens"));
        let io = SocketIo::builder().build();
        let sockets = Arc::new(Sockets::new(&io));
        let config = Config {
            auth,
            rate_limit: None,
            grace: Duration::from_millis(50),
            ..Config::default()
        };
        let kept = Arc::<Flaky>::clone(&store);
        let chat = Chat::start(config, kept, Arc::<Sockets>::clone(&sockets))
            .await
            .expect("starts");
        let verifier = Arc::new(Verifier::new(auth).secret(SECRET));
        install(
            &sockets,
            &chat,
            Reception { verifier, settings },
            Vec::new(),
        );
        Self {
            io,
            chat,
            store,
            _scratch: scratch,
        }
    }

    async fn user(&self, name: &str) -> UserId {
        let new = NewUser {
            name: name.to_owned(),
            handle: None,
        };
        let Ok(Reply::User(user)) = self.chat.act(&guest(), Action::CreateUser(new)).await else {
            panic!("a user")
        };
        user.id.clone()
    }

    async fn room(&self, id: &str, kind: RoomKind) {
        let new = NewRoom {
            id: Some(RoomId::from(id)),
            name: id.to_owned(),
            kind,
        };
        self.chat
            .act(&guest(), Action::CreateRoom(new))
            .await
            .expect("a room");
    }

    /// A private room of somebody who is not there.
    async fn private_room(&self, id: &str) {
        let owner = known("owner");
        let new = NewRoom {
            id: Some(RoomId::from(id)),
            name: id.to_owned(),
            kind: RoomKind::Private,
        };
        for action in [Action::Appear, Action::CreateRoom(new)] {
            self.chat.act(&owner, action).await.expect("a room");
        }
    }

    async fn request(&self, query: &str, body: Option<String>) -> String {
        let builder =
            http::Request::builder().uri(format!("/socket.io/?EIO=4&transport=polling{query}"));
        let builder = builder.method(if body.is_some() { "POST" } else { "GET" });
        let request = builder
            .body(Full::new(Bytes::from(body.unwrap_or_default())))
            .expect("a request");
        let response = self.io.serve(request).await;
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        String::from_utf8(body.to_vec()).expect("text")
    }

    /// Somebody with a token, greeted.
    async fn login(&self, id: u64, name: &str) -> Client<'_> {
        let auth =
            serde_json::json!({"token": token(&serde_json::json!({"sub": id, "username": name}))});
        let mut client = self.connect("/", &auth).await;
        client.greeted().await;
        client
    }

    async fn connect(&self, namespace: &str, auth: &Value) -> Client<'_> {
        let open = self.request("", None).await;
        let open: Value = serde_json::from_str(&open[1..]).expect("a handshake");
        let sid = open["sid"].as_str().expect("an id").to_owned();
        let prefix = if namespace == "/" {
            String::new()
        } else {
            format!("{namespace},")
        };
        let client = Client {
            house: self,
            sid,
            prefix,
            packets: VecDeque::new(),
        };
        client.write(&format!("0{}{auth}", client.prefix)).await;
        client
    }
}

struct Client<'a> {
    house: &'a House,
    sid: String,
    prefix: String,
    packets: VecDeque<String>,
}

impl Client<'_> {
    async fn write(&self, packet: &str) {
        let answer = self
            .house
            .request(&format!("&sid={}", self.sid), Some(format!("4{packet}")))
            .await;
        assert_eq!(answer, "ok");
    }

    /// Sends an event, with an ack id when there is one.
    async fn emit(&self, ack: &str, event: &Value) {
        self.write(&format!("2{}{ack}{event}", self.prefix)).await;
    }

    /// Sends an event and reads up to its ack, whose argument it returns with the events before it.
    async fn ask(&mut self, event: &Value) -> (Vec<Value>, Value) {
        self.emit("0", event).await;
        let mut before = Vec::new();
        loop {
            let (head, mut data) = self.next().await;
            if head.starts_with("43") {
                return (before, data[0].take());
            }
            before.push(data);
        }
    }

    /// Makes mistakes, one per line: event, payload, code, message. `LONG` is a text over the limit.
    async fn mistakes(&mut self, table: &str) {
        let long = format!("\"{}\"", "x".repeat(16 * 1024 + 1));
        for line in table.trim().lines() {
            let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let [event, payload, code, message] = cells[..] else {
                panic!("{line}")
            };
            let payload = serde_json::from_str(&payload.replace("LONG", &long));
            let payload: Value = payload.unwrap_or_else(|_| panic!("{line}"));
            let event = serde_json::json!([event, payload]);
            let (_, ack) = self.ask(&event).await;
            let error = &ack["error"];
            assert_eq!(ack["ok"], false, "{line}");
            assert_eq!(
                (error["code"].as_str(), error["message"].as_str()),
                (Some(code), Some(message)),
                "{line}"
            );
            self.emit("", &event).await;
            let said = self.event().await;
            assert_eq!(
                (said[0].as_str(), said[1]["message"].as_str()),
                (Some("error"), Some(message)),
                "{line}"
            );
        }
    }

    /// The next event.
    async fn event(&mut self) -> Value {
        self.next().await.1
    }

    /// The events so far, which is what comes before the answer to an event that nobody knows.
    async fn heard(&mut self) -> Vec<Value> {
        self.ask(&serde_json::json!(["no such event"])).await.0
    }

    /// The next Socket.IO packet.
    async fn packet(&mut self) -> String {
        while self.packets.is_empty() {
            let query = format!("&sid={}", self.sid);
            let poll =
                tokio::time::timeout(Duration::from_secs(5), self.house.request(&query, None))
                    .await;
            let body = poll.expect("something to hear");
            self.packets.extend(
                body.split('\u{1e}')
                    .filter(|packet| !matches!(*packet, "2" | "6"))
                    .map(str::to_owned),
            );
        }
        self.packets.pop_front().expect("not empty")
    }

    /// The next event or ack: what is in front of the JSON, and the JSON.
    async fn next(&mut self) -> (String, Value) {
        let packet = self.packet().await;
        let place = packet.find(['[', '{']).unwrap_or(packet.len());
        (
            packet[..place].to_owned(),
            serde_json::from_str(&packet[place..]).unwrap_or(Value::Null),
        )
    }

    /// The CONNECT packet and the greeting, whose argument it returns.
    async fn greeted(&mut self) -> Value {
        assert!(self.packet().await.starts_with("40"));
        let (_, mut greeting) = self.next().await;
        assert_eq!(greeting[0], "connected");
        greeting[1].take()
    }
}

fn token(claims: &Value) -> String {
    encode(
        &Header::default(),
        claims,
        &EncodingKey::from_secret(SECRET),
    )
    .expect("signed")
}
