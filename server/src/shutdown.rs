//! When to stop: signals, and the flag that everything which runs looks at.

use tokio::sync::watch;

/// What shells report for a program that Ctrl-C ended: 128 + SIGINT.
const EXIT_INTERRUPTED: i32 = 130;

/// The side that says stop.
#[derive(Debug)]
pub(crate) struct StopSender(watch::Sender<bool>);

/// The side that looks. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// A flag that is down.
pub(crate) fn stop() -> (StopSender, Stop) {
    let (sender, receiver) = watch::channel(false);
    (StopSender(sender), Stop(receiver))
}

impl StopSender {
    /// Raises the flag.
    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Lowers it again, where work may go on.
    pub(crate) fn lower(&self) {
        self.0.send_replace(false);
    }
}

impl Stop {
    /// Whether the flag is up.
    pub(crate) fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the flag. Cancel-safe: nothing is taken out of anything.
    pub(crate) async fn requested(&mut self) {
        // A sender that is gone means that the server is gone.
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}

/// Listens from now on, and resolves with the first Ctrl-C or SIGTERM. A second one ends the process at once: whoever
/// sends it has waited enough.
///
/// # Errors
/// When the system lets nobody listen for signals.
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut signals = Signals::listen()?;
    Ok(async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            tracing::warn!("second signal: leaving at once");
            std::process::exit(EXIT_INTERRUPTED);
        });
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        // Both are cancel-safe: a signal that is not received now is received by the next call.
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
