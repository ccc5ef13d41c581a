//! The page that has all events.

use std::fmt::Write;

use super::super::{VOCABULARIES, Vocabulary};

const HEAD: &str = "# Events

What Socket.IO clients send and hear, in all vocabularies. A test writes this page from the table by which events find their vocabulary; do not
edit it.

No two vocabularies share an event that clients send, so a socket may use any of them, and hears a room in the vocabulary in which it joined. An
event has one argument, an object unless said otherwise. With an acknowledgement callback its answer is `{ok: true, ...}` with the fields of the
first reply, or `{ok: false, error: {code, message, details}}`. Whoever did not ask for an acknowledgement hears a failure as the event `error`
with `{message, details, event, code}`; [errors](errors.md) has the codes. `seq` counts the messages of a room from 1 without a gap.
";

/// All events of all vocabularies, as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for vocabulary in VOCABULARIES {
        // Writing to a string cannot fail.
        let _ = describe(*vocabulary, &mut page);
    }
    page
}

fn describe(vocabulary: &dyn Vocabulary, page: &mut String) -> std::fmt::Result {
    let words = vocabulary.reference();
    write!(page, "\n## `{}`\n\n{}\n", vocabulary.name(), words.about)?;
    page.push_str("\n| sends | with | what it does | hears back |\n|---|---|---|---|\n");
    for ask in words.asks {
        let (event, takes) = (ask.event, ask.takes);
        let (does, replies) = (ask.does, ask.replies);
        writeln!(page, "| `{event}` | {takes} | {does} | {replies} |")?;
    }
    page.push_str("\n| hears | with | when |\n|---|---|---|\n");
    for hear in words.hears {
        let (event, carries, when) = (hear.event, hear.carries, hear.when);
        writeln!(page, "| `{event}` | {carries} | {when} |")?;
    }
    Ok(())
}
