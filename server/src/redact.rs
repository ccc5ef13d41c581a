//! Addresses of requests for the log, without what somebody could use.

/// Longer ones are cut.
const LONGEST: usize = 200;

/// No name that people give is so long; the tokens of sessions are, and those that others sign.
const SHORTEST_TOKEN: usize = 43;

/// What JSON in base64 begins with, and so every JWT.
const JWT: &str = "eyJ";

/// What stands in the place of a token, and of a query that was written into the path (`%3Ftoken=...`).
const HIDDEN: &str = "***";

/// A path as it may be logged. Whoever builds an address wrongly puts a token into the path.
pub(crate) fn path(path: &str) -> String {
    let (path, query) = match path.to_ascii_lowercase().find("%3f") {
        Some(at) => (path.get(..at).unwrap_or_default(), HIDDEN),
        None => (path, ""),
    };
    let mut shown = String::new();
    let mut parts = path.split_inclusive(|letter: char| !is_of_token(letter));
    while shown.len() < LONGEST
        && let Some(part) = parts.next()
    {
        let word = part.trim_end_matches(|letter: char| !is_of_token(letter));
        let is_token = word.len() >= SHORTEST_TOKEN || word.contains(JWT);
        shown.push_str(if is_token { HIDDEN } else { word });
        shown.push_str(part.get(word.len()..).unwrap_or_default());
    }
    shown + query
}

/// Base64 for addresses, and what joins the parts of a JWT.
fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.~".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEARER: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl";

    #[test]
    fn a_path_is_shown_as_it_is() {
        for plain in [
            "/",
            "/users/0199d7b2-7c4f-7f3e-9a53-0c5c2d1c0a11",
            "/chatrooms/direct-0123456789abcdef0123456789abcdef/messages/",
            "/chatrooms/caf%C3%A9",
        ] {
            assert_eq!(path(plain), plain);
        }
    }

    #[test]
    fn a_token_in_a_path_is_hidden() {
        let session = "A".repeat(SHORTEST_TOKEN);
        for token in [BEARER, session.as_str()] {
            for (around, shown) in [
                ("/{}", "/***"),
                ("/users/{}/rooms", "/users/***/rooms"),
                ("/users/token={}&a=b", "/users/token=***&a=b"),
                ("/users/token%3D{}", "/users/token%***"),
                ("/me/rooms%3Ftoken={}", "/me/rooms***"),
                ("/me/rooms%3ftoken={}", "/me/rooms***"),
            ] {
                assert_eq!(path(&around.replace("{}", token)), shown, "{around}");
            }
        }
    }

    #[test]
    fn a_long_path_is_cut() {
        let long = path(&"/abcdefgh".repeat(100));
        assert!(
            (LONGEST..LONGEST + 10).contains(&long.len()),
            "{}",
            long.len()
        );
    }
}
