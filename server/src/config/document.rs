//! The reference page of the settings.

use std::fmt::Write;

use super::{Otherwise, PROFILES, Setting, Takes, table};

const HEAD: &str = "# Settings

`roomcast config docs` prints this page from the same table that the server reads its settings with. Do not edit it.

Every setting has a key (`limits.head_timeout`), which is its place in a file, and a variable. Some have a flag; `--set KEY=VALUE` sets any other.
What is said in several places counts in this order:

1. flags
2. variables of the environment
3. the file that `--config FILE` or `ROOMCAST_CONFIG` names, in [TOML](https://toml.io)
4. the defaults below

A key or a `ROOMCAST_` variable that does not exist is an error, and the error names the nearest one that does. Times are words such as `25s`,
`1m 30s` or `500ms`, and a bare number counts seconds; sizes are words such as `64KiB` or `1MB`, and a bare number counts bytes. A list is an array in
a file, and has commas between its parts in a variable. A secret may be in a file of its own, which `KEY_file` or `VARIABLE_FILE` names.

## Commands

| command | what it does | exit status |
|---|---|---|
| `roomcast config check` | reads all settings as `serve` would, also the files that they name; prints `ok`, or every mistake with its file, line and key | 0 `ok`, 1 a mistake, 2 wrong usage |
| `roomcast config show` | prints what holds and who says so: `default`, `file`, `env` or `flag`; secrets only as `(set)`. `--json` for programs | the same |
| `roomcast config default` | prints a file with every setting, commented, as [`deploy/roomcast.toml`](../deploy/roomcast.toml) is | 0 |
| `roomcast config docs` | prints this page | 0 |

`check` and `show` take the flags of `serve`.

## A running server

On SIGHUP the server reads everything again. It takes what has a yes under *live*, and logs what changed and what waits for a restart. If anything
is wrong it keeps all the settings it had, and logs why.

";

/// The page, in Markdown.
#[must_use]
pub fn document() -> String {
    let mut text = HEAD.to_owned();
    for section in table::SECTIONS {
        let title = match section.name {
            "" => "listen".to_owned(),
            name => format!("[{name}]"),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "## `{title}`\n\n{}\n", section.about);
        text.push_str(
            "| setting | variable, flag | takes | default | live |\n|---|---|---|---|---|\n",
        );
        for setting in section.settings {
            row(&mut text, setting);
        }
        text.push('\n');
        for setting in section.settings {
            let _ = writeln!(text, "- **`{}`**: {}", setting.key, setting.help);
        }
        text.push('\n');
    }
    profiles(&mut text);
    text
}

fn row(text: &mut String, setting: &Setting) {
    let names = setting.variables();
    let mut names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    if setting.is_secret() {
        let files = setting.variables();
        names.extend(files.iter().map(|name| format!("`{name}_FILE`")));
    }
    names.extend(setting.flag.map(|flag| match flag.takes {
        Takes::One(value) => format!("`--{} {value}`", flag.name),
        Takes::Many(value) => format!("`--{} {value}`, repeatable", flag.name),
        Takes::Nothing(_) => format!("`--{}`", flag.name),
    }));
    let default = match setting.default {
        Otherwise::Value(value) => format!("`{value}`"),
        Otherwise::Words(words) => words.to_owned(),
    };
    let live = if setting.reloads { "yes" } else { "restart" };
    let (key, names, kind) = (setting.key, names.join(", "), setting.kind);
    let _ = writeln!(text, "| `{key}` | {names} | {kind} | {default} | {live} |");
}

fn profiles(text: &mut String) {
    text.push_str("## Profiles\n\nWhat a profile brings, unless a setting says otherwise.\n\n| profile | port | `auth.policy` | calls itself |\n|---|---|---|---|\n");
    for profile in PROFILES {
        let policy = match profile.auth {
            super::Auth::Open => "open",
            super::Auth::Required if profile.has_sessions => "required; session tokens suffice",
            super::Auth::Required => "required",
        };
        let (name, port, calls) = (profile.name, profile.port, profile.service_name);
        let _ = writeln!(text, "| `{name}` | {port} | {policy} | {calls} |");
    }
}
