//! Measures the chat of a running Roomcast; each line it prints is a row of `benches/chat/run`.
//!
//! | file | what it is |
//! |---|---|
//! | `crowd` | clients with tokens on one poll |
//! | `post` | stored messages per second, and the time from send to ack |
//! | `fanout` | deliveries into one large room, here and on a server that stores nothing |
//! | `joins` | everybody joins one show at once |
//! | `floor` | a bare loop of inserts: what no server can pass |
//! | `process` | the CPU time of the server |

mod crowd;
mod fanout;
mod floor;
mod joins;
mod post;
mod process;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// An end of the program that people read.
type Outcome = Result<(), Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(about, disable_version_flag = true)]
struct Args {
    #[command(subcommand)]
    what: What,
}

/// The server, and how long.
#[derive(clap::Args, Clone)]
struct Target {
    /// As in `http://127.0.0.1:8000`.
    url: String,
    /// The secret that the server verifies tokens with.
    #[arg(long, default_value = "")]
    secret: String,
    /// The process of the server, for its CPU time.
    #[arg(long)]
    server_pid: u32,
    /// How long to measure.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

#[derive(Subcommand)]
enum What {
    /// 64 senders in rooms of two.
    Post {
        #[command(flatten)]
        target: Target,
        /// Messages of each sender that are on their way.
        #[arg(long, default_value_t = 16)]
        in_flight: usize,
        /// Messages a second of all senders together, instead of as many as can be.
        #[arg(long)]
        rate: Option<f64>,
    },
    /// One sender, and a room of so many others.
    Fanout {
        #[command(flatten)]
        target: Target,
        #[arg(long, default_value_t = 1000)]
        members: usize,
        #[arg(long, default_value_t = 4)]
        in_flight: usize,
        /// The server is the comparison's program, which stores nothing; its events are to be so many bytes long.
        #[arg(long)]
        bytes: Option<usize>,
    },
    /// So many sockets join one show within two seconds.
    Joins {
        #[command(flatten)]
        target: Target,
        #[arg(long, default_value_t = 5000)]
        clients: usize,
    },
    /// A bare loop of inserts of many rows into the schema of the store.
    Floor {
        /// An empty directory on the disk that is measured.
        directory: PathBuf,
        /// `full` or `normal`.
        #[arg(long, default_value = "full")]
        durability: String,
        /// With `OR ROLLBACK`, as the store does: without what it takes to take back a statement alone.
        #[arg(long)]
        or_rollback: bool,
        #[arg(long, default_value_t = 5.0)]
        seconds: f64,
    },
}

fn main() -> Outcome {
    match Args::parse().what {
        What::Post {
            target,
            in_flight,
            rate,
        } => post::run(&target, in_flight, rate),
        What::Fanout {
            target,
            members,
            in_flight,
            bytes,
        } => fanout::run(&target, members, in_flight, bytes),
        What::Joins { target, clients } => joins::run(&target, clients),
        What::Floor {
            directory,
            durability,
            or_rollback,
            seconds,
        } => floor::run(&directory, (durability == "full", or_rollback), seconds),
    }
}
