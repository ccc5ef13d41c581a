//! The first examples are short. That they compile is the documentation's own test.

use crate::sources::root;
use std::fs;

/// What they are about, as the documentation introduces them.
const EXAMPLES: [&str; 5] = [
    "A namespace with auth",
    "An ack with a timeout",
    "Binary",
    "The answers of everyone in a room",
    "A dynamic namespace",
];

/// More is not a first example.
const LINES: usize = 15;

#[test]
fn the_first_five_examples_are_shorter_than_fifteen_lines() {
    let features = fs::read_to_string(root().join("socketio/src/features.md")).expect("a document");
    let (first, _) = features.split_once("# Row by row").expect("the examples");
    for example in EXAMPLES {
        let start = format!("\n{example}");
        let (_, rest) = first
            .split_once(&start)
            .unwrap_or_else(|| panic!("{example}"));
        let code = rest
            .split("```")
            .nth(1)
            .unwrap_or_else(|| panic!("{example}"));
        // Hidden lines are there for the compiler.
        let lines = code.lines().skip(1).filter(|line| !line.starts_with("# "));
        let lines = lines.filter(|line| !line.trim().is_empty()).count();
        println!("{example}: {lines} lines");
        assert!((3..LINES).contains(&lines), "{example}: {lines} lines");
    }
}

#[test]
fn the_chat_has_forty_lines_at_the_most() {
    let path = root().join("socketio/examples/chat_in_40_lines.rs");
    let program = fs::read_to_string(path).expect("an example");
    let lines = program.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    assert!(lines.count() <= 40);
}
