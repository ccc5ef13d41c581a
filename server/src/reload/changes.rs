//! What is different in settings that were read again.

use crate::config::{Otherwise, Setting, Settings, table};

/// Settings that are different now.
#[derive(Debug)]
pub(super) struct Changes {
    taken: Vec<Change>,
    waiting: Vec<Change>,
    renewed: Vec<&'static str>,
}

#[derive(Debug)]
struct Change {
    setting: &'static Setting,
    text: String,
}

impl Changes {
    /// `same_tls` says that both have TLS, or neither: a listener cannot go from one to the other.
    pub(super) fn between(old: &Settings, new: &Settings, same_tls: bool) -> Self {
        let different = |setting: &&Setting| old.effective(setting) != new.effective(setting);
        let changes = table::settings().filter(different).map(|setting| Change {
            setting,
            text: if setting.is_secret() {
                format!("{}: another one", setting.key)
            } else {
                let (old, new) = (shown(setting, old), shown(setting, new));
                format!("{}: {old} -> {new}", setting.key)
            },
        });
        let is_taken = |change: &Change| {
            change.setting.reloads && (same_tls || change.setting.section() != "tls")
        };
        let (taken, waiting) = changes.partition(is_taken);
        Self {
            taken,
            waiting,
            renewed: Vec::new(),
        }
    }

    /// And these settings name files that hold something else.
    pub(super) fn and(self, renewed: Vec<&'static str>) -> Self {
        Self { renewed, ..self }
    }

    /// One line for what is taken and one for what is not.
    pub(super) fn log(&self) {
        if !self.waiting.is_empty() {
            let waiting = self.waiting.iter().map(|change| change.text.as_str());
            let waiting = waiting.collect::<Vec<_>>().join("; ");
            tracing::warn!(%waiting, "these settings wait for a restart");
        }
        let changed = self.changed();
        tracing::info!(%changed, "settings, keys and certificates read again");
    }

    /// What was taken, in words.
    fn changed(&self) -> String {
        let taken = self.taken.iter().map(|change| change.text.clone());
        let renewed = self.renewed.iter();
        let renewed = renewed.map(|key| format!("{key}: the file holds another one"));
        let all: Vec<_> = taken.chain(renewed).collect();
        match all.as_slice() {
            [] => "nothing".to_owned(),
            some => some.join("; "),
        }
    }

    /// What runs from here on: what waits is as it was, and is told again next time.
    pub(super) fn take(&self, running: &mut Settings, new: &Settings) {
        for change in &self.taken {
            running.copy(change.setting, new);
        }
    }
}

fn shown(setting: &Setting, settings: &Settings) -> String {
    match (settings.effective(setting), setting.default) {
        (Some(value), _) => value.to_string(),
        (None, Otherwise::Words(words) | Otherwise::Value(words)) => format!("({words})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        let all = pairs.iter();
        all.fold(Settings::default(), |settings, (key, text)| {
            settings.with(key, text)
        })
    }

    fn texts(changes: &[Change]) -> Vec<&str> {
        changes.iter().map(|change| change.text.as_str()).collect()
    }

    #[test]
    fn what_can_be_taken_is_told_from_what_waits() {
        let old = settings(&[("auth.jwt_secret", "a"), ("cors.origins", "https://a")]);
        let new = settings(&[
            ("auth.jwt_secret", "b"),
            ("limits.messages", "5"),
            ("server.port", "9000"),
            ("limits.head_timeout", "20s"),
        ]);
        let changes = Changes::between(&old, &new, true);
        let taken = [
            "auth.jwt_secret: another one",
            "cors.origins: https://a -> (every origin)",
            "limits.messages: 20 -> 5",
        ];
        assert_eq!(texts(&changes.taken), taken);
        let waiting = ["server.port: (that of the profile; without one 8000) -> 9000"];
        assert_eq!(texts(&changes.waiting), waiting);
        let mut running = old;
        changes.take(&mut running, &new);
        let again = Changes::between(&running, &new, true);
        assert_eq!(texts(&again.taken), [] as [&str; 0]);
        assert_eq!(texts(&again.waiting), waiting, "until the restart");
    }

    #[test]
    fn a_certificate_can_change_and_tls_cannot_begin() {
        let old = settings(&[("tls.cert", "a.pem")]);
        let new = settings(&[("tls.cert", "b.pem")]);
        assert_eq!(Changes::between(&old, &new, true).taken.len(), 1);
        let none = Settings::default();
        assert_eq!(Changes::between(&none, &new, false).waiting.len(), 1);
    }
}
