//! Profiles: the documented surroundings of each application, one line each.

use super::Auth;

/// What a listener calls itself, where it listens and whom it lets in, unless told otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Profile {
    /// What `--profile` names.
    pub name: &'static str,
    /// What clients are told that they are connected to.
    pub service_name: &'static str,
    /// The port on loopback.
    pub port: u16,
    /// What is added to `PORT`, for applications that listen beside their main port.
    pub port_offset: u16,
    /// Whether somebody without a token may speak.
    pub auth: Auth,
    /// Whether session tokens suffice where a token is required.
    pub has_sessions: bool,
}

impl Profile {
    /// What holds without `--profile`.
    pub const NONE: Self = Self {
        name: "",
        service_name: "Roomcast",
        port: 8000,
        port_offset: 0,
        auth: Auth::Open,
        has_sessions: false,
    };

    /// The profile of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        PROFILES
            .iter()
            .copied()
            .find(|profile| profile.name == name)
    }
}

/// All profiles.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "chatty",
        service_name: "Chatty",
        port: 8000,
        port_offset: 0,
        auth: Auth::Open,
        has_sessions: false,
    },
    Profile {
        name: "messenger",
        service_name: "Messenger",
        port: 8001,
        port_offset: 1,
        auth: Auth::Required,
        has_sessions: false,
    },
    Profile {
        name: "shows",
        service_name: "ShareMyShows",
        port: 5000,
        port_offset: 0,
        auth: Auth::Required,
        has_sessions: false,
    },
    Profile {
        name: "chats",
        service_name: "Chats",
        port: 5000,
        port_offset: 0,
        auth: Auth::Required,
        has_sessions: false,
    },
    Profile {
        name: "platform",
        service_name: "YektaYar",
        port: 3000,
        port_offset: 0,
        auth: Auth::Required,
        has_sessions: true,
    },
];
