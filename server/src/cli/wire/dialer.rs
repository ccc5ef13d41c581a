//! TCP, and TLS where the URL says so.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::super::CliError;
use super::{Site, WireError, trust};

/// A connection, encrypted or not.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Connects to one server, each time anew.
#[derive(Clone)]
pub(in super::super) struct Dialer {
    site: Site,
    tls: Option<TlsConnector>,
    patience: Duration,
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialer({})", self.site)
    }
}

impl Dialer {
    /// `ca` is a PEM file with certificates to trust beside those of the system.
    pub(in super::super) fn new(
        site: Site,
        ca: Option<&Path>,
        patience: Duration,
    ) -> Result<Self, CliError> {
        let config = site.secure.then(|| trust::config(ca)).transpose()?;
        let tls = config.map(|config| TlsConnector::from(Arc::new(config)));
        Ok(Self {
            site,
            tls,
            patience,
        })
    }

    /// The server.
    pub(in super::super) const fn site(&self) -> &Site {
        &self.site
    }

    /// The same server with another path of requests.
    #[must_use]
    pub(in super::super) fn at(&self, path: &str) -> Self {
        let mut other = self.clone();
        other.site = other.site.at(path);
        other
    }

    /// How long to wait for anything.
    pub(in super::super) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Waits for something as long as there is patience.
    pub(in super::super) async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, WireError>>,
    ) -> Result<T, WireError> {
        let late = Err(WireError::Slow(self.patience));
        timeout(self.patience, work).await.unwrap_or(late)
    }

    /// The first address of the host that takes a connection, and TLS when that was agreed on.
    pub(in super::super) async fn reach(&self) -> Result<String, WireError> {
        let stream = self.within(self.connect()).await?;
        let address = stream
            .peer_addr()
            .map_or_else(|_| self.site.authority(), |at| at.to_string());
        if self.tls.is_none() {
            return Ok(address);
        }
        self.within(self.encrypt(stream)).await?;
        Ok(format!("{address}, TLS"))
    }

    /// A connection.
    pub(super) async fn dial(&self) -> Result<Box<dyn Io>, WireError> {
        let stream = self.connect().await?;
        self.encrypt(stream).await
    }

    async fn connect(&self) -> Result<TcpStream, WireError> {
        let Site { host, port, .. } = &self.site;
        let unresolved = |cause| WireError::Resolve {
            host: host.clone(),
            cause,
        };
        let addresses = lookup_host((host.as_str(), *port))
            .await
            .map_err(unresolved)?;
        let mut failed = unresolved(std::io::ErrorKind::NotFound.into());
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Latencies are shown; a delayed small packet would be one.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(cause) => {
                    let address = address.to_string();
                    failed = WireError::Connect { address, cause };
                }
            }
        }
        Err(failed)
    }

    async fn encrypt(&self, stream: TcpStream) -> Result<Box<dyn Io>, WireError> {
        let Some(tls) = &self.tls else {
            return Ok(Box::new(stream));
        };
        let name = ServerName::try_from(self.site.host.clone());
        let name = name.map_err(|error| WireError::Tls(std::io::Error::other(error)))?;
        let stream = tls.connect(name, stream).await.map_err(WireError::Tls)?;
        Ok(Box::new(stream))
    }
}
