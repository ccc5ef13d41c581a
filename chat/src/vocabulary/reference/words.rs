//! What is said about a vocabulary and its events.

/// A vocabulary in words.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
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
