//! Health, session, connect, the script, and the conversation.

use std::io::{self, IsTerminal};

use serde::Serialize;
use serde_json::Value;

use super::super::print::{print, print_json};
use super::super::wire::{Dialer, Site};
use super::super::{CliError, Exit};
use super::args::Vocabulary;
use super::script::Line;
use super::socket::Socket;
use super::stage::Stage;
use super::step::{Outcome, Step};
use super::{ProbeArgs, conversation, report};

#[derive(Serialize)]
struct Report<'a> {
    url: String,
    vocabulary: &'static str,
    ok: bool,
    steps: &'a [Step],
}

/// Tries everything and says how it went.
///
/// # Errors
/// When `--ca` cannot be used, or standard output not be written.
#[tokio::main(flavor = "current_thread")]
pub async fn run(args: &ProbeArgs) -> Result<Exit, CliError> {
    let site = args
        .url
        .clone()
        .unwrap_or_else(|| Site::local(args.vocabulary.port()));
    let dialer = Dialer::new(site.at(&args.path), args.ca.as_deref(), args.timeout.0)?;
    let mut play = Play {
        dialer,
        vocabulary: args.vocabulary,
        stage: Stage {
            token: args.token.clone(),
            ..Stage::default()
        },
        steps: Vec::new(),
    };
    let socket = play.perform(args.token.is_none()).await;
    let ok = play.steps.iter().all(|step| step.ok);
    let url = play.dialer.site().to_string();
    let vocabulary = args.vocabulary.name();
    if args.json {
        let steps = &play.steps;
        print_json(&Report {
            url,
            vocabulary,
            ok,
            steps,
        })?;
    } else {
        print(&report::text(&url, vocabulary, &play.steps))?;
    }
    if let Some(mut socket) = socket {
        if !args.json && !args.no_interactive && io::stdin().is_terminal() {
            conversation::hold(&mut socket).await?;
        }
        socket.close().await;
    }
    if args.vocabulary == Vocabulary::Platform && args.token.is_none() {
        play.stage.release(&play.dialer).await;
    }
    Ok(Exit::fine_if(ok))
}

/// One run of the script.
struct Play {
    dialer: Dialer,
    vocabulary: Vocabulary,
    stage: Stage,
    steps: Vec<Step>,
}

impl Play {
    /// Everything until something fails that the rest needs.
    async fn perform(&mut self, needs_session: bool) -> Option<Socket> {
        let health = Step::measure("health", Stage::health(&self.dialer)).await;
        self.took(health)?;
        if self.vocabulary == Vocabulary::Platform {
            if needs_session {
                let session = Step::measure("session", self.stage.acquire(&self.dialer)).await;
                self.took(session)?;
            }
        } else {
            let room = self.stage.furnish(&self.dialer, self.vocabulary);
            let room = Step::measure("room", room).await;
            self.took(room)?;
        }
        let mut socket = self.connect().await?;
        for line in self.vocabulary.script() {
            if line.event == "leave" {
                self.post(&mut socket).await;
            }
            self.speak(&mut socket, line).await;
        }
        Some(socket)
    }

    /// Notes a step; nothing when it failed.
    fn took(&mut self, step: Step) -> Option<()> {
        let ok = step.ok;
        self.steps.push(step);
        ok.then_some(())
    }

    async fn connect(&mut self) -> Option<Socket> {
        let mut socket = None;
        let token = self.stage.token.as_deref();
        let connect = async {
            let (opened, data) = Socket::open(&self.dialer, token).await?;
            socket = Some(opened);
            Ok((format!("over WebSocket, {data}"), data))
        };
        let step = Step::measure("connect", connect).await;
        self.took(step)?;
        socket
    }

    async fn speak(&mut self, socket: &mut Socket, line: &Line) {
        let payload: Vec<Value> = (line.payload)(&self.stage).into_iter().collect();
        let ask = async {
            let answer = socket.ask(line.event, &payload, line.awaited).await?;
            if (line.fits)(&answer) {
                Ok((answer.to_string(), answer))
            } else {
                Err(format!("not the answer that belongs here: {answer}"))
            }
        };
        let step = Step::measure(line.event, ask).await;
        if step.answer.get("id").is_some() {
            self.stage.message = step.answer.clone();
        }
        self.steps.push(step);
    }

    /// Speaks over REST, and hears it as everybody in the room does.
    async fn post(&mut self, socket: &mut Socket) {
        let posted = Step::measure("POST /messages/", self.stage.post(&self.dialer)).await;
        let wanted = posted.answer["id"].clone();
        self.steps.push(posted);
        let hear = async {
            let heard = socket.hear("new_message").await?;
            let outcome: Outcome = if heard["id"] == wanted {
                Ok((heard.to_string(), heard))
            } else {
                Err(format!("another message came: {heard}"))
            };
            outcome
        };
        let heard = Step::measure("new_message", hear).await;
        self.steps.push(heard);
    }
}
