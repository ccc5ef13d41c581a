//! The rules and promises of the committer, as sentences.

mod membership;
mod order;
mod posting;
mod presence;
mod trouble;
