//! `roomcast backup`: a consistent copy of the data, also of a server that runs.
//!
//! | file | what it is |
//! |---|---|
//! | `args` | the flags |
//! | `run` | copy, verify, put into place |
//! | `progress` | what goes on, on a terminal |

mod args;
mod progress;
mod run;

pub use args::BackupArgs;
pub use run::run;
