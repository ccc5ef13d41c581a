//! What is counted, for Prometheus.
//!
//! How many there are of something now is read from its table when somebody asks, never counted up and down; what has
//! happened is counted where it happens. Label values come from our own tables, so there is a bounded number of them.
//!
//! | file | what it is |
//! |---|---|
//! | `meters` | [`Meters`]: counters and histograms of the chat, of requests, of limits |
//! | `labels`, `buckets` | what distinguishes the numbers of one metric; the buckets of the histograms |
//! | `store` | [`MeteredStore`]: a store that is timed |
//! | `scrape` | one answer to `/metrics`: all of it as text |
//! | `snapshot` | what tables, the engine and the runtime say at that moment |
//! | `process` | what the system knows of this process |

mod buckets;
mod labels;
mod meters;
mod process;
mod scrape;
mod snapshot;
mod store;

pub(crate) use labels::HttpRequest;
pub(crate) use meters::Meters;
pub(crate) use scrape::{CONTENT_TYPE, Scrape};
pub(crate) use store::MeteredStore;
