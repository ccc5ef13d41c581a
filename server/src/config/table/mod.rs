//! The table of all settings: one place for each. Files, variables, flags, the reference page, the example file and the
//! help are made from it; `Config::resolve` asks it for what nobody said.
//!
//! To add a setting, add its line to a section and ask for it in `resolved`; tests see to it that both are there.

mod auth;
mod chat;
mod limits;
mod operations;
mod server;
mod socketio;

use super::Setting;

/// Some settings that belong together: a `[table]` of the file.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name in the file; empty for what stands in no table.
    pub name: &'static str,
    /// What its settings are about.
    pub about: &'static str,
    /// They.
    pub settings: &'static [Setting],
}

/// All sections in the order in which people meet them.
pub const SECTIONS: &[Section] = &[
    server::LISTEN,
    server::SERVER,
    server::TLS,
    auth::AUTH,
    server::CORS,
    limits::LIMITS,
    socketio::SOCKETIO,
    chat::CHAT,
    chat::ROOMS,
    chat::CHATS,
    operations::STORE,
    operations::DRAIN,
    operations::INTERNAL,
    operations::DOCS,
    operations::LOG,
];

/// All settings.
pub fn settings() -> impl Iterator<Item = &'static Setting> + Clone {
    SECTIONS.iter().flat_map(|section| section.settings)
}

/// The setting of that key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Setting> {
    settings().find(|setting| setting.key == key)
}

#[cfg(test)]
mod tests;
