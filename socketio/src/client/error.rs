//! How a session of a client ends.

use std::io;

use engineio::client::{FrameError, ResponseError};

/// Why there is no session, or none any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The connection fails.
    #[error("the connection failed")]
    Io(#[from] io::Error),
    /// The server ended the connection without a word.
    #[error("the server closed the connection")]
    Hangup,
    /// The server ended the connection in order.
    #[error("the server closed the WebSocket with status {status:?}")]
    Closed {
        /// The status of WebSocket, if it gave one.
        status: Option<u16>,
    },
    /// The server ended the session, or took the client out of the namespace.
    #[error("the server ended the session")]
    Disconnected,
    /// The answer to a request is not the one of this protocol.
    #[error("the server answered {status}{body}")]
    Refused {
        /// The status code.
        status: u16,
        /// The beginning of the body, behind a colon, or nothing.
        body: String,
    },
    /// The server refuses the namespace.
    #[error("the server refuses to connect: {0}")]
    Connect(String),
    /// What is not HTTP.
    #[error(transparent)]
    Response(#[from] ResponseError),
    /// What is not WebSocket.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// What is not Engine.IO or Socket.IO; the beginning of it.
    #[error("not a packet of Socket.IO: {0:?}")]
    Packet(String),
}

/// How much of what a server said an error shows.
const SHOWN: usize = 120;

impl ClientError {
    pub(super) fn refused(status: u16, body: &[u8]) -> Self {
        let body = match shown(body) {
            body if body.is_empty() => body,
            body => format!(": {body}"),
        };
        Self::Refused { status, body }
    }

    pub(super) fn packet(text: &[u8]) -> Self {
        Self::Packet(shown(text))
    }

    pub(super) fn connect(json: &[u8]) -> Self {
        Self::Connect(shown(json))
    }
}

fn shown(bytes: &[u8]) -> String {
    let beginning = bytes.get(..SHOWN).unwrap_or(bytes);
    String::from_utf8_lossy(beginning).trim().to_owned()
}
