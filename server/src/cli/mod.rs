//! The commands beside `serve` and `bench`.

mod config;

pub use config::ConfigArgs;
