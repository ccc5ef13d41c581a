//! What went wrong on the way: nothing, usually.

use std::collections::HashSet;

/// Messages that did not come one by one in their order.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// Who has not got which.
    missing: HashSet<(usize, u32)>,
    duplicated: u64,
    reordered: u64,
    damaged: u64,
}

impl Check {
    /// One is left out: lost, unless it comes later.
    pub(super) fn skip(&mut self, who: usize, number: u32) {
        self.missing.insert((who, number));
    }

    /// One comes after a later one: out of order the first time, a duplicate the second.
    pub(super) fn late(&mut self, who: usize, number: u32) {
        match self.missing.remove(&(who, number)) {
            true => self.reordered += 1,
            false => self.duplicated += 1,
        }
    }

    /// One that nobody has sent so.
    pub(super) fn damage(&mut self) {
        self.damaged += 1;
    }

    /// Left out for good, as far as is known.
    pub(super) fn lost(&self) -> u64 {
        self.missing.len() as u64
    }

    pub(super) fn duplicated(&self) -> u64 {
        self.duplicated
    }

    pub(super) fn reordered(&self) -> u64 {
        self.reordered
    }

    pub(super) fn damaged(&self) -> u64 {
        self.damaged
    }
}
