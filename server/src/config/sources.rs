//! All layers, read as often as asked: at the start, and when a running server is told to look again.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::environment::{self, CONFIG};
use super::{Config, ConfigError, ConfigErrors, Place, ServeArgs, Settings, file};

/// Where the settings of this process come from.
#[derive(Clone, Debug)]
pub struct Sources {
    flags: Settings,
    file: Option<(PathBuf, Place)>,
}

impl From<ServeArgs> for Sources {
    fn from(args: ServeArgs) -> Self {
        let named = args
            .file
            .map(|path| (path, Place::Flag("config".to_owned())));
        let variable = || {
            let path = env::var_os(CONFIG).filter(|path| !path.is_empty())?;
            Some((PathBuf::from(path), Place::Variable(CONFIG.to_owned())))
        };
        Self {
            flags: args.settings,
            file: named.or_else(variable),
        }
    }
}

impl Sources {
    /// Reads every layer, and what is wrong with any.
    #[must_use]
    pub fn layers(&self) -> (Settings, Vec<ConfigError>) {
        let read = |path: &Path| fs::read_to_string(path);
        let variables = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let (environment, mut errors) = environment::read(variables, &read);
        let mut below = Settings::default();
        if let Some((path, place)) = &self.file {
            match fs::read_to_string(path) {
                Ok(text) => {
                    let (settings, wrong) = file::read(path, &text, &read);
                    below = settings;
                    errors.splice(0..0, wrong);
                }
                Err(error) => errors.push(ConfigError::File {
                    place: place.clone(),
                    path: path.clone(),
                    cause: error.to_string(),
                }),
            }
        }
        (self.flags.clone().over(environment).over(below), errors)
    }

    /// Reads and checks everything.
    ///
    /// # Errors
    /// With everything that is wrong.
    pub fn read(&self) -> Result<(Settings, Config), ConfigErrors> {
        let (settings, mut errors) = self.layers();
        match Config::resolve(&settings) {
            Ok(config) if errors.is_empty() => return Ok((settings, config)),
            Ok(_) => {}
            // What follows from a mistake is no mistake of its own.
            Err(_) if !errors.is_empty() => {}
            Err(wrong) => errors.extend(wrong.0),
        }
        Err(ConfigErrors(errors))
    }
}
