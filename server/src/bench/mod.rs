//! `roomcast bench`: many clients in one thread, which measure a server and check what they get.
//!
//! | layer | file | what it is |
//! |---|---|---|
//! | command | `args`, `plan` | the flags; what they come to in each scenario |
//! | | `run` | [`run`]: one measurement from start to report |
//! | | `play` | a scene over time |
//! | | `error` | why there is no measurement |
//! | clients | `place` | where the server is, from where clients come |
//! | | `crowd`, `clients` | all clients on one poll; each with its socket |
//! | | `opening` | the clients come, and join |
//! | scenes | `scene` | what a scenario does with what clients hear |
//! | | `broadcast` | messages into rooms; `room`, `check` and `pace` are its parts |
//! | | `echo` | acks |
//! | | `mark` | the place in a message where its number and time are |
//! | measures | `meter`, `process` | deliveries, CPU and memory between two moments |
//! | | `latency` | a histogram of times |
//! | report | `report`, `verdict` | what was measured; whether it counts |
//! | | `table`, `progress` | for people |

mod args;
mod broadcast;
mod check;
mod clients;
mod crowd;
mod echo;
mod error;
mod latency;
mod mark;
mod meter;
mod opening;
mod pace;
mod place;
mod plan;
mod play;
mod process;
mod progress;
mod report;
mod room;
mod run;
mod scene;
mod table;
mod verdict;

pub use args::BenchArgs;
pub use error::BenchError;
pub use run::run;
