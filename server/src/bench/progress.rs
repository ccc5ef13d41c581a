//! What goes on, on a terminal; nothing elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often it is drawn: what a person sees, and no work for the one core that the load has.
const INTERVAL: Duration = Duration::from_millis(100);

/// A bar on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    drawn: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            drawn: Instant::now(),
        }
    }

    /// Starts something of that length.
    pub(super) fn begin(&mut self, what: &'static str, length: u64, unit: &'static str) {
        let style = "{prefix:>8} [{bar:40}] {human_pos}/{human_len} {msg}";
        let style = ProgressStyle::with_template(style);
        self.bar = ProgressBar::new(length)
            .with_prefix(what)
            .with_message(unit)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.drawn = Instant::now();
    }

    /// So much of it is done.
    pub(super) fn at(&mut self, position: u64) {
        if self.drawn.elapsed() >= INTERVAL {
            self.drawn = Instant::now();
            self.bar.set_position(position);
        }
    }

    /// It is done.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
