//! `docs/errors.md` against the sources: every error has its heading there, and every heading its error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::sources::root;

type Words = BTreeSet<String>;

/// The headings of each section.
fn headings() -> BTreeMap<String, Words> {
    let page = source("docs/errors.md");
    let mut sections = BTreeMap::<String, Words>::new();
    let mut section = String::new();
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            name.clone_into(&mut section);
        } else if let Some(heading) = line.strip_prefix("### ") {
            let headings = sections.entry(section.clone()).or_default();
            assert!(
                headings.insert(heading.to_owned()),
                "{heading} is there twice"
            );
        }
    }
    sections
}

fn assert_same(section: &str, found: &Words, at_least: usize) {
    assert!(found.len() >= at_least, "{section}: only {found:?}");
    let headings = headings().remove(section).expect("a section");
    let missing: Vec<_> = found.difference(&headings).collect();
    assert!(missing.is_empty(), "{section} does not explain {missing:?}");
    let idle: Vec<_> = headings.difference(found).collect();
    assert!(idle.is_empty(), "{section}: nothing says {idle:?}");
}

/// A file without its tests and comments.
fn source(path: &str) -> String {
    let text = fs::read_to_string(root().join(path)).expect("a source");
    code(&text)
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// All sources of a crate that are no tests.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        if path.is_dir() && name != "tests" {
            sources(&path, into);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            into.push_str(&code(&fs::read_to_string(&path).expect("a source")));
        }
    }
}

fn of_crates(names: &[&str]) -> String {
    let mut all = String::new();
    for name in names {
        sources(&root().join(name).join("src"), &mut all);
    }
    all
}

/// The texts among the arguments of a call, without those that a field has: `text` begins behind its parenthesis.
fn texts(text: &str) -> Vec<String> {
    let (mut depth, mut found) = (1, Vec::new());
    let mut rest = text;
    let mut is_value = false;
    while let Some(letter) = rest.chars().next() {
        rest = rest.split_at(letter.len_utf8()).1;
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '"' => {
                let (inside, behind) = rest.split_once('"').expect("the end of a text");
                if depth == 1 && !is_value {
                    found.push(inside.to_owned());
                }
                rest = behind;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if !letter.is_whitespace() {
            is_value = letter == '=';
        }
    }
    found
}

/// The last text of every call that begins in this way.
fn said_by(calls: &[&str], all: &str) -> Words {
    let behind = calls.iter().flat_map(|call| all.split(call).skip(1));
    behind.filter_map(|rest| texts(rest).pop()).collect()
}

/// Every text between two places of a file.
fn between(path: &str, from: &str, to: &str) -> Words {
    let text = source(path);
    let (_, rest) = text.split_once(from).expect("the beginning");
    let (part, _) = rest.split_once(to).expect("the end");
    part.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn what_is_said_at_the_start_names_every_heading_of_its_section() {
    let mut named = between("server/src/advice.rs", "fn advice", "\n}\n");
    for function in ["fn of_settings", "fn of_store"] {
        named.append(&mut between("server/src/advice.rs", function, "\n}\n"));
    }
    assert_same("At the start", &named, 18);
}

#[test]
fn every_code_of_the_chat_is_explained() {
    let mut codes = between("chat/src/failure.rs", "fn as_str", "\n    }\n");
    let problem = source("server/src/rest/problem.rs").replace("Self::new(", "Problem::new(");
    let all = of_crates(&["server"]) + &problem;
    for rest in all.split("Problem::new(").skip(1) {
        let texts = texts(rest);
        // A code of the chat is named there, and no text; what else there is for people has spaces.
        codes.extend(texts.into_iter().filter(|text| !text.contains(' ')));
    }
    assert_same("Answers of the chat", &codes, 13);
}

#[test]
fn every_refusal_of_the_engine_is_explained() {
    let mut texts = Words::new();
    for path in ["http_error.rs", "admission.rs"] {
        let text = source(&format!("engineio/src/server/{path}"));
        texts.append(&mut said_by(&["#[error("], &text));
    }
    texts.retain(|text| !text.contains('{'));
    let denied = source("engineio/src/server/hooks.rs");
    texts.extend(said_by(&["Self::new("], &denied));
    assert_same("Answers of Engine.IO", &texts, 8);
}

#[test]
fn every_refusal_of_the_socket_server_is_explained() {
    let all = of_crates(&["socketio"]);
    let texts = said_by(&["ConnectError::limit(", "ConnectError::of_server("], &all);
    assert_same("Answers of Socket.IO", &texts, 4);
}

#[test]
fn every_end_of_a_session_is_explained() {
    let reasons = between("engineio/src/close.rs", "fn as_str", "\n    }\n");
    assert_same("Ends of a session", &reasons, 7);
}

#[test]
fn every_warning_and_error_of_the_log_is_explained() {
    let all = of_crates(&["engineio", "socketio", "chat", "server"]);
    let macros = ["tracing::warn!(", "tracing::error!("];
    assert_same("In the log", &said_by(&macros, &all), 25);
    // No other way to say it.
    assert!(!all.contains("use tracing::{"), "a macro without its path");
}
