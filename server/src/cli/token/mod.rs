//! `roomcast token`: signs tokens as an application would, and says what a server makes of one.
//!
//! | file | what it is |
//! |---|---|
//! | `args` | the flags |
//! | `new` | from flags to claims to a token |
//! | `check` | whose a token is and when it ends, or why it is refused |

mod args;
mod check;
mod new;

pub use args::TokenArgs;
use args::TokenCommand;

use super::{CliError, Exit};

/// Signs or checks.
///
/// # Errors
/// When there is no secret, or a file cannot be read.
pub fn run(args: &TokenArgs) -> Result<Exit, CliError> {
    match &args.command {
        TokenCommand::New(args) => new::run(args),
        TokenCommand::Check(args) => check::run(args),
    }
}
