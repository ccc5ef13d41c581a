//! The chat: sizes, pages, queues, and what joining does.

use std::time::Duration;

use super::super::{Kind, Setting};
use super::Section;

const SOME: Kind = Kind::Number(1, u64::MAX);

pub(super) const CHAT: Section = Section {
    name: "chat",
    about: "The chat itself.",
    settings: &[
        Setting::new(
            "chat.max_text",
            Kind::Size(1),
            "The largest text of a message.",
        )
        .is("16KiB"),
        Setting::new(
            "chat.history",
            SOME,
            "Messages that somebody who joins is handed.",
        )
        .is("50"),
        Setting::new(
            "chat.page",
            Kind::Number(1, 10_000),
            "The largest page of a list over REST.",
        )
        .is("100"),
        Setting::new(
            "chat.present",
            SOME,
            "People in a presence list; their count stays exact.",
        )
        .is("500"),
        Setting::new(
            "chat.status_members",
            SOME,
            "The largest chat whose members hear of each other's coming and going.",
        )
        .is("500"),
        Setting::new(
            "chat.grace",
            Kind::Duration(Duration::ZERO),
            "How long the last socket of a user has to be gone before others hear of it.",
        )
        .is("5s"),
        Setting::new(
            "chat.queue",
            SOME,
            "Commands that wait for the store; then senders wait.",
        )
        .is("1024"),
        Setting::new("chat.batch", SOME, "Commands in one transaction.").is("256"),
        Setting::new(
            "chat.in_flight",
            SOME,
            "Commands that one socket may have on their way.",
        )
        .is("16"),
    ],
};

pub(super) const ROOMS: Section = Section {
    name: "rooms",
    about: "Rooms.",
    settings: &[Setting::new(
        "rooms.auto_create",
        Kind::Flag,
        "Whether joining an unknown room makes it, in every vocabulary.",
    )
    .is("false")],
};

pub(super) const CHATS: Section = Section {
    name: "chats",
    about: "The vocabulary `chats`.",
    settings: &[
        Setting::new(
            "chats.auto_join",
            Kind::Flag,
            "Whether sockets hear all chats of their users without joining them.",
        )
        .unset(
            "true on listeners of the profile `chats`, else false",
            "true",
        ),
        Setting::new(
            "chats.auto_join_rooms",
            SOME,
            "How many chats a socket hears so, at most.",
        )
        .is("1000"),
    ],
};
