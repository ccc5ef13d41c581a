//! Colours, where somebody sees them.

use std::env;
use std::io::IsTerminal;

/// Whether standard output shows colours: a terminal that can, and no `NO_COLOR`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    coloured: bool,
}

/// What a colour says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Beside the point.
    Faint,
    /// A heading.
    Strong,
}

impl Tone {
    /// The SGR parameter of terminals.
    const fn code(self) -> u8 {
        match self {
            Self::Good => 32,
            Self::Bad => 31,
            Self::Faint => 2,
            Self::Strong => 1,
        }
    }
}

impl Paint {
    /// For what goes to standard output.
    pub(super) fn stdout() -> Self {
        let says_no = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            coloured: std::io::stdout().is_terminal() && !says_no && !is_dumb,
        }
    }

    #[cfg(test)]
    pub(super) const fn plain() -> Self {
        Self { coloured: false }
    }

    /// The text in that colour.
    pub(super) fn dye(self, tone: Tone, text: &str) -> String {
        if self.coloured {
            format!("\u{1b}[{}m{text}\u{1b}[0m", tone.code())
        } else {
            text.to_owned()
        }
    }
}

/// What others have sent, fit for a terminal: no control characters, on one line, not longer than `most`.
pub(super) fn tame(text: &str, most: usize) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(most)
        .collect();
    if text.chars().nth(most).is_some() {
        format!("{shown}...")
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_only_there_where_they_are_seen() {
        let painted = Paint { coloured: true }.dye(Tone::Bad, "no");
        assert_eq!(painted, "\u{1b}[31mno\u{1b}[0m");
        assert_eq!(Paint::plain().dye(Tone::Bad, "no"), "no");
    }

    #[test]
    fn a_server_cannot_steer_the_terminal() {
        assert_eq!(tame("a\u{1b}[2J\nb", 99), "a [2J b");
        assert_eq!(tame("abcdef", 3), "abc...");
        assert_eq!(tame("abc", 3), "abc");
    }
}
