//! Tells the service manager how the process is doing, when there is one that wants to know: systemd with
//! `Type=notify`. Each word is a datagram to the socket that `NOTIFY_SOCKET` names.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// Whoever started this process and wants to hear from it. Silent when nobody does.
#[derive(Clone, Debug)]
pub(crate) struct Supervisor {
    socket: Option<OsString>,
    /// How often it wants to hear that the process still works.
    watchdog: Option<Duration>,
    /// How long the process may take to leave.
    farewell: Duration,
}

impl Supervisor {
    /// The one that the environment names, for a process that may take so long to leave.
    pub(crate) fn of_process(farewell: Duration) -> Self {
        let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
        let ours = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let watchdog = number("WATCHDOG_USEC").filter(|usec| ours && *usec > 0);
        Self {
            socket: std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty()),
            watchdog: watchdog.map(Duration::from_micros),
            farewell,
        }
    }

    /// The process serves until `shutdown` resolves.
    pub(crate) async fn until(self, shutdown: impl Future<Output = ()>) {
        let heartbeat = self.ready();
        shutdown.await;
        heartbeat.stopping();
    }

    /// The process serves. From here on it says so as often as the watchdog wants, until what is returned is dropped.
    fn ready(self) -> Heartbeat {
        self.say("READY=1\nSTATUS=serving");
        let supervisor = self.clone();
        let task = self
            .watchdog
            .filter(|_| self.socket.is_some())
            .map(|limit| {
                tokio::spawn(async move {
                    // Twice in its time, as the manual of systemd advises.
                    let mut ticks = interval(limit / 2);
                    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                    loop {
                        ticks.tick().await;
                        supervisor.say("WATCHDOG=1");
                    }
                })
            });
        Heartbeat {
            supervisor: self,
            task,
        }
    }

    /// A supervisor that does not listen is no reason to stop serving.
    fn say(&self, words: &str) {
        let Some(socket) = &self.socket else { return };
        if let Err(error) = send(socket, words) {
            tracing::warn!(%error, "the service manager cannot be told");
        }
    }
}

/// The words for the watchdog; they end when this is dropped.
#[derive(Debug)]
struct Heartbeat {
    supervisor: Supervisor,
    task: Option<JoinHandle<()>>,
}

impl Heartbeat {
    /// The process is on its way out, and is not to be killed meanwhile, whatever the unit says.
    fn stopping(&self) {
        let time = self.supervisor.farewell.as_micros();
        let words = format!("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC={time}");
        self.supervisor.say(&words);
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

#[cfg(target_os = "linux")]
fn send(socket: &OsStr, words: &str) -> std::io::Result<()> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    // An `@` stands for the zero byte that begins a name without a file.
    let address = match socket.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(socket)?,
    };
    let datagram = UnixDatagram::unbound()?;
    // A full queue of the supervisor must not stop the server.
    datagram.set_nonblocking(true)?;
    datagram.send_to_addr(words.as_bytes(), &address).map(drop)
}

#[cfg(not(target_os = "linux"))]
fn send(_socket: &OsStr, _words: &str) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut words = [0; 128];
        let length = socket.recv(&mut words).expect("a word");
        String::from_utf8_lossy(words.get(..length).unwrap_or_default()).into_owned()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn it_says_that_it_serves_and_lives_and_leaves() {
        let path = std::env::temp_dir().join(format!("roomcast-notify-{}", uuid::Uuid::now_v7()));
        let socket = UnixDatagram::bind(&path).expect("a socket");
        let patience = Some(Duration::from_secs(5));
        socket.set_read_timeout(patience).expect("a time-out");
        let supervisor = Supervisor {
            socket: Some(path.clone().into()),
            watchdog: Some(Duration::from_millis(20)),
            farewell: Duration::from_secs(7),
        };
        let heartbeat = supervisor.ready();
        assert_eq!(heard(&socket), "READY=1\nSTATUS=serving");
        for _ in 0..3 {
            assert_eq!(heard(&socket), "WATCHDOG=1");
        }
        heartbeat.stopping();
        let mut last = heard(&socket);
        while last == "WATCHDOG=1" {
            last = heard(&socket);
        }
        assert_eq!(
            last,
            "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=7000000"
        );
        std::fs::remove_file(path).expect("its file");
    }

    #[test]
    fn a_name_without_a_file_is_understood() {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::net::SocketAddr;

        let name = format!("roomcast-notify-{}", uuid::Uuid::now_v7());
        let address = SocketAddr::from_abstract_name(&name).expect("a name");
        let socket = UnixDatagram::bind_addr(&address).expect("a socket");
        send(OsStr::new(&format!("@{name}")), "READY=1").expect("somebody listens");
        assert_eq!(heard(&socket), "READY=1");
    }

    #[tokio::test]
    async fn nobody_who_wants_to_know_is_told_nothing() {
        let silent = Supervisor {
            socket: None,
            watchdog: Some(Duration::from_secs(1)),
            farewell: Duration::ZERO,
        };
        assert!(silent.ready().task.is_none());
        let gone = Supervisor {
            socket: Some("/nonexistent/notify".into()),
            watchdog: None,
            farewell: Duration::ZERO,
        };
        gone.ready().stopping();
    }
}
