//! The rules that are not seen through the committer's tests.

use proptest::prelude::proptest;
use proptest::{prop_assert, prop_assert_eq};

use super::*;
use crate::ids::RoomId;

#[test]
fn names_have_something_in_them_no_control_characters_and_a_limit() {
    for good in [
        "a",
        "Zo\u{eb}",
        "\u{4f60}\u{597d}",
        "a b",
        "</script>",
        &"x".repeat(MAX_ID),
    ] {
        assert_eq!(name("name", good), Ok(()), "{good}");
    }
    for bad in ["", " ", "\u{3000}", "a\u{0}", "a\r", "\u{85}"] {
        assert!(
            matches!(
                name("name", bad),
                Err(Failure::Invalid { field: "name", .. })
            ),
            "{bad:?}"
        );
    }
    assert_eq!(
        name("name", &"x".repeat(MAX_ID + 1)),
        Err(Failure::TooLarge {
            field: "name",
            limit: MAX_ID
        })
    );
}

proptest! {
    #[test]
    fn a_direct_room_belongs_to_one_pair_of_ids(a in ".{1,8}", b in ".{1,8}", c in ".{1,8}", d in ".{1,8}") {
        let id = |one: &str, other: &str| RoomId::direct(&UserId::from(one), &UserId::from(other));
        prop_assert_eq!(id(&a, &b), id(&b, &a));
        let same = (a == c && b == d) || (a == d && b == c);
        prop_assert_eq!(id(&a, &b) == id(&c, &d), same);
        prop_assert!(name("id", id(&a, &b).as_str()).is_ok());
    }

    #[test]
    fn every_text_is_either_in_the_limit_or_refused(message in ".{0,40}", limit in 1..40_usize) {
        let verdict = text("text", &message, limit);
        prop_assert_eq!(verdict.is_ok(), !message.trim().is_empty() && message.len() <= limit);
    }
}
