//! The settings of the server, as a command beside `serve` wants to know them.

use std::fs;
use std::path::Path;

use super::CliError;
use crate::config::{
    Config, ConfigErrors, Secret, ServeArgs, Settings, Source, Sources, Value, table,
};

/// What is said over the settings of the server.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(Settings);

impl Given {
    /// Nothing but what makes them fit for a program that does not listen.
    pub(super) fn new() -> Self {
        Self::default().with("server.allow_open", Value::Flag(true))
    }

    /// Keys are of no concern, so any will do.
    #[must_use]
    pub(super) fn any_key(self) -> Self {
        self.with("auth.jwt_secret", Value::Secret(Secret::new("any")))
    }

    /// Who may speak is of no concern, so keys may be missing.
    #[must_use]
    pub(super) fn without_keys(self) -> Self {
        self.with("auth.policy", Value::Text("open".to_owned()))
    }

    /// The secret of a file, if there is one, goes before that of the settings.
    pub(super) fn secret_file(self, file: Option<&Path>) -> Result<Self, CliError> {
        let Some(path) = file else { return Ok(self) };
        let text = fs::read_to_string(path).map_err(CliError::file(path))?;
        // Editors and `echo` end a file with a line break that is no part of the secret.
        let secret = Secret::new(text.trim_end_matches(['\r', '\n']));
        Ok(self.with("auth.jwt_secret", Value::Secret(secret)))
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        let setting = table::find(key).expect("it is in the table");
        self.0.set(setting, value, Source::Flag(key.to_owned()));
        self
    }

    /// Reads the file of settings, that of `--config` or of the environment, and the variables.
    pub(super) fn read(self, file: Option<&Path>) -> Result<Config, ConfigErrors> {
        let sources = Sources::from(ServeArgs {
            file: file.map(Path::to_owned),
            settings: self.0,
        });
        sources.read().map(|(_, config)| config)
    }
}
