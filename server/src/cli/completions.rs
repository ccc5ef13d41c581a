//! `roomcast completions`: what a shell completes.

use clap::CommandFactory;
use clap_complete::Shell;

use super::print::print;
use super::{CliError, Exit};
use crate::config::Args;

const EXAMPLES: &str = "Examples:
  roomcast completions bash > /etc/bash_completion.d/roomcast
  roomcast completions zsh > \"${fpath[1]}/_roomcast\"
  roomcast completions fish > ~/.config/fish/completions/roomcast.fish

Exit status: 0; 2 for a shell that is not known.";

/// The flags of `roomcast completions`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArgs {
    /// For which shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script for that shell.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &CompletionsArgs) -> Result<Exit, CliError> {
    print(&script(args.shell))?;
    Ok(Exit::Fine)
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "roomcast", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_learns_every_command() {
        for shell in Shell::value_variants() {
            let script = script(*shell);
            for command in Args::command().get_subcommands() {
                let name = command.get_name();
                assert!(script.contains(name), "{shell} does not complete {name}");
            }
        }
    }
}
