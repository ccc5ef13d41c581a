//! What is logged: levels, and levels of parts of the server.

use tracing_subscriber::EnvFilter;

/// What a filter may say. Anything else would be understood as the name of a part that nobody has, and log nothing.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The parts whose lines are ours.
pub(crate) const OURS: [&str; 4] = ["server", "chat", "socketio", "engineio"];

/// Libraries below that have something to say.
const LIBRARIES: [&str; 5] = [
    "sqlx",
    "sqlx_core",
    "sqlx_sqlite",
    "tungstenite",
    "tokio_tungstenite",
];

/// Why a text is no filter: the part of it that is wrong, and what it should be.
pub(super) fn mistake(text: &str) -> Option<(String, String)> {
    let wrong = directives(text).find_map(|directive| {
        let expected = match directive
            .rsplit_once('=')
            .filter(|_| !directive.ends_with(']'))
        {
            Some((target, level)) => of_target(target).or_else(|| of_level(level)),
            None if is_level(directive) => None,
            None => of_target(directive).map(|_| {
                format!(
                    "a level ({}) or a part of the server ({})",
                    LEVELS.join(", "),
                    OURS.join(", ")
                )
            }),
        };
        Some((directive.to_owned(), expected?))
    });
    wrong.or_else(|| {
        let error = EnvFilter::builder().parse(plain(text)).err()?;
        Some((text.to_owned(), format!("a filter of the log: {error}")))
    })
}

/// The same without the blanks that people put behind commas.
pub(super) fn plain(text: &str) -> String {
    directives(text).collect::<Vec<_>>().join(",")
}

fn directives(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

fn is_level(text: &str) -> bool {
    LEVELS.iter().any(|level| level.eq_ignore_ascii_case(text))
}

fn of_level(text: &str) -> Option<String> {
    (!is_level(text)).then(|| format!("a part with one of the levels {}", LEVELS.join(", ")))
}

/// A span without a target may be anywhere.
fn of_target(text: &str) -> Option<String> {
    let target = text.split('[').next().unwrap_or_default();
    let of = target.split("::").next().unwrap_or_default();
    let is_span = of.is_empty() && text.starts_with('[');
    let is_known = is_span || OURS.iter().chain(&LIBRARIES).any(|known| *known == of);
    (!is_known).then(|| format!("a level of a part of the server ({})", OURS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_parts_and_spans_are_filters() {
        for text in [
            "info",
            "DEBUG",
            "off",
            "info,chat=debug",
            "info, chat::store=trace, sqlx::query=warn",
            "chat",
            "warn,[request{id=a}]=debug",
            "info,server[request]=debug",
        ] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }

    #[test]
    fn what_would_log_nothing_names_the_wrong_part_and_the_right_ones() {
        let levels = "off, error, warn, info, debug, trace";
        let ours = "server, chat, socketio, engineio";
        let either = format!("a level ({levels}) or a part of the server ({ours})");
        let level = format!("a part with one of the levels {levels}");
        let part = format!("a level of a part of the server ({ours})");
        for (text, wrong, expected) in [
            ("debgu", "debgu", &either),
            ("info,chta", "chta", &either),
            ("", "", &either),
            ("info,,warn", "", &either),
            ("info,chat=loud", "chat=loud", &level),
            ("info,chat=", "chat=", &level),
            ("info,chta=debug", "chta=debug", &part),
            ("=debug", "=debug", &part),
            ("info,roomcast::run=debug", "roomcast::run=debug", &part),
        ] {
            let mistake = mistake(text);
            assert_eq!(
                mistake,
                Some((wrong.to_owned(), expected.clone())),
                "{text}"
            );
        }
        assert!(mistake("info,chat[=debug").is_some());
    }
}
