//! Clients of a version are answered.

use super::super::wire::{Answer, NoOpening, Opening};
use super::check::Check;
use super::patient::Patient;
use super::{advice, talk};

const NAME: &str = "version";

/// The last major version of `socket.io-client` that speaks EIO=3.
const LAST_OLD: u8 = 2;

pub(super) async fn check(patient: &Patient<'_>) -> Check {
    let target = patient.dialer.site().engine("EIO=3&transport=polling");
    let answer = match Answer::get(&target).send(&patient.dialer).await {
        Ok(answer) => answer,
        Err(error) => return Check::fail(NAME, advice::no_answer(&error, &patient.dialer)),
    };
    let opened = Opening::read(answer);
    if let Ok(opening) = &opened {
        talk::leave(&patient.dialer, &opening.sid).await;
    }
    let takes_old = matches!(opened, Ok(_) | Err(NoOpening::Old));
    match (patient.args.client_version, takes_old) {
        (Some(version), false) if version <= LAST_OLD => Check::fail(NAME, advice::old_client()),
        (_, false) => Check::ok(
            NAME,
            "clients 3 and 4 are answered (EIO=4), those before are not (EIO=3)",
        ),
        (_, true) => Check::ok(NAME, "clients 1 to 4 are answered (EIO=3 and EIO=4)"),
    }
}
