//! The rules and promises of the committer, as sentences.

mod alone;
mod attending;
mod caching;
mod collecting;
mod direct;
mod gestures;
mod membership;
mod order;
mod posting;
mod presence;
mod storm;
mod surroundings;
mod trouble;
