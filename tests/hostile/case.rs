//! One row of a table, ready to run.

use crate::joined::Watcher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tests::Server;

/// The largest payload: larger than any sane row, small enough to pass with little work.
pub(crate) const LIMIT: usize = 100_000;

type Run = Box<dyn Fn(&Server, &mut Watcher<'_>) + Send + Sync>;

/// A hostile act and its expected answer.
pub(crate) struct Case {
    name: String,
    run: Run,
}

impl Case {
    pub(crate) fn new(
        table: &str,
        name: &str,
        run: impl Fn(&Server, &mut Watcher<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: format!("{table}: {name}"),
            run: Box::new(run),
        }
    }

    /// Runs it; the error is what was not as expected.
    pub(crate) fn run(&self, server: &Server, watcher: &mut Watcher<'_>) -> Result<(), String> {
        let run = AssertUnwindSafe(|| (self.run)(server, watcher));
        catch_unwind(run).map_err(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("{}: {}", self.name, text.unwrap_or("panicked"))
        })
    }
}

/// Bytes of a row, some too many to write out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bytes {
    /// As they are.
    Plain(&'static [u8]),
    /// A head, a part as many times as said, and a tail.
    Long(&'static str, &'static str, usize, &'static str),
}

impl Bytes {
    pub(crate) fn to_vec(self) -> Vec<u8> {
        match self {
            Self::Plain(bytes) => bytes.to_vec(),
            Self::Long(head, part, count, tail) => {
                format!("{head}{}{tail}", part.repeat(count)).into_bytes()
            }
        }
    }
}

/// Text of a row.
pub(crate) const fn text(text: &'static str) -> Bytes {
    Bytes::Plain(text.as_bytes())
}
