//! The name resolves, the port takes connections, TLS agrees.

use std::io::ErrorKind;

use super::super::wire::WireError;
use super::check::{Check, Finding};
use super::patient::Patient;

const NAME: &str = "reach";

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    let found = patient.dialer.reach().await;
    Check::of(NAME, found.map_err(|error| finding(&error, patient)))
}

fn finding(error: &WireError, patient: &Patient<'_>) -> Finding {
    let site = patient.dialer.site();
    let port = site.port;
    match error {
        WireError::Resolve { host, .. } => Finding::new(
            format!("no address is known for {host}"),
            "check the host name in the URL and its DNS record",
        ),
        WireError::Connect { address, .. } if error.is_refused() => Finding::new(
            format!("nothing listens on {address}: the connection is refused"),
            format!(
                "start the server, or correct the port; on its machine `ss -ltn | grep {port}` shows who listens"
            ),
        ),
        WireError::Connect { address, cause } => Finding::new(
            format!("no connection to {address}: {cause}"),
            "check the route to that machine and its firewall",
        ),
        WireError::Slow(patience) => Finding::new(
            format!(
                "no connection to {} within {} s",
                site.authority(),
                patience.as_secs_f64()
            ),
            "a firewall drops it, or the machine is down: check both",
        ),
        WireError::Tls(cause) => tls(cause),
        other => Finding::new(other.to_string(), "check the URL"),
    }
}

fn tls(cause: &std::io::Error) -> Finding {
    let text = cause.to_string();
    if text.contains("InvalidContentType") || text.contains("corrupt message") {
        return Finding::new(
            "what answers speaks no TLS",
            "use http:// in the URL, or give the server a certificate",
        );
    }
    if cause.kind() == ErrorKind::UnexpectedEof {
        return Finding::new(
            "the connection ends in the TLS handshake",
            "use http:// in the URL, or look into the log of the server or proxy",
        );
    }
    let fix = if text.contains("UnknownIssuer") || text.contains("CaUsedAsEndEntity") {
        "have a public authority sign the certificate, send its whole chain, or give it with --ca (clients need it too)"
    } else if text.contains("Expired") || text.contains("expired") {
        "renew the certificate"
    } else if text.contains("NotValidForName") {
        "use a host name that the certificate has, or get one that has this name"
    } else {
        "check certificate and key of the server or proxy"
    };
    Finding::new(format!("the certificate is not accepted: {text}"), fix)
}
