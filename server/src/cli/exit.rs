//! How a command ends.

use std::process::ExitCode;

/// What a command found out. A wrong command line is 2, which clap says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Exit {
    /// What was asked for was done, or is true: 0.
    Fine,
    /// What was looked at is not as it should be: 1.
    Failed,
}

impl Exit {
    /// Fine if it is.
    pub const fn fine_if(fine: bool) -> Self {
        if fine { Self::Fine } else { Self::Failed }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Failed => Self::FAILURE,
        }
    }
}
