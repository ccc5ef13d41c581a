//! Why TLS was not agreed on, in words.

use std::io::{self, ErrorKind};

use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{CertificateError, Error, InvalidMessage};

use crate::tls::certificate_date;

/// Why TLS was not agreed on, and what helps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Mistrust {
    pub(in super::super) cause: String,
    pub(in super::super) fix: &'static str,
}

impl Mistrust {
    /// What the handshake ended with.
    pub(in super::super) fn of(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        let (cause, fix) = match inner {
            Some(Error::InvalidMessage(InvalidMessage::InvalidContentType)) => (
                "what answers speaks no TLS".to_owned(),
                "use http:// in the URL, or give the server a certificate",
            ),
            Some(Error::InvalidCertificate(error)) => certificate(error),
            Some(Error::AlertReceived(alert)) => (
                format!("the server ends the TLS handshake ({alert:?})"),
                "compare the host name in the URL with what the server or proxy is set up for, and its versions of TLS",
            ),
            Some(Error::PeerIncompatible(_)) => (
                "the server speaks no version of TLS that is still safe".to_owned(),
                "let the server or proxy speak TLS 1.2 or 1.3",
            ),
            None if error.kind() == ErrorKind::UnexpectedEof => (
                "the connection ends in the TLS handshake".to_owned(),
                "use http:// in the URL, or look into the log of the server or proxy",
            ),
            _ => (
                format!("TLS is not agreed on: {error}"),
                "check certificate and key of the server or proxy",
            ),
        };
        Self { cause, fix }
    }
}

fn certificate(error: &CertificateError) -> (String, &'static str) {
    const TRUST: &str = "have a public authority sign the certificate, send its whole chain, or give it with --ca (clients need it too)";
    const RENEW: &str = "renew the certificate, and have the server or proxy read it again";
    const NAME: &str = "use a host name that the certificate has, or get one that has this name";
    const CLOCK: &str = "set the clock of this machine, or wait until the certificate is valid";
    let not = |why: &str| format!("the certificate is not accepted: {why}");
    match error {
        CertificateError::UnknownIssuer => (
            not(
                "nobody whom this machine trusts has signed it; it comes from an authority of one's own, or the server leaves its chain out",
            ),
            TRUST,
        ),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names: Vec<_> = presented.iter().map(|name| bare(name)).collect();
            let names = match names.as_slice() {
                [] => "nobody by name".to_owned(),
                names => names.join(", "),
            };
            let expected = expected.to_str();
            (
                not(&format!("it is for {names}, and not for {expected}")),
                NAME,
            )
        }
        CertificateError::NotValidForName => (not("it is for another host name"), NAME),
        CertificateError::ExpiredContext { not_after, .. } => {
            (not(&format!("it ended at {}", date(*not_after))), RENEW)
        }
        CertificateError::Expired => (not("it has ended"), RENEW),
        CertificateError::NotValidYetContext { not_before, .. } => {
            (not(&format!("it begins at {}", date(*not_before))), CLOCK)
        }
        CertificateError::NotValidYet => (not("it is not valid yet"), CLOCK),
        // The library has no name for it.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => (
            not(
                "it signs itself, as what `openssl req -x509` makes does, and this machine does not trust it",
            ),
            TRUST,
        ),
        other => (
            not(&other.to_string()),
            "check certificate and key of the server or proxy",
        ),
    }
}

/// `DnsName("a.example")` as `a.example`.
fn bare(name: &str) -> &str {
    name.split_once('(')
        .and_then(|(_, inside)| inside.strip_suffix(')'))
        .unwrap_or(name)
        .trim_matches('"')
}

fn date(time: UnixTime) -> String {
    let date = certificate_date(time);
    date.unwrap_or_else(|| "a time that nobody knows".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn words(error: CertificateError) -> String {
        let error = Error::InvalidCertificate(error);
        Mistrust::of(&io::Error::new(ErrorKind::InvalidData, error)).cause
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_said_in_words() {
        let then = UnixTime::since_unix_epoch(Duration::from_secs(1_000_000_000));
        let now = UnixTime::since_unix_epoch(Duration::from_secs(2_000_000_000));
        for (error, words_of_it) in [
            (
                CertificateError::UnknownIssuer,
                "nobody whom this machine trusts has signed it",
            ),
            (
                CertificateError::ExpiredContext {
                    time: now,
                    not_after: then,
                },
                "it ended at 2001-09-09T01:46:40Z",
            ),
            (
                CertificateError::NotValidYetContext {
                    time: then,
                    not_before: now,
                },
                "it begins at 2033-05-18T03:33:20Z",
            ),
            (
                CertificateError::NotValidForNameContext {
                    expected: "a.example".try_into().unwrap(),
                    presented: vec!["DnsName(\"b.example\")".to_owned(), "c.example".to_owned()],
                },
                "it is for b.example, c.example, and not for a.example",
            ),
        ] {
            let said = words(error);
            assert!(
                said.starts_with("the certificate is not accepted: "),
                "{said}"
            );
            assert!(said.contains(words_of_it), "{said}");
        }
    }
}
