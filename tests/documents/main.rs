//! The tables of features, limits and traps name tests, the documentation shows how little a newcomer
//! writes and explains every error. Tests are renamed, examples grow, errors come: here all of it is held
//! against the sources.
//!
//! | file | what it is |
//! |---|---|
//! | `sources` | all tests there are, by file, name and title |
//! | `tables` | every test that a table names exists |
//! | `newcomer` | the first examples are short |
//! | `errors` | every error has its heading, and every heading its error |
//! | `path` | the path of a message is as README.md says |

mod errors;
mod newcomer;
mod path;
mod sources;
mod tables;
