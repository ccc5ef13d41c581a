//! Commands by hand, until the person or the server has had enough.

use std::collections::HashMap;
use std::io::{self, BufRead};
use std::time::Instant;

use serde_json::Value;
use tokio::sync::mpsc;

use super::super::CliError;
use super::super::paint::{Paint, Tone, tame};
use super::super::print::print;
use super::super::wire::Heard;
use super::socket::Socket;

/// Longer answers are cut.
const SHOWN: usize = 4000;

/// Lines that somebody has typed ahead.
const AHEAD: usize = 16;

const HELP: &str = "
  EVENT [JSON ...]   sends an event with these arguments and wants an ack, as in: echo {\"a\":1}
  EVENT TEXT         what is no JSON is one text, as in: echo Hello, server!
  help, quit
What the server says is shown as it comes. Ctrl-D also ends it.
";

/// What somebody has typed.
#[derive(PartialEq, Debug)]
enum Typed {
    Nothing,
    Help,
    Quit,
    Event(String, Vec<Value>),
}

/// Takes lines from standard input and shows what comes back.
pub(super) async fn hold(socket: &mut Socket) -> Result<(), CliError> {
    let paint = Paint::stdout();
    print("\nConnected. Type an event, `help` or `quit`.\n")?;
    let mut lines = lines();
    let mut sent: HashMap<u64, Instant> = HashMap::new();
    loop {
        // Both waits can be given up without a loss: a channel keeps its lines, and so does the socket what it hears.
        tokio::select! {
            line = lines.recv() => match line.as_deref().map(read) {
                None | Some(Typed::Quit) => return Ok(()),
                Some(Typed::Nothing) => {}
                Some(Typed::Help) => print(HELP)?,
                Some(Typed::Event(name, args)) => match socket.emit(&name, &args, true).await {
                    Ok(id) => drop(sent.insert(id, Instant::now())),
                    Err(error) => return print(&format!("{error}\n")),
                },
            },
            heard = socket.next() => {
                let heard = match heard {
                    Ok(heard) => heard,
                    Err(error) => return print(&format!("{error}\n")),
                };
                let since = match &heard {
                    Heard::Ack(id, _) => sent.remove(id),
                    _ => None,
                };
                print(&format!("{}\n", show(&heard, since, paint)))?;
                if heard == Heard::Disconnected {
                    return Ok(());
                }
            }
        }
    }
}

/// A thread of its own: reading a terminal cannot be given up, and must not keep the program from ending.
fn lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

fn read(line: &str) -> Typed {
    let line = line.trim();
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match name {
        "" => Typed::Nothing,
        "help" | "?" => Typed::Help,
        "quit" | "exit" => Typed::Quit,
        name => Typed::Event(name.to_owned(), arguments(rest.trim())),
    }
}

fn arguments(text: &str) -> Vec<Value> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let values: Result<Vec<_>, _> = values.collect();
    values.unwrap_or_else(|_| vec![text.into()])
}

fn show(heard: &Heard, since: Option<Instant>, paint: Paint) -> String {
    let list = |args: &[Value]| {
        let args: Vec<String> = args.iter().map(Value::to_string).collect();
        tame(&args.join(" "), SHOWN)
    };
    match heard {
        Heard::Event(name, args) => format!(
            "< {} {}",
            paint.dye(Tone::Strong, &tame(name, SHOWN)),
            list(args)
        ),
        Heard::Ack(_, args) => {
            let took = since.map(|at| format!(" ({:.1} ms)", at.elapsed().as_secs_f64() * 1e3));
            let took = paint.dye(Tone::Faint, &took.unwrap_or_default());
            format!("< {} {}{took}", paint.dye(Tone::Good, "ack"), list(args))
        }
        Heard::Connected(data) | Heard::Refused(data) => tame(&data.to_string(), SHOWN),
        Heard::Disconnected => "the server ended the socket".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_an_event_with_json_or_text() {
        let event = |name: &str, args: &[Value]| Typed::Event(name.to_owned(), args.to_vec());
        for (line, typed) in [
            ("", Typed::Nothing),
            ("help", Typed::Help),
            (" quit ", Typed::Quit),
            ("ping", event("ping", &[])),
            ("echo {\"a\": 1}", event("echo", &[json!({"a": 1})])),
            ("echo 1 [2]", event("echo", &[json!(1), json!([2])])),
            (
                "echo Hello, server!",
                event("echo", &[json!("Hello, server!")]),
            ),
        ] {
            assert_eq!(read(line), typed, "{line}");
        }
    }

    #[test]
    fn what_the_server_says_stays_on_its_line() {
        let heard = Heard::Event("a\nb".to_owned(), vec![json!(1), json!("x")]);
        assert_eq!(show(&heard, None, Paint::plain()), "< a b 1 \"x\"");
    }
}
