//! The commented file: every setting with its default, as a file to begin with.

use std::fmt::Write;

use super::{Otherwise, Setting, Value, table};

/// Lines of help are not longer.
const WIDTH: usize = 110;

/// Every setting, each in a comment: a file that changes nothing until a line is taken out of it.
#[must_use]
pub fn example() -> String {
    let mut text = "# The settings of Roomcast, with their defaults. Take away the `#` in front of a line to change it, and look with\n\
                    # `roomcast config check --config FILE`. Flags go before variables, variables before this file.\n\
                    # A running server reads it again when it gets a SIGHUP.\n"
        .to_owned();
    for section in table::SECTIONS {
        text.push('\n');
        comment(&mut text, section.about);
        if !section.name.is_empty() {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "[{}]", section.name);
        }
        for setting in section.settings {
            text.push('\n');
            describe(&mut text, setting);
        }
    }
    text
}

fn describe(text: &mut String, setting: &Setting) {
    comment(text, setting.help);
    let (note, value) = match setting.default {
        Otherwise::Value(_) => (None, setting.default_value()),
        Otherwise::Words(words) => (Some(words), setting.kind.read(setting.example).ok()),
    };
    if let Some(words) = note {
        comment(text, &format!("Default: {words}."));
    }
    if setting.is_secret() {
        let _ = writeln!(text, "#{0}_file = \"/run/secrets/{0}\"", setting.name());
    } else if let Some(value) = value.as_ref().map(Value::toml) {
        let _ = writeln!(text, "#{} = {value}", setting.name());
    }
}

fn comment(text: &mut String, help: &str) {
    let mut line = "#".to_owned();
    for word in help.split(' ') {
        if line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(text, "{line}");
            line.truncate(1);
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Settings, file};
    use super::*;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let secret = |_: &Path| Ok("secret".to_owned());
        let (settings, errors) = file::read(Path::new("example"), text, &secret);
        (settings, errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_example_changes_nothing() {
        assert_eq!(read(&example()), (Settings::default(), Vec::new()));
    }

    #[test]
    fn without_its_comments_it_sets_everything_and_the_defaults_to_what_they_are() {
        let lines = example();
        let lines = lines.lines().map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
            _ => line,
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let (settings, errors) = read(&text);
        assert_eq!(errors, [] as [String; 0], "{text}");
        for setting in table::settings() {
            let given = settings.given(setting).expect(setting.key);
            if let Some(default) = setting.default_value() {
                assert_eq!(given.value, default, "{}", setting.key);
            }
        }
    }
}
