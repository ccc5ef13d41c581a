//! What is in the files that settings name: a renewed one has the name of the old one.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use crate::config::Config;

/// Of each setting, what its files hold, as a number that is another one when they hold something else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Contents(BTreeMap<&'static str, (Vec<PathBuf>, u64)>);

impl Contents {
    /// What they hold now. A file that cannot be read is told of by who needs it.
    pub(super) fn of(config: &Config) -> Self {
        let mut files = vec![("auth.jwt_public_keys", config.keys.public_keys.clone())];
        files.extend(
            config
                .keys
                .set
                .iter()
                .map(|path| ("auth.jwks", vec![path.clone()])),
        );
        if let Some(tls) = &config.tls {
            files.push(("tls.cert", vec![tls.certificate.clone()]));
            files.push(("tls.key", vec![tls.key.clone()]));
        }
        let files = files.into_iter().map(|(key, paths)| {
            let mut hasher = DefaultHasher::new();
            for path in &paths {
                fs::read(path).ok().hash(&mut hasher);
            }
            (key, (paths, hasher.finish()))
        });
        Self(files.collect())
    }

    /// The settings that name the same files as before, which hold something else.
    pub(super) fn renewed(&self, before: &Self) -> Vec<&'static str> {
        let renewed = self.0.iter().filter(|(key, (paths, holds))| {
            let before = before.0.get(*key);
            before.is_some_and(|(were, held)| were == paths && held != holds)
        });
        renewed.map(|(key, _)| *key).collect()
    }
}
