//! TLS: the certificate and its key, and the handshake of one connection.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

mod certificate;

pub(crate) use certificate::{Certificate, date as certificate_date};

/// What turns connections into encrypted ones. Cheap to clone; all clones have the certificate that was loaded last.
#[derive(Clone)]
pub struct Tls(Arc<RwLock<Loaded>>);

/// A certificate that is in use.
#[derive(Clone)]
struct Loaded {
    config: Arc<ServerConfig>,
    certificate: Certificate,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.certificate()).finish()
    }
}

/// Why there can be no TLS. The texts are for the person who wrote the setting.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file that cannot be read, or is no PEM.
    #[error("cannot read {what} from {}: {cause}", .path.display())]
    File {
        /// What should be in it.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: pem::Error,
    },
    /// A file without a certificate.
    #[error("{} has no certificate", .path.display())]
    NoCertificate {
        /// Which file.
        path: PathBuf,
    },
    /// The key is not that of the certificate, or of a kind that is not known.
    #[error("certificate and key do not go together: {0}")]
    Pair(#[from] rustls::Error),
}

impl Tls {
    /// Reads a certificate with its chain, and its key, both as PEM.
    ///
    /// # Errors
    /// When a file cannot be used, or they do not go together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |what, path: &Path| {
            let path = path.to_owned();
            move |cause| TlsError::File { what, path, cause }
        };
        let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .map_err(unreadable("a certificate", certificate))?;
        if chain.is_empty() {
            let path = certificate.to_owned();
            return Err(TlsError::NoCertificate { path });
        }
        let described = chain.first().map(Certificate::of).unwrap_or_default();
        let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable("a key", key))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(RwLock::new(Loaded {
            config: Arc::new(config),
            certificate: described,
        }))))
    }

    /// Takes the certificate of another one for the connections that come from here on.
    pub(crate) fn replace(&self, other: &Self) {
        let new = other.current();
        // Held for as long as a pointer is exchanged, so nothing panics under it.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    fn current(&self) -> Loaded {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What clients are shown.
    pub(crate) fn certificate(&self) -> Certificate {
        self.current().certificate
    }

    /// The handshake of one connection. An error of the kind `TimedOut` says that it took longer than that.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
        patience: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.current().config);
        match timeout(patience, acceptor.accept(stream)).await {
            Ok(done) => done,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
