//! The settings of the crates below, as the table has them.

use std::time::Duration;

use chat::RateLimit;
use engineio::Transport;
use engineio::server::{Admission, Overflow, Rate};

use super::Settings;

/// The two protocols.
pub(super) fn socketio(settings: &Settings) -> socketio::Config {
    let event_name = settings.get("socketio.event_name");
    let defaults = socketio::Config::default();
    let path = defaults.engine.path.clone();
    socketio::Config {
        engine: engineio::server::Config {
            path,
            ..engine(settings)
        },
        connect_timeout: settings.get("socketio.connect_timeout"),
        ack_timeout: settings.get("socketio.ack_timeout"),
        limits: socketio::Limits {
            attachments: settings.get("socketio.attachments"),
            attachment_bytes: settings.get("socketio.attachment_bytes"),
            nesting: settings.get("socketio.nesting"),
        },
        attachment_timeout: settings.get("socketio.attachment_timeout"),
        inbox: settings.get("socketio.inbox"),
        inbox_bytes: settings.get("socketio.inbox_bytes"),
        auth_bytes: settings.get("socketio.auth_bytes"),
        namespaces_per_client: settings.get("socketio.namespaces"),
        namespace_name_length: settings.get("socketio.namespace_name"),
        rooms_per_socket: settings.get("socketio.rooms"),
        room_name_length: settings.get("socketio.room_name"),
        event_name_length: if event_name == 0 {
            usize::MAX
        } else {
            event_name
        },
        ..defaults
    }
}

fn engine(settings: &Settings) -> engineio::server::Config {
    let defaults = engineio::server::Config::default();
    let close_timeout: Duration = settings.get("socketio.close_timeout");
    // The orderly close, and the wait for the peer's half of it, with the room to spare that the defaults have.
    let spare = defaults
        .shutdown_timeout
        .saturating_sub(defaults.close_timeout);
    engineio::server::Config {
        ping_interval: settings.get("socketio.ping_interval"),
        ping_timeout: settings.get("socketio.ping_timeout"),
        upgrade_timeout: settings.get("socketio.upgrade_timeout"),
        close_timeout,
        shutdown_timeout: close_timeout.saturating_add(spare),
        write_timeout: settings.get("socketio.write_timeout"),
        body_timeout: settings.get("limits.body_timeout"),
        max_payload: settings.get("socketio.max_payload"),
        transports: transports(settings),
        outbox_limit: settings.get("socketio.outbox_limit"),
        outbox_overflow: match settings.get::<String>("socketio.outbox_overflow").as_str() {
            "refuse" => Overflow::Refuse,
            _ => Overflow::Cut,
        },
        outbox_reserve: settings.get("socketio.outbox_reserve"),
        outbox_total: settings.get("socketio.outbox_total"),
        send_buffer: settings.get("socketio.send_buffer"),
        flushers: settings
            .find("socketio.flushers")
            .unwrap_or(defaults.flushers),
        admission: admission(settings),
        ..defaults
    }
}

fn transports(settings: &Settings) -> Vec<Transport> {
    let words: Vec<String> = settings.get("socketio.transports");
    let transport = |word: &String| match word.as_str() {
        "websocket" => Transport::WebSocket,
        _ => Transport::Polling,
    };
    words.iter().map(transport).collect()
}

/// 0 is no limit.
fn limit(settings: &Settings, key: &str) -> Option<usize> {
    Some(settings.get(key)).filter(|limit| *limit > 0)
}

fn are_on(settings: &Settings) -> bool {
    settings.get("limits.enabled")
}

/// How many clients there may be, and how fast they may come.
pub(super) fn admission(settings: &Settings) -> Admission {
    if !are_on(settings) {
        return Admission::unlimited();
    }
    let per_second: u32 = settings.get("limits.handshakes_per_second");
    Admission {
        sessions: limit(settings, "limits.sessions"),
        sessions_per_address: limit(settings, "limits.sessions_per_address"),
        handshakes_per_address: (per_second > 0).then(|| Rate {
            per_second,
            burst: settings.get("limits.handshakes_burst"),
        }),
    }
}

fn rate(settings: &Settings, count: &str, window: &str) -> Option<RateLimit> {
    let messages = limit(settings, count).filter(|_| are_on(settings))?;
    let window = settings.get(window);
    Some(RateLimit { messages, window })
}

/// The chat. Who may speak is what the listeners say.
pub(super) fn chat(settings: &Settings) -> chat::Config {
    chat::Config {
        auto_create: settings.get("rooms.auto_create"),
        max_text: settings.get("chat.max_text"),
        history: settings.get("chat.history"),
        page: settings.get("chat.page"),
        present: settings.get("chat.present"),
        status_members: settings.get("chat.status_members"),
        grace: settings.get("chat.grace"),
        auto_join: settings.get("chats.auto_join_rooms"),
        // The room of its own id, and that of its session.
        rooms: settings.get::<usize>("socketio.rooms").saturating_sub(2),
        rate_limit: rate(settings, "limits.messages", "limits.message_window"),
        session_lifetime: settings.get("auth.session_lifetime"),
        session_rate: rate(
            settings,
            "limits.session_tokens",
            "limits.session_token_window",
        ),
        queue: settings.get("chat.queue"),
        batch: settings.get("chat.batch"),
        in_flight: settings.get("chat.in_flight"),
        ..chat::Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table repeats them, so that a reader finds them; here they are held against the crates.
    #[test]
    fn the_defaults_are_those_of_the_crates() {
        let settings = Settings::default();
        let table = socketio(&settings);
        let mut crates = socketio::Config {
            event_name_length: usize::MAX,
            ..socketio::Config::default()
        };
        crates.engine.path.clone_from(&table.engine.path);
        assert_eq!(format!("{table:#?}"), format!("{crates:#?}"));
        let crates = chat::Config::default();
        assert_eq!(format!("{:#?}", chat(&settings)), format!("{crates:#?}"));
    }

    #[test]
    fn nothing_limits_a_load_test() {
        let settings = Settings::default().with("limits.enabled", "false");
        assert_eq!(admission(&settings), Admission::unlimited());
        let chat = chat(&settings);
        assert_eq!((chat.rate_limit, chat.session_rate), (None, None));
    }

    #[test]
    fn zero_lifts_one_limit_and_leaves_the_others() {
        let settings = Settings::default()
            .with("limits.sessions", "0")
            .with("limits.handshakes_per_second", "0");
        let admission = admission(&settings);
        assert_eq!(
            (admission.sessions, admission.handshakes_per_address),
            (None, None)
        );
        assert_eq!(admission.sessions_per_address, Some(4096));
        let chat = chat(&settings.with("limits.messages", "0"));
        assert_eq!(chat.rate_limit, None);
        assert!(chat.session_rate.is_some());
    }
}
