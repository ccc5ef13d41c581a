//! A server process: ours, or npm's reference.

use crate::connection::DEADLINE;
use crate::{Connection, Options};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Set to `reference`, the suite runs against npm's packages instead of ours,
/// which is how a test is checked before it judges.
const TARGET: &str = "ROOMCAST_WIRE";

/// Which of the two protocols a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Engine.IO alone.
    EngineIo,
    /// Socket.IO over Engine.IO.
    SocketIo,
}

impl Kind {
    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EngineIo => "engineio",
            Self::SocketIo => "socketio",
        }
    }

    /// Where the protocol is served.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::EngineIo => "/engine.io/",
            Self::SocketIo => "/socket.io/",
        }
    }
}

/// A running server with the puppet application; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    port: u16,
    child: Child,
}

impl Server {
    /// Starts `ours` (or the reference, when the environment asks for it) on a free port.
    ///
    /// # Panics
    /// When the server does not come up.
    #[must_use]
    pub fn start(ours: &Path, kind: Kind, options: &Options) -> Self {
        let mut command = if targets_reference() {
            let mut node = Command::new("node");
            node.arg(reference());
            node
        } else {
            let mut ours = Command::new(ours);
            // one heap that gives large pieces back, so that memory tells what is held and not
            // which thread has freed it
            ours.env("MALLOC_ARENA_MAX", "1");
            ours.env("MALLOC_MMAP_THRESHOLD_", "32768");
            ours
        };
        let options = serde_json::to_string(options).expect("options are plain data");
        command.args([kind.as_str(), &options]);
        Self::spawn(command, kind)
    }

    /// Starts a command that prints `listening PORT` and serves until its input ends.
    ///
    /// # Panics
    /// When the command does not print that line first.
    #[must_use]
    pub fn spawn(mut command: Command, kind: Kind) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdout = child.stdout.take().expect("the output is piped");
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("the server prints its port");
        let port = line.trim().strip_prefix("listening ");
        let port = port.and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("the server said {line:?}"));
        Self { kind, port, child }
    }

    /// Takes over a process that serves on a port, once it does.
    ///
    /// # Panics
    /// When it ends, or does not listen in time.
    #[must_use]
    pub fn attach(mut child: Child, kind: Kind, port: u16) -> Self {
        let until = Instant::now() + DEADLINE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = child.try_wait().expect("the process can be asked");
            assert!(ended.is_none() && Instant::now() < until, "nobody listens");
            std::thread::yield_now();
        }
        Self { kind, port, child }
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the protocol is served.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.kind.path()
    }

    /// Whether npm's packages answer: a test of a rule that they break on
    /// purpose, or by a known bug, has nothing to say there.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        targets_reference()
    }

    /// The bytes of memory that the process holds, without the pages of its program, where the system
    /// tells it in `/proc`.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        self.status("RssAnon:")
    }

    /// The bytes that the process has asked for, touched or not.
    #[must_use]
    pub fn address_space(&self) -> Option<u64> {
        self.status("VmSize:")
    }

    fn status(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// Whether somebody listens on the port.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// A new TCP connection.
    #[must_use]
    pub fn connect(&self) -> Connection {
        Connection::open(self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Neither can fail in a way that matters here: the process is ours and unreaped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn targets_reference() -> bool {
    std::env::var(TARGET).is_ok_and(|target| target == "reference")
}

fn reference() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/reference/main.js")
}
