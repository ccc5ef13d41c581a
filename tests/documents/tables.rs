//! Every test that a table names exists.

use crate::sources::{Sources, root};
use std::fs;

/// The documents with such tables, and at least how many tests each names.
const DOCUMENTS: [(&str, usize); 5] = [
    ("docs/traps.md", 80),
    ("engineio/src/features.md", 60),
    ("engineio/src/limits.md", 25),
    ("socketio/src/features.md", 60),
    ("socketio/src/limits.md", 15),
];

/// The columns that name tests.
const COLUMNS: [&str; 4] = ["test", "tests", "with stock clients", "and"];

/// Something in a table that is the name of a test.
#[derive(Debug, PartialEq, Eq)]
enum Mention {
    /// In backticks: a function, or a file.
    Name(String),
    /// In quotation marks: a title, or the name of a row.
    Title(String),
}

/// What the columns of tests mention.
fn mentions(document: &str) -> Vec<Mention> {
    let mut columns = Vec::new();
    let mut found = Vec::new();
    for line in document.lines() {
        let Some(row) = line.strip_prefix('|').and_then(|row| row.strip_suffix('|')) else {
            columns.clear();
            continue;
        };
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        if columns.is_empty() {
            columns = cells.iter().map(|cell| COLUMNS.contains(cell)).collect();
            continue;
        }
        let chosen = cells.iter().zip(&columns).filter(|(_, chosen)| **chosen);
        chosen.for_each(|(cell, _)| read_cell(cell, &mut found));
    }
    found
}

fn read_cell(cell: &str, into: &mut Vec<Mention>) {
    let mut rest = cell;
    while let Some(start) = rest.find(['`', '"']) {
        let (quote, behind) = rest.split_at(start).1.split_at(1);
        let Some((inside, after)) = behind.split_once(quote) else {
            return;
        };
        into.push(match quote {
            "`" => Mention::Name(inside.to_owned()),
            _ => Mention::Title(inside.to_owned()),
        });
        rest = after;
    }
}

#[test]
fn every_test_that_a_table_names_exists() {
    let sources = Sources::read();
    let mut missing = Vec::new();
    for (path, least) in DOCUMENTS {
        let document = fs::read_to_string(root().join(path)).expect("a document");
        let found = mentions(&document);
        println!("{path}: {} mentions", found.len());
        assert!(found.len() >= least, "{path} names only {}", found.len());
        let unknown = found.into_iter().filter(|mention| match mention {
            Mention::Name(name) => !sources.has_name(name),
            Mention::Title(title) => !sources.has_title(title),
        });
        missing.extend(unknown.map(|mention| (path, mention)));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn all_35_traps_are_decided_and_have_a_test() {
    let document = fs::read_to_string(root().join("docs/traps.md")).expect("a document");
    let mut traps = Vec::new();
    for row in document.lines() {
        let numbers = row
            .strip_prefix("| ")
            .and_then(|row| row.split(" |").next());
        let numbers = numbers.unwrap_or_default().replace('–', ", ");
        let numbers: Vec<u8> = numbers.split(", ").flat_map(str::parse).collect();
        let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
            continue;
        };
        traps.extend(first..=last);
        let head = "| # | trap | here | tests |\n|---|---|---|---|";
        let decision = row.split('|').nth(3).unwrap_or_default().trim();
        assert!(!decision.is_empty(), "{row}");
        assert!(!mentions(&format!("{head}\n{row}")).is_empty(), "{row}");
    }
    assert_eq!(traps, (1..=35).collect::<Vec<_>>());
}

#[test]
fn what_does_not_exist_is_noticed() {
    let sources = Sources::read();
    assert!(sources.has_name("a_body_of_exactly_the_limit_is_taken"));
    assert!(sources.has_name("fire.test.js") && sources.has_name("test_one_transport_only"));
    assert!(!sources.has_name("a_body_of_exactly_the_limit"));
    // A function that is no test.
    assert!(!sources.has_name("listen"));
    assert!(sources.has_title("no cache keeps a poll") && sources.has_title("eleven attachments"));
    assert!(!sources.has_title("no cache keeps") && !sources.has_title("twelve attachments"));
    let table = "| feature | test |\n|---|---|\n| `x` \"y\" | wire `a`, \"b\" |\n\n| x |\n";
    let found = [Mention::Name("a".into()), Mention::Title("b".into())];
    assert_eq!(mentions(table), found);
}
