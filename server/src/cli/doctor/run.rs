//! The checks in their order.

use serde::Serialize;

use super::super::print::{print, print_json};
use super::super::wire::Dialer;
use super::super::{CliError, Exit};
use super::check::Check;
use super::patient::Patient;
use super::{
    DoctorArgs, auth, clock, cors, path, reach, ready, report, transport, upgrade, version,
};

#[derive(Serialize)]
struct Diagnosis {
    url: String,
    path: String,
    namespace: String,
    ok: bool,
    checks: Vec<Check>,
}

/// Those that need a server that answers at the path.
const BEHIND_PATH: [&str; 6] = ["polling", "websocket", "upgrade", "cors", "auth", "version"];

/// Examines a server and says what it found.
///
/// # Errors
/// When `--ca` cannot be used, or standard output not be written.
#[tokio::main(flavor = "current_thread")]
pub async fn run(args: &DoctorArgs) -> Result<Exit, CliError> {
    let site = args.url.clone().at(&args.path);
    let dialer = Dialer::new(site, args.ca.as_deref(), args.timeout.0)?;
    let mut patient = Patient::new(args, dialer);
    let checks = examine(&mut patient).await;
    let site = patient.dialer.site();
    let diagnosis = Diagnosis {
        url: site.to_string(),
        path: site.path.clone(),
        namespace: site.namespace.clone(),
        ok: !checks.iter().any(Check::is_failure),
        checks,
    };
    if args.json {
        print_json(&diagnosis)?;
    } else {
        print(&report::text(&diagnosis.url, &diagnosis.checks))?;
    }
    Ok(Exit::fine_if(diagnosis.ok))
}

async fn examine(patient: &mut Patient<'_>) -> Vec<Check> {
    let mut checks = vec![reach::check(patient).await];
    if checks.iter().any(Check::is_failure) {
        let rest = ["ready", "path"]
            .into_iter()
            .chain(BEHIND_PATH)
            .chain(["clock"]);
        checks.extend(rest.map(|name| Check::skip(name, "nothing is reached")));
        return checks;
    }
    checks.push(ready::check(patient).await);
    if checks.iter().any(Check::is_failure) {
        let why = "the server takes no new sessions meanwhile";
        let rest = ["path"].into_iter().chain(BEHIND_PATH);
        checks.extend(rest.map(|name| Check::skip(name, why)));
    } else {
        checks.push(path::check(patient).await);
        if checks.iter().any(Check::is_failure) {
            let why = "there is no session to be had";
            checks.extend(BEHIND_PATH.map(|name| Check::skip(name, why)));
        } else {
            checks.push(transport::polling(patient).await);
            checks.push(transport::websocket(patient).await);
            checks.push(upgrade::check(patient).await);
            checks.push(cors::check(patient).await);
            checks.push(auth::check(patient).await);
            checks.push(version::check(patient).await);
        }
    }
    checks.push(clock::check(patient).await);
    checks
}
