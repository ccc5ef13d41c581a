//! The page at `/`: a chat client that needs no network beyond this server and no build step.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Nothing from elsewhere, no inline script or style, in nobody's frame, no form that leaves the page.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

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

const ASSETS: &[Asset] = &[
    Asset {
        path: "/",
        kind: HTML,
        text: include_str!("web/index.html"),
    },
    Asset {
        path: "/assets/style.css",
        kind: CSS,
        text: include_str!("web/style.css"),
    },
    Asset {
        path: "/assets/icon.svg",
        kind: SVG,
        text: include_str!("web/icon.svg"),
    },
    Asset {
        path: "/assets/composer.js",
        kind: SCRIPT,
        text: include_str!("web/composer.js"),
    },
    Asset {
        path: "/assets/dialogs.js",
        kind: SCRIPT,
        text: include_str!("web/dialogs.js"),
    },
    Asset {
        path: "/assets/identity.js",
        kind: SCRIPT,
        text: include_str!("web/identity.js"),
    },
    Asset {
        path: "/assets/page.js",
        kind: SCRIPT,
        text: include_str!("web/page.js"),
    },
    Asset {
        path: "/assets/people.js",
        kind: SCRIPT,
        text: include_str!("web/people.js"),
    },
    Asset {
        path: "/assets/rest.js",
        kind: SCRIPT,
        text: include_str!("web/rest.js"),
    },
    Asset {
        path: "/assets/room.js",
        kind: SCRIPT,
        text: include_str!("web/room.js"),
    },
    Asset {
        path: "/assets/rooms.js",
        kind: SCRIPT,
        text: include_str!("web/rooms.js"),
    },
    Asset {
        path: "/assets/socket.js",
        kind: SCRIPT,
        text: include_str!("web/socket.js"),
    },
    Asset {
        path: "/assets/timeline.js",
        kind: SCRIPT,
        text: include_str!("web/timeline.js"),
    },
];

impl Asset {
    /// The file of that address.
    pub(crate) fn find(path: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.path == path)
    }

    /// The file, or "you have it".
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let tag = self.tag();
        let headers: [(HeaderName, &str); 6] = [
            (CONTENT_TYPE, self.kind),
            (CONTENT_SECURITY_POLICY, POLICY),
            (REFERRER_POLICY, "no-referrer"),
            // Asked again each time, so that a new server never runs with an old script; the answer is mostly 304.
            (CACHE_CONTROL, "no-cache"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
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
        assert!(text_of("/").contains("href=\"/assets/style.css\""));
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
    fn a_known_file_is_not_sent_again() {
        let asset = Asset::find("/").unwrap();
        let first = asset.answer(&HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let known = HeaderMap::from_iter([(IF_NONE_MATCH, first.headers()[ETAG].clone())]);
        assert_eq!(asset.answer(&known).status(), StatusCode::NOT_MODIFIED);
    }
}
