//! Tells `roomcast version` what it is built from. Whatever cannot be found out is left out: this never fails.

use std::env;
use std::path::Path;
use std::process::Command;

/// Where git notes every change of what is checked out.
const LOG: &str = "../.git/logs/HEAD";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ROOMCAST_COMMIT");
    // Cargo would run this every time for a file that is not there.
    if Path::new(LOG).exists() {
        println!("cargo::rerun-if-changed={LOG}");
    }
    let rustc = env::var("RUSTC").ok();
    tell(
        "ROOMCAST_RUSTC",
        rustc.and_then(|rustc| says(&rustc, &["--version"])),
    );
    tell("ROOMCAST_TARGET", env::var("TARGET").ok());
    // Packagers build from an archive and set it themselves.
    if env::var_os("ROOMCAST_COMMIT").is_none() && Path::new("../.git").exists() {
        let commit = says("git", &["rev-parse", "--short=12", "HEAD"]);
        tell("ROOMCAST_COMMIT", commit);
    }
}

fn tell(name: &str, value: Option<String>) {
    if let Some(value) = value {
        println!("cargo::rustc-env={name}={value}");
    }
}

/// The first line that a program prints, if it runs and agrees.
fn says(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next()?.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}
