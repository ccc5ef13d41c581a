//! The tables of features, limits and traps name tests, and the documentation shows how little a newcomer
//! writes. Tests are renamed and examples grow: here both are held against the sources.
//!
//! | file | what it is |
//! |---|---|
//! | `sources` | all tests there are, by file, name and title |
//! | `tables` | every test that a table names exists |
//! | `newcomer` | the first examples are short |
//! | `path` | the path of a message is as README.md says |

mod newcomer;
mod path;
mod sources;
mod tables;
