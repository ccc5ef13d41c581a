//! The settings of the server. Defaults lie under the environment, which lies under the flags.
//!
//! | file | what it is |
//! |---|---|
//! | `listen` | [`Listen`]: an address and the profile of those who come by it |
//! | `profile` | the table of profiles: service name, port and policy |
//! | `settings` | one layer of settings, with holes; layers lie over each other |
//! | `environment`, `variables` | the layer from the environment, and its table |
//! | `args` | the layer from the command line |
//! | `resolved` | [`Config`]: all holes filled and checked |
//! | `limits` | [`Limits`]: what one address, and one request, may take |
//! | `secret`, `error` | a text that never prints itself; what can be wrong |

mod args;
mod environment;
mod error;
mod limits;
mod listen;
mod profile;
mod resolved;
mod secret;
mod settings;
mod variables;

pub use args::{Args, Command, ServeArgs};
pub use error::ConfigError;
pub use limits::{Limits, PerAddress};
pub use listen::{Listen, ListenError};
pub use profile::{PROFILES, Profile};
pub use resolved::{Address, Config, TlsFiles};
pub use secret::Secret;
pub use settings::{Auth, LogFormat, Settings};
pub use variables::{VARIABLES, Variable};
