//! Accepts connections and serves HTTP/1.1 on them.

use engineio::server::{Admission, Body, Config, Cors, Peer};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;
use tests::Options;
use tokio::net::TcpListener;

/// Serves with a function that answers, or gives nothing for a path of somebody else.
pub(crate) async fn accept<F>(
    listener: TcpListener,
    answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Option<Response<Body>>> + Send + 'static,
{
    loop {
        let (stream, addr) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answer = answer.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            let secure = false;
            request.extensions_mut().insert(Peer { addr, secure });
            let answer = answer(request);
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(not_found)) }
        });
        let connection = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        // a connection that fails is a client's affair
        tokio::spawn(async move { drop(connection.await) });
    }
}

fn not_found() -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// The engine's settings that a test asks for.
pub(crate) fn config(options: &Options) -> Config {
    let mut config = Config {
        // every client of a test comes from one address, and there are thousands
        admission: Admission::unlimited(),
        ..Config::default()
    };
    let set = |to: &mut Duration, milliseconds: Option<u64>| {
        *to = milliseconds.map_or(*to, Duration::from_millis);
    };
    set(&mut config.ping_interval, options.ping_interval);
    set(&mut config.ping_timeout, options.ping_timeout);
    set(&mut config.upgrade_timeout, options.upgrade_timeout);
    set(&mut config.close_timeout, options.close_timeout);
    if let Some(bytes) = options.max_payload {
        config.max_payload = usize::try_from(bytes).expect("a limit below 4 GiB");
    }
    if let Some(names) = &options.transports {
        let enabled =
            |transport: &engineio::Transport| names.iter().any(|name| name == transport.as_str());
        config.transports.retain(enabled);
    }
    config.allow_upgrades = options.allow_upgrades.unwrap_or(config.allow_upgrades);
    config.cors = match options.cors.as_deref() {
        None => Cors::Off,
        Some("*") => Cors::Any,
        Some(origin) => Cors::Origins([origin.to_owned()].into()),
    };
    config
}
