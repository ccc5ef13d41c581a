//! What the server says about itself when it starts.

use std::fmt::Write;

use crate::Listener;
use crate::config::{Auth, Config};

/// A few lines for the person in front of the terminal: where the page is, where the data is, who may speak, what is limited.
#[must_use]
pub fn banner(config: &Config, listeners: &[Listener]) -> String {
    let mut text = format!("Roomcast {}\n", env!("CARGO_PKG_VERSION"));
    // Writing to a `String` cannot fail.
    for listener in listeners {
        let scheme = if config.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let _ = write!(text, "  page    {scheme}://{}/", listener.address());
        let (profile, auth) = listener.surroundings();
        let _ = match auth {
            Auth::Required if profile.has_sessions => {
                write!(text, "  auth required: tokens and sessions")
            }
            Auth::Required => write!(text, "  auth required: everybody needs a token"),
            Auth::Open => write!(
                text,
                "  auth open: everybody may speak, as anybody. For development"
            ),
        };
        let _ = match profile.name {
            "" => writeln!(text),
            name => writeln!(text, "  profile {name}"),
        };
    }
    if let Some(address) = config.internal_listen {
        let _ = writeln!(text, "  internal http://{address}/metrics");
    }
    let data_dir = std::path::absolute(&config.data_dir);
    let data_dir = data_dir.as_ref().unwrap_or(&config.data_dir);
    let _ = writeln!(text, "  data    {}", data_dir.display());
    let _ = write!(text, "  limits  {}", limits(config));
    let is_open_to_all = |listener: &Listener| {
        let is_open = listener.surroundings().1 == Auth::Open;
        is_open && !listener.address().ip().to_canonical().is_loopback()
    };
    if listeners.iter().any(is_open_to_all) {
        let _ = write!(
            text,
            "\n\n  WARNING: open and reachable from other machines, as --allow-open asked for."
        );
    }
    text
}

fn limits(config: &Config) -> String {
    let chat = &config.chat;
    let sizes = format!("texts of {} bytes, pages of {}", chat.max_text, chat.page);
    if !config.rate_limits {
        return format!(
            "{sizes}. WARNING: no limits per user or address (--no-rate-limits): for load tests only"
        );
    }
    let admission = &config.socketio.engine.admission;
    let unlimited = || "any number of".to_owned();
    let number = |limit: Option<usize>| limit.map_or_else(unlimited, |limit| limit.to_string());
    let sessions = number(admission.sessions_per_address);
    let handshakes = admission.handshakes_per_address;
    let handshakes = number(handshakes.map(|rate| rate.per_second as usize));
    let messages = match chat.rate_limit {
        Some(rate) => format!("{} messages in {} s", rate.messages, rate.window.as_secs()),
        None => "any number of messages".to_owned(),
    };
    format!(
        "{messages} per user, {sessions} sessions and {handshakes} new ones a second per address, {sizes}"
    )
}
