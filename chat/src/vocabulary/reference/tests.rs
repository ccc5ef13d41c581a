//! The words are about what the code does, and the page in the repository is what they make.

use std::fs;
use std::path::Path;

use super::super::VOCABULARIES;
use super::*;

/// The sources of the vocabularies, in the order of the table.
const SOURCES: [&str; 5] = [
    include_str!("../chatty.rs"),
    include_str!("../messenger.rs"),
    include_str!("../shows.rs"),
    include_str!("../chats.rs"),
    include_str!("../platform.rs"),
];

/// The texts in quotation marks that stand in code.
fn texts(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().filter(|line| !line.trim().starts_with("//"));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2))
}

#[test]
fn every_event_that_is_heard_is_in_the_code_of_its_vocabulary() {
    for (vocabulary, source) in VOCABULARIES.iter().zip(SOURCES) {
        for hear in vocabulary.reference().hears {
            let event = hear.event;
            let is_said = texts(source).any(|text| text == event);
            assert!(is_said, "{}: nothing says {event}", vocabulary.name());
        }
    }
}

#[test]
fn every_event_that_the_code_emits_is_described() {
    const CALLS: [&str; 5] = [
        ".event(\"",
        ".aside(\"",
        "Outgoing::new(\"",
        "crossed(\"",
        "names(\"",
    ];
    let mut found = 0;
    for (vocabulary, source) in VOCABULARIES.iter().zip(SOURCES) {
        let source = source.replace("(\n", "(").replace("( ", "(");
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let source = source.replace("( \"", "(\"");
        for call in CALLS {
            for rest in source.split(call).skip(1) {
                let event = rest.split('"').next().expect("a name");
                let hears = vocabulary.reference().hears;
                let is_known = hears.iter().any(|hear| hear.event == event);
                assert!(is_known, "{}: {event}", vocabulary.name());
                found += 1;
            }
        }
    }
    assert!(found >= 20, "{found}");
}

#[test]
fn every_event_that_is_asked_is_known_to_the_table_and_described() {
    for vocabulary in VOCABULARIES {
        for ask in vocabulary.events() {
            let id = super::super::of_event(ask.event).expect("an owner");
            let owner = super::super::by_id(id).expect("a vocabulary");
            assert_eq!(owner.name(), vocabulary.name());
            assert!(ask.does.ends_with('.') && !ask.takes.is_empty());
        }
    }
}

/// `ROOMCAST_WRITE=1 cargo test -p chat the_page` writes it.
#[test]
fn the_page_in_the_repository_is_what_the_table_makes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/events.md");
    let made = reference();
    if std::env::var_os("ROOMCAST_WRITE").is_some() {
        fs::write(&file, &made).expect("a file that can be written");
    }
    let kept = fs::read_to_string(&file).expect("the page");
    assert!(
        kept == made,
        "docs/events.md is not what the table makes of it: run this test with ROOMCAST_WRITE=1"
    );
}
