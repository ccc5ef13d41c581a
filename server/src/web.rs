//! The page at `/`: a chat client that needs no network beyond this server and no build step.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Scripts, styles, pictures and connections of this server, and nothing else: no inline script or style, in nobody's
/// frame, no form that leaves the page. Trusted Types make a browser refuse text that is put in as markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Nothing on the page asks for any of these.
const FEATURES: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

/// A file of the page.
#[derive(Debug)]
pub(crate) struct Asset {
    path: &'static str,
    kind: &'static str,
    text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        Asset {
            path: concat!("/assets/", $name),
            kind: $kind,
            text: include_str!(concat!("web/", $name)),
        }
    };
}

const ASSETS: &[Asset] = &[
    Asset {
        path: "/",
        kind: HTML,
        text: include_str!("web/index.html"),
    },
    asset!("base.css", CSS),
    asset!("side.css", CSS),
    asset!("room.css", CSS),
    asset!("message.css", CSS),
    asset!("icon.svg", SVG),
    asset!("theme.js", SCRIPT),
    asset!("announcer.js", SCRIPT),
    asset!("avatar.js", SCRIPT),
    asset!("bubble.js", SCRIPT),
    asset!("composer.js", SCRIPT),
    asset!("details.js", SCRIPT),
    asset!("dialogs.js", SCRIPT),
    asset!("drawer.js", SCRIPT),
    asset!("element.js", SCRIPT),
    asset!("handshake.js", SCRIPT),
    asset!("identity.js", SCRIPT),
    asset!("keyboard.js", SCRIPT),
    asset!("message.js", SCRIPT),
    asset!("outbox.js", SCRIPT),
    asset!("page.js", SCRIPT),
    asset!("pending.js", SCRIPT),
    asset!("people.js", SCRIPT),
    asset!("picker.js", SCRIPT),
    asset!("place.js", SCRIPT),
    asset!("receipts.js", SCRIPT),
    asset!("rest.js", SCRIPT),
    asset!("room.js", SCRIPT),
    asset!("rooms.js", SCRIPT),
    asset!("scroll.js", SCRIPT),
    asset!("session.js", SCRIPT),
    asset!("side.js", SCRIPT),
    asset!("socket.js", SCRIPT),
    asset!("status.js", SCRIPT),
    asset!("timeline.js", SCRIPT),
    asset!("typing.js", SCRIPT),
    asset!("words.js", SCRIPT),
];

impl Asset {
    /// The file of that address.
    pub(crate) fn find(path: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.path == path)
    }

    /// The file, or "you have it".
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let tag = self.tag();
        let headers: [(HeaderName, &str); 8] = [
            (CONTENT_TYPE, self.kind),
            (CONTENT_SECURITY_POLICY, POLICY),
            (HeaderName::from_static("permissions-policy"), FEATURES),
            (REFERRER_POLICY, "no-referrer"),
            // Asked again each time, so that a new server never runs with an old script; the answer is mostly 304.
            (CACHE_CONTROL, "no-cache"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
            (ETAG, &tag),
        ];
        let headers = headers.map(|(name, value)| (name, value.to_owned()));
        match request.get(IF_NONE_MATCH).map(HeaderValue::as_bytes) {
            Some(known) if known == tag.as_bytes() => {
                (StatusCode::NOT_MODIFIED, headers).into_response()
            }
            _ => (headers, self.text).into_response(),
        }
    }

    fn tag(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        format!("\"{:016x}\"", hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(path: &str) -> &'static str {
        Asset::find(path).unwrap().text
    }

    #[test]
    fn every_script_that_is_imported_is_served() {
        let scripts = ASSETS.iter().filter(|asset| asset.kind == SCRIPT);
        let imports = scripts
            .flat_map(|asset| asset.text.lines())
            .filter_map(|line| line.split_once(" from \"./"));
        let mut count = 0;
        for (_, rest) in imports {
            let name = rest.trim_end_matches("\";");
            assert!(Asset::find(&format!("/assets/{name}")).is_some(), "{name}");
            count += 1;
        }
        assert!(count > 5);
    }

    #[test]
    fn the_page_names_nothing_outside_of_this_server() {
        for asset in ASSETS {
            let outside = asset.text.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !outside.contains("http://") && !outside.contains("https://"),
                "{}",
                asset.path
            );
        }
        assert!(text_of("/").contains("href=\"/assets/base.css\""));
    }

    #[test]
    fn text_never_becomes_markup() {
        for asset in ASSETS {
            for word in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ] {
                assert!(!asset.text.contains(word), "{} in {}", word, asset.path);
            }
        }
    }

    #[test]
    fn the_page_has_no_inline_script_or_style_that_its_policy_would_refuse() {
        let page = text_of("/");
        for word in [" style=", " onclick=", "<style", "javascript:"] {
            assert!(!page.contains(word), "{word}");
        }
        for script in page.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains("src=\"/assets/"), "{tag}");
        }
        assert!(POLICY.starts_with("default-src 'none'") && !POLICY.contains("unsafe"));
    }

    #[test]
    fn what_the_page_names_is_served() {
        let named = text_of("/").split("\"/assets/").skip(1);
        let names: Vec<_> = named.filter_map(|rest| rest.split('"').next()).collect();
        assert!(names.len() > 5);
        for name in names {
            assert!(Asset::find(&format!("/assets/{name}")).is_some(), "{name}");
        }
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let asset = Asset::find("/").unwrap();
        let first = asset.answer(&HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let known = HeaderMap::from_iter([(IF_NONE_MATCH, first.headers()[ETAG].clone())]);
        assert_eq!(asset.answer(&known).status(), StatusCode::NOT_MODIFIED);
    }
}
