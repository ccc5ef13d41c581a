//! The flags of `roomcast backup`.

use std::path::PathBuf;

const EXAMPLES: &str = "The server may run: the copy is the state of one moment, with everything that was acknowledged before. It is read back and checked from
end to end before it gets its name, so a FILE that is there is whole. Nothing is ever written into the data directory,
and a FILE in there is refused.

To restore, give the file to a server that does not run yet, as roomcast.sqlite3 in an empty directory:
  install -D -m 600 backup.sqlite3 restored/roomcast.sqlite3 && roomcast serve --data-dir restored

Examples:
  roomcast backup backup.sqlite3
  roomcast backup --data-dir /var/lib/roomcast --json /backups/$(date +%F).sqlite3

Exit status: 0; 1 when there is no copy, with the reason; 2 when a flag is wrong.";

/// The flags of `roomcast backup`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct BackupArgs {
    /// The data directory of the server [default: that of `serve`, also ROOMCAST_DATA_DIR].
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// The file of settings [env: ROOMCAST_CONFIG].
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    pub(super) force: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    /// The copy.
    pub(super) file: PathBuf,
}
