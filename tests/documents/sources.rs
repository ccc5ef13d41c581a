//! All tests there are, by file, name and title.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where tests are, from the root of the repository.
const FOLDERS: [&str; 6] = [
    "tests",
    "engineio/src",
    "engineio/tests",
    "socketio/src",
    "socketio/tests",
    "chat/src",
];

/// What the tests are called.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// Files and folders without their endings.
    files: BTreeSet<String>,
    /// Functions with the attribute of a test, and those of Python.
    functions: BTreeSet<String>,
    /// The text of all tests, for titles and the names of rows.
    text: String,
}

impl Sources {
    pub(crate) fn read() -> Self {
        let mut sources = Self::default();
        FOLDERS
            .iter()
            .for_each(|folder| sources.visit(&root().join(folder)));
        sources
    }

    /// A test function, or a file of tests.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or(name);
        self.functions.contains(name) || self.files.contains(stem)
    }

    /// The title of a test, or the name of a row, as a text in quotation marks. What is behind an
    /// ellipsis is made when the tests run.
    pub(crate) fn has_title(&self, title: &str) -> bool {
        let start = title.trim_end_matches('…').replace('"', "\\\"");
        let is_whole = !title.ends_with('…');
        ["\"", "'", "`"].iter().any(|quote| {
            let escaped = match *quote {
                "'" => start.replace('\'', "\\'"),
                _ => start.clone(),
            };
            let end = if is_whole { quote } else { "" };
            self.text.contains(&format!("{quote}{escaped}{end}"))
                || self.text.contains(&format!(": {escaped}{quote}"))
        })
    }

    fn visit(&mut self, folder: &Path) {
        let entries = fs::read_dir(folder).expect("a folder of sources");
        for entry in entries {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(name) = name.filter(|name| !name.starts_with('.')) else {
                continue;
            };
            let stem = name.split('.').next().unwrap_or(name);
            // What is installed is not ours, and this file would find its own words.
            if path.is_dir() && !["node_modules", "documents", "venv"].contains(&name) {
                self.files.insert(stem.to_owned());
                self.visit(&path);
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            if let Some(extension @ ("rs" | "js" | "py")) = extension {
                self.files.insert(stem.to_owned());
                let text = fs::read_to_string(&path).expect("a source");
                self.functions.extend(functions(&text, extension));
                self.text.push_str(&text);
            }
        }
    }
}

fn functions<'a>(text: &'a str, extension: &str) -> impl Iterator<Item = String> + 'a {
    let is_python = extension == "py";
    let mut is_test = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        }
        let line = line.strip_prefix("async ").unwrap_or(line);
        let rest = line.strip_prefix(if is_python { "def test_" } else { "fn " })?;
        let name = rest.split(['(', '<']).next()?;
        if is_python {
            return Some(format!("test_{name}"));
        }
        std::mem::take(&mut is_test).then(|| name.to_owned())
    })
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
