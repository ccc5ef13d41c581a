//! The name resolves, the port takes connections, TLS agrees.

use super::super::wire::{Mistrust, WireError};
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
        WireError::Tls(error) => {
            let Mistrust { cause, fix } = Mistrust::of(error);
            Finding::new(cause, fix)
        }
        other => Finding::new(other.to_string(), "check the URL"),
    }
}
