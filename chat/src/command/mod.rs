//! What goes in and what comes out: commands, replies, notices. No wire names here.
//!
//! * `speaker` who gives a command, and in which vocabulary somebody hears.
//! * `action` what goes in.
//! * `reply` what comes back to who asked.
//! * `notice` what others hear about.

mod action;
mod notice;
mod reply;
mod speaker;

pub use action::{
    Action, Collect, Connect, Edit, Entitlement, Join, Leave, Membership, NewRoom, NewSession,
    NewUser, Place, Post, PostTo, Read, Type,
};
pub use notice::{Crossing, Notice, Person, Present, Receipt, Status, Typing, Words};
pub use reply::{Joined, Opened, Posted, Reply};
pub use speaker::{Command, Speaker, VocabularyId, VocabularySet};
