//! What a person wants to know about a certificate: which one it is, and until when it is good.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::ring::{cipher_suite, default_provider};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, Error, RootCertStore, SupportedCipherSuite};

/// The end of the year 9999, which no certificate can outlive.
const END_OF_TIME: Duration = Duration::from_secs(253_402_300_800);

/// Which certificate it is, and until when it is good.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Certificate {
    /// SHA-256, as `openssl x509 -noout -fingerprint -sha256` writes it.
    pub(crate) fingerprint: String,
    /// The last second; unknown when the certificate is of a kind that cannot be read.
    pub(crate) until: Option<UnixTime>,
}

impl Certificate {
    pub(super) fn of(certificate: &CertificateDer<'static>) -> Self {
        Self {
            fingerprint: fingerprint(certificate),
            until: until(certificate),
        }
    }

    /// When it ends, in UTC.
    pub(crate) fn end(&self) -> String {
        let end = self.until.and_then(date);
        end.unwrap_or_else(|| "unknown".to_owned())
    }
}

/// RFC 3339, of times that the clock of the system reaches.
pub(crate) fn date(time: UnixTime) -> Option<String> {
    let at = UNIX_EPOCH.checked_add(Duration::from_secs(time.as_secs()))?;
    Some(humantime::format_rfc3339_seconds(at).to_string())
}

/// With the hash of a cipher suite that is linked anyway.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let SupportedCipherSuite::Tls13(suite) = cipher_suite::TLS13_AES_128_GCM_SHA256 else {
        return String::new();
    };
    let hash = suite.common.hash_provider.hash(certificate);
    let bytes = hash.as_ref().iter().map(|byte| format!("{byte:02X}"));
    bytes.collect::<Vec<_>>().join(":")
}

/// Whoever verifies it at the end of time says when it ended. It is its own authority here: nothing else is asked.
fn until(certificate: &CertificateDer<'static>) -> Option<UnixTime> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).ok()?;
    let provider = Arc::new(default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    let verifier = verifier.build().ok()?;
    let (nobody, then) = (
        ServerName::try_from("localhost").ok()?,
        UnixTime::since_unix_epoch(END_OF_TIME),
    );
    match verifier.verify_server_cert(certificate, &[], &nobody, &[], then) {
        Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            Some(not_after)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tokio_rustls::rustls::pki_types::pem::PemObject;

    use super::*;

    #[test]
    fn a_certificate_says_which_it_is_and_when_it_ends() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/clients/fixtures/tls/cert.pem"
        );
        let certificate = CertificateDer::from_pem_file(file).expect("a certificate");
        let certificate = Certificate::of(&certificate);
        assert_eq!(certificate.end(), "2126-10-28T06:33:20Z");
        let fingerprint = "06:C9:E7:2E:E8:4E:BD:D8:6D:2D:E4:4D:BC:DF:33:E8:78:16:86:6C:5E:24:C7:7A:89:EE:EA:BA:20:C0:4D:D3";
        assert_eq!(certificate.fingerprint, fingerprint);
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        let nonsense = CertificateDer::from(vec![1, 2, 3]);
        assert_eq!(Certificate::of(&nonsense).end(), "unknown");
    }
}
