//! The path of one message: each file that README.md names is there, and has what is called in it.

use crate::sources::root;
use std::fs;

/// The words between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_call_on_the_path_of_a_message_is_in_the_file_beside_it() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a document");
    let (_, path) = readme
        .split_once("## Follow one message")
        .expect("the path of a message");
    let (path, _) = path.split_once("\n## ").expect("more behind it");
    let rows = path.lines().filter(|line| line.starts_with('|')).skip(2);
    let mut calls = 0;
    for row in rows {
        let mut cells = row.split('|').skip(2);
        let file = cells.next().and_then(|cell| quoted(cell).next());
        let file = file.unwrap_or_else(|| panic!("no file in: {row}"));
        let source = fs::read_to_string(root().join(file)).expect(file);
        let named = cells.next().unwrap_or_default().split(", with").next();
        for call in quoted(named.unwrap_or_default()) {
            let name = call.rsplit("::").next().unwrap_or(call);
            let is_there =
                source.contains(&format!("fn {name}")) || source.contains(&format!("{name}("));
            assert!(is_there, "{call} is not in {file}");
            calls += 1;
        }
    }
    println!("{calls} calls");
    assert!(calls >= 20, "only {calls} calls");
}
