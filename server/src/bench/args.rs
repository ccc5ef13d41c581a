//! The flags of `roomcast bench`.

use clap::builder::TypedValueParser;
use engineio::Transport;

use super::plan::Scenario;

const EXAMPLES: &str = "Scenarios:
  idle      clients that only are there: memory for each, before, after, and when all have left at once
  connect   clients come as fast as they can, --in-flight of them at a time, or all at once with --burst
  echo      each client sends `echo (data, ack)` and, when the ack is there, the next
  fanout    one room; --in-flight messages are on their way, each of another member unless --senders says less; the next leaves when
            as many deliveries have come as it has readers
  rooms     the same over --rooms rooms in turn
  latency   --rate messages a second into one room, whatever the server does; a latency counts from when the message was due
  slow      as fanout, while --stalled of the clients do not read
  polling   as latency, but clients poll; a WebSocket client sends

The server has to have these events in the namespace `/`, as `socketio/examples/fanout.rs` has:
  join (room, ack)    joins the room
  msg (room, data)    everyone in the room gets `msg (data)`
  echo (data, ack)    the ack is `data`

Examples:
  roomcast bench fanout  http://127.0.0.1:3000 --clients 10000 --in-flight 4 --server-pid 4711
  roomcast bench rooms   http://127.0.0.1:3000 --clients 1000 --rooms 100 --in-flight 100
  roomcast bench echo    http://127.0.0.1:3000 --clients 64 --json
  roomcast bench latency http://127.0.0.1:3000 --clients 1000 --rate 20
  roomcast bench slow    http://127.0.0.1:3000 --clients 1000 --stalled 100 --server-pid 4711
  roomcast bench polling http://127.0.0.1:3000 --clients 10000 --rate 1
  roomcast bench idle    http://127.0.0.1:3000 --clients 10000 --server-pid 4711
  roomcast bench connect http://127.0.0.1:3000 --clients 10000 --burst

What is checked: every message that every client gets is counted, and its number compared with the one that this client is to get
next, so that one that is lost, comes twice or out of order is seen; and its length. The rest of the text is not read.

What counts: with --server-pid, the share of a core that the server and the load used is measured. In echo, fanout and rooms a result
counts only if the server was at least 95 % busy and the load less than 90 %; else the load may be what was measured. Give each a core:
  taskset -c 0 SERVER & taskset -c 1 roomcast bench fanout http://127.0.0.1:3000 --server-pid $!

Exit status: 0 it was measured, also when the result does not count; 1 it could not be; 2 a flag is wrong.";

/// What to measure, and how.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct BenchArgs {
    /// What clients do.
    #[arg(value_enum)]
    pub(super) scenario: Scenario,
    /// The server, as in `http://127.0.0.1:3000`.
    pub(super) url: String,
    /// How many clients [default: 64 for echo; 10000 for idle, connect and polling; 1000 otherwise].
    #[arg(long, value_name = "N")]
    pub(super) clients: Option<usize>,
    /// How many rooms they are in [default: 100 for rooms, else 1].
    #[arg(long, value_name = "R")]
    pub(super) rooms: Option<usize>,
    /// How many messages are on their way at once [default: 100 for rooms, else 4]; how many clients connect at once [default: 200].
    #[arg(long, value_name = "K")]
    pub(super) in_flight: Option<usize>,
    /// From how many members of a room the messages on their way at once are [default: as many as there are messages].
    #[arg(long, value_name = "N")]
    pub(super) senders: Option<usize>,
    /// Bytes of a message, at least 24.
    #[arg(long, value_name = "BYTES", default_value_t = 200)]
    pub(super) size: usize,
    /// How long to measure; how long idle clients stay.
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    pub(super) seconds: f64,
    /// How long to do the same before that.
    #[arg(long, value_name = "S", default_value_t = 2.0)]
    pub(super) warm_up: f64,
    /// Go on measuring until so many messages have been sent, however long that takes.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) messages: u64,
    /// Messages a second [default: 20 for latency, 1 for polling; without it, the other scenarios send as fast as --in-flight lets them].
    #[arg(long, value_name = "R")]
    pub(super) rate: Option<f64>,
    /// The process of the server, on this machine: its CPU time and memory are read, with those of its children.
    #[arg(long, value_name = "PID")]
    pub(super) server_pid: Option<u32>,
    /// How packets travel [default: polling for polling, else websocket].
    #[arg(long, value_name = "NAME", value_parser = transports())]
    pub(super) transport: Option<Transport>,
    /// How many clients do not read in slow [default: a tenth].
    #[arg(long, value_name = "N")]
    pub(super) stalled: Option<usize>,
    /// Let all clients of connect come at once.
    #[arg(long)]
    pub(super) burst: bool,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    pub(super) json: bool,
}

fn transports() -> impl TypedValueParser<Value = Transport> {
    clap::builder::PossibleValuesParser::new(["websocket", "polling"])
        .map(|name| Transport::decode(&name).unwrap_or(Transport::WebSocket))
}
