//! `platform`: commands to the server itself.

use serde::Serialize;
use serde_json::value::RawValue;

use super::reference::{PLATFORM, Reference};
use super::translate::{Answered, Around, Asked, Caller, Outgoing, Said, Service, Vocabulary};
use crate::command::{Action, Notice};
use crate::failure::Failure;
use crate::ids::UserId;
use crate::model::{Message, User};
use crate::time::Millis;

/// The vocabulary of the seed `004_ad4a11b49fd4637b`.
#[derive(Clone, Copy, Debug)]
pub struct Platform;

/// The revision of the protocol that clients and this server speak.
const PROTOCOL: u8 = 4;

#[derive(Serialize)]
struct Pong {
    timestamp: Millis,
}

#[derive(Serialize)]
struct StatusResponse<'a> {
    server: ServerStatus<'a>,
    connection: Connection<'a>,
}

#[derive(Serialize)]
struct ServerStatus<'a> {
    name: &'a str,
    version: &'a str,
    status: &'static str,
    timestamp: Millis,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Connection<'a> {
    socket_id: &'a str,
    session_token: Option<String>,
    user_id: Option<&'a UserId>,
    is_logged_in: bool,
    rooms: &'a [String],
}

#[derive(Serialize)]
struct InfoResponse<'a> {
    server: ServerInfo<'a>,
    websocket: WebSocketInfo<'a>,
    session: SessionInfo<'a>,
    timestamp: Millis,
}

#[derive(Serialize)]
struct ServerInfo<'a> {
    name: &'a str,
    version: &'a str,
    description: &'a str,
    features: Features,
}

#[derive(Serialize)]
struct Features {
    rest: bool,
    websocket: bool,
    authentication: bool,
    realtime: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebSocketInfo<'a> {
    connected: bool,
    transport: &'a str,
    protocol: u8,
    active_connections: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionInfo<'a> {
    authenticated: bool,
    user_id: &'a str,
    session_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EchoResponse<'a> {
    received: Option<&'a RawValue>,
    timestamp: Millis,
    socket_id: &'a str,
}

#[derive(Serialize)]
struct MessageReceived<'a> {
    success: bool,
    message: &'static str,
    data: Option<&'a RawValue>,
    timestamp: Millis,
}

/// "The token never in full: `***` and its last six characters."
fn masked(around: &Around) -> Option<String> {
    let tail = around.token_tail.as_ref()?;
    Some(format!("***{tail}"))
}

fn status(around: &Around) -> StatusResponse<'_> {
    let Service {
        status_name,
        version,
        ..
    } = &around.service;
    StatusResponse {
        server: ServerStatus {
            name: status_name,
            version,
            status: "running",
            timestamp: around.now.with_millis(),
        },
        connection: Connection {
            socket_id: &around.socket,
            session_token: masked(around),
            user_id: around.user.as_ref(),
            is_logged_in: around.user.is_some(),
            rooms: &around.rooms,
        },
    }
}

fn info(around: &Around) -> InfoResponse<'_> {
    let Service {
        info_name,
        version,
        description,
        ..
    } = &around.service;
    InfoResponse {
        server: ServerInfo {
            name: info_name,
            version,
            description,
            features: Features {
                rest: true,
                websocket: true,
                authentication: true,
                realtime: true,
            },
        },
        websocket: WebSocketInfo {
            connected: true,
            transport: around.transport,
            protocol: PROTOCOL,
            active_connections: around.connections,
        },
        session: SessionInfo {
            authenticated: around.user.is_some(),
            user_id: around.user.as_ref().map_or("anonymous", UserId::as_str),
            session_token: masked(around),
        },
        timestamp: around.now.with_millis(),
    }
}

impl Vocabulary for Platform {
    fn reference(&self) -> &'static Reference {
        &PLATFORM
    }

    fn ask(
        &self,
        _event: &str,
        _payload: Option<&RawValue>,
        _caller: Caller<'_>,
    ) -> Result<Asked, Failure> {
        Ok(Action::Pass.into())
    }

    fn reply(&self, answered: Answered<'_>) -> Said {
        let around = answered.surroundings.look();
        let (said, timestamp) = (Said::default(), around.now.with_millis());
        match answered.event {
            "ping" => said.event("pong", &Pong { timestamp }),
            "status" => said.event("status_response", &status(&around)),
            "info" => said.event("info_response", &info(&around)),
            "echo" => {
                let payload = EchoResponse {
                    received: answered.surroundings.payload(),
                    timestamp,
                    socket_id: &around.socket,
                };
                said.event("echo_response", &payload)
            }
            _ => {
                let payload = MessageReceived {
                    success: true,
                    message: "Message received successfully",
                    data: answered.surroundings.payload(),
                    timestamp,
                };
                said.event("message_received", &payload)
            }
        }
    }

    fn notice(&self, _notice: &Notice) -> Option<Outgoing> {
        None
    }

    fn has_messages(&self) -> bool {
        false
    }

    fn message(&self, _message: &Message, _sender: &User) -> Option<Box<RawValue>> {
        None
    }
}
