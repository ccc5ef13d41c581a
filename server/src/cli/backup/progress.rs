//! What goes on while a large database is copied; nothing where no terminal is.

use std::fs;
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::{Instant, interval_at};

/// A copy that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the length of the copy is looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// Waits for `work`, and shows how much of `length` bytes is in `file` by now.
pub(super) async fn watch<T>(work: impl Future<Output = T>, file: &Path, length: u64) -> T {
    let style = "copying [{bar:40}] {bytes}/{total_bytes} {eta}";
    let style =
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::hidden();
    let mut tick = interval_at(Instant::now() + PATIENCE, INTERVAL);
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => {
                bar.finish_and_clear();
                return done;
            }
            _ = tick.tick() => {
                if bar.is_hidden() {
                    bar.set_length(length);
                    bar.set_style(style.clone());
                    bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
                }
                bar.set_position(fs::metadata(file).map_or(0, |file| file.len()));
            }
        }
    }
}
