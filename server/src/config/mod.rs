//! The settings of the server: defaults under a file, under the environment, under the flags.
//!
//! | file | what it is |
//! |---|---|
//! | `table` | every setting, once: key, type, default, help, variables, flag; everything else is made from it |
//! | `setting`, `kind`, `value` | one setting; what it takes; what it was given |
//! | `settings` | one layer of settings, with holes; layers lie over each other |
//! | `file`, `environment`, `args` | the layers: TOML, variables, the command line |
//! | `sources` | [`Sources`]: reads all layers, as often as asked |
//! | `resolved`, `parts` | [`Config`]: all holes filled and checked; the settings of the crates below |
//! | `document`, `example` | the reference page and the commented file |
//! | `listen` | [`Listen`]: an address and the profile of those who come by it |
//! | `profile` | the table of profiles: service name, port and policy |
//! | `choices` | settings that are one of a few words |
//! | `limits`, `keys` | [`Limits`]: what one address, and one request, may take; [`Keys`]: what tokens are verified with |
//! | `filter`, `origin` | what is logged; an origin as browsers send it |
//! | `secret`, `error` | a text that never prints itself; what can be wrong |

mod args;
mod choices;
mod document;
mod environment;
mod error;
mod example;
mod file;
mod filter;
mod keys;
mod kind;
mod limits;
mod listen;
pub(crate) mod origin;
mod parts;
mod profile;
mod resolved;
mod secret;
mod setting;
mod settings;
mod sources;
pub mod table;
mod value;

pub use args::{Args, Command, ServeArgs};
pub use choices::{Auth, LogFormat};
pub use document::document;
pub use error::{ConfigError, ConfigErrors, Place};
pub use example::example;
pub(crate) use filter::OURS;
pub use keys::{Keys, KeysError};
pub use kind::{Kind, Refused};
pub use limits::{Limits, PerAddress};
pub use listen::{Listen, ListenError};
pub use profile::{PROFILES, Profile};
pub use resolved::{Address, Config, TlsFiles};
pub use secret::Secret;
pub use setting::{Flag, Otherwise, Setting, Takes};
pub use settings::{Given, Settings, Source};
pub use sources::Sources;
pub use value::Value;
