//! What is said about a vocabulary and its events.

/// A vocabulary in words.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// Its name in settings and in `?vocabulary=`.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What clients send.
    pub asks: &'static [Ask],
    /// What they hear.
    pub hears: &'static [Hear],
}

/// An event that clients send.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Its name.
    pub event: &'static str,
    /// Its one argument.
    pub takes: &'static str,
    /// What comes of it.
    pub does: &'static str,
    /// What the sender hears, beside the ack.
    pub replies: &'static str,
}

/// An event that clients hear.
#[derive(Clone, Copy, Debug)]
pub struct Hear {
    /// Its name.
    pub event: &'static str,
    /// Its one argument.
    pub carries: &'static str,
    /// When, and who.
    pub when: &'static str,
}

impl Hear {
    /// Every vocabulary that has messages tells of a changed one alike.
    pub(super) const fn edited(event: &'static str, carries: &'static str) -> Self {
        let when = "a message was edited";
        Self {
            event,
            carries,
            when,
        }
    }

    /// The same of one that is gone.
    pub(super) const fn deleted(event: &'static str, carries: &'static str) -> Self {
        let when = "a message was deleted";
        Self {
            event,
            carries,
            when,
        }
    }
}
