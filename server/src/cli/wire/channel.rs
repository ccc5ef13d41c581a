//! A WebSocket.

use std::fmt;

use futures_util::{SinkExt, StreamExt};
use http::header::{HeaderName, ORIGIN, USER_AGENT};
use http::{HeaderValue, Request, Response};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::answer::AGENT;
use super::dialer::Io;
use super::{Answer, Dialer, NoOpening, Opening, WireError};

/// An open WebSocket.
pub(in super::super) struct Channel(WebSocketStream<Box<dyn Io>>);

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Channel")
    }
}

impl Channel {
    /// Opens one, as a page of that origin would, if there is one.
    pub(in super::super) async fn open(
        dialer: &Dialer,
        query: &str,
        origin: Option<&str>,
    ) -> Result<Self, WireError> {
        dialer.within(Self::upgrade(dialer, query, origin)).await
    }

    /// The same with a new session on it.
    pub(in super::super) async fn session(
        dialer: &Dialer,
        origin: Option<&str>,
    ) -> Result<(Self, Opening), WireError> {
        let mut channel = Self::open(dialer, "EIO=4&transport=websocket", origin).await?;
        let first = dialer.within(channel.receive()).await?;
        let unfit = || WireError::NoOpening(NoOpening::Other(first.clone()));
        let opening = Opening::decode(&first).ok_or_else(unfit)?;
        Ok((channel, opening))
    }

    async fn upgrade(
        dialer: &Dialer,
        query: &str,
        origin: Option<&str>,
    ) -> Result<Self, WireError> {
        let site = dialer.site();
        let scheme = if site.secure { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{}", site.authority(), site.engine(query));
        let mut request: Request<()> = url.into_client_request().map_err(ended)?;
        set(&mut request, USER_AGENT, AGENT);
        if let Some(origin) = origin {
            set(&mut request, ORIGIN, origin);
        }
        let stream = dialer.dial().await?;
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(WireError::NoUpgrade(Box::new(answer(*response)))),
            Err(error) => Err(ended(error)),
        }
    }

    /// Sends a text.
    pub(in super::super) async fn send(&mut self, text: &str) -> Result<(), WireError> {
        self.0.send(Message::text(text)).await.map_err(ended)
    }

    /// The next text. It waits for as long as it takes, and nothing is lost when the wait is given up.
    pub(in super::super) async fn receive(&mut self) -> Result<String, WireError> {
        loop {
            let end = || WireError::Ended("without a word".to_owned());
            match self.0.next().await.ok_or_else(end)?.map_err(ended)? {
                Message::Text(text) => return Ok(text.as_str().to_owned()),
                Message::Close(frame) => {
                    let why =
                        frame.map_or("closed by the server".to_owned(), |frame| frame.to_string());
                    return Err(WireError::Ended(why));
                }
                _ => {}
            }
        }
    }

    /// Says goodbye; whether it is heard does not matter.
    pub(in super::super) async fn close(mut self) {
        let _ = self.0.close(None).await;
    }
}

fn set(request: &mut Request<()>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        request.headers_mut().insert(name, value);
    }
}

fn answer(response: Response<Option<Vec<u8>>>) -> Answer {
    let (head, body) = response.into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body: body.unwrap_or_default().into(),
        took: std::time::Duration::ZERO,
    }
}

fn ended(error: Error) -> WireError {
    WireError::Ended(error.to_string())
}
