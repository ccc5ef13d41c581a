//! `roomcast probe`: tries every command of an application, as its client would, and then takes some by hand.
//!
//! | file | what it is |
//! |---|---|
//! | `args` | the flags |
//! | `run` | [`run`]: health, session, connect, the script, and the conversation |
//! | `script` | what each vocabulary is asked, and what it has to answer |
//! | `stage` | who speaks, and the room that is spoken in |
//! | `socket` | one socket of a namespace |
//! | `step` | what one step came to |
//! | `report` | for people |
//! | `conversation` | commands by hand |

mod args;
mod conversation;
mod report;
mod run;
mod script;
mod socket;
mod stage;
mod step;

pub use args::ProbeArgs;
pub use run::run;
