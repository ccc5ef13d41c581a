//! The commands beside `serve` and `bench`: what people run by hand or from a script.
//!
//! | command | file | what it is |
//! |---|---|---|
//! | `token` | `token/` | signs a token; says whose one is, or why it is refused |
//! | `probe` | `probe/` | tries every command of an application, then takes some by hand |
//! | `doctor` | `doctor/` | finds out why clients do not connect |
//! | `backup` | `backup/` | a consistent copy of the data, also of a server that runs |
//! | `config` | `config` | checks, shows and documents the settings |
//! | `completions`, `openapi`, `version` | the files of that name | what they say |
//! | | `wire/` | a client of its own for `probe` and `doctor` |
//! | | `span`, `given` | durations in words; the settings that are given outside of the command line |
//! | | `print`, `paint` | standard output; colours where somebody sees them |
//! | | `exit`, `error` | how a command ends |

pub mod backup;
pub mod completions;
mod config;
pub mod doctor;
mod error;
mod exit;
mod given;
pub mod openapi;
mod paint;
mod print;
pub mod probe;
mod span;
pub mod token;
pub mod version;
mod wire;

pub use config::ConfigArgs;
pub use error::CliError;
pub use exit::Exit;
