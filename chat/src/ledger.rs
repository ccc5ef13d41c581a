//! Rows that end by themselves, and whose changes can be taken back while the store has not taken what came with them.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::time::Instant;

use rustc_hash::FxHashMap;

/// Something that may have an end.
pub(crate) trait Due {
    /// When something has to happen about it.
    fn due(&self) -> Option<Instant>;
}

/// The rows.
#[derive(Debug)]
pub(crate) struct Ledger<K, V> {
    rows: FxHashMap<K, V>,
    /// Of every row that has an end: soonest first.
    dues: BTreeSet<(Instant, K)>,
    /// What was there before, oldest change first.
    journal: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Ledger<K, V> {
    fn default() -> Self {
        Self {
            rows: FxHashMap::default(),
            dues: BTreeSet::new(),
            journal: Vec::new(),
        }
    }
}

impl<K: Clone + Eq + Hash + Ord, V: Clone + Due> Ledger<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// All rows, in no order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    /// Writes a row, or removes it.
    pub(crate) fn set(&mut self, key: K, row: Option<V>) {
        let before = self.replace(key.clone(), row);
        self.journal.push((key, before));
    }

    /// The rows whose end has come, soonest first, at most so many.
    pub(crate) fn due(&self, now: Instant, most: usize) -> Vec<K> {
        let due = self.dues.iter().take_while(|(end, _)| *end <= now);
        due.take(most).map(|(_, key)| key.clone()).collect()
    }

    /// When the next row ends.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.dues.first().map(|(end, _)| *end)
    }

    /// What happened up to here stays.
    pub(crate) fn settle(&mut self) {
        self.journal.clear();
    }

    /// Takes back what happened since the last [`settle`](Self::settle).
    pub(crate) fn revert(&mut self) {
        for (key, before) in std::mem::take(&mut self.journal).into_iter().rev() {
            self.replace(key, before);
        }
    }

    fn replace(&mut self, key: K, row: Option<V>) -> Option<V> {
        let due = row.as_ref().and_then(Due::due);
        let before = match row {
            Some(row) => self.rows.insert(key.clone(), row),
            None => self.rows.remove(&key),
        };
        if let Some(end) = before.as_ref().and_then(Due::due) {
            self.dues.remove(&(end, key.clone()));
        }
        if let Some(end) = due {
            self.dues.insert((end, key));
        }
        before
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Row(u64, Option<Instant>);

    impl Due for Row {
        fn due(&self) -> Option<Instant> {
            self.1
        }
    }

    #[test]
    fn rows_end_in_the_order_of_their_ends_and_changes_can_be_taken_back() {
        let start = Instant::now();
        let at = |second| Some(start + Duration::from_secs(second));
        let mut ledger = Ledger::default();
        ledger.set("b", Some(Row(1, at(2))));
        ledger.set("a", Some(Row(2, at(1))));
        ledger.set("never", Some(Row(3, None)));
        ledger.settle();
        assert_eq!(ledger.next_due(), at(1));
        assert_eq!(ledger.due(start + Duration::from_secs(2), 9), ["a", "b"]);
        assert_eq!(ledger.due(start + Duration::from_secs(2), 1), ["a"]);
        ledger.set("a", None);
        ledger.set("b", Some(Row(4, at(5))));
        ledger.set("b", Some(Row(5, None)));
        assert_eq!(ledger.next_due(), None);
        ledger.revert();
        assert_eq!(ledger.get(&"b"), Some(&Row(1, at(2))));
        assert_eq!(ledger.due(start + Duration::from_secs(2), 9), ["a", "b"]);
    }
}
