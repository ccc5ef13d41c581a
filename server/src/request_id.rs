//! The id of a request: in every log line about it, and in its answer.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that proxies put an id into, and that answers carry.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ones are replaced: they are repeated in every line.
const LONGEST: usize = 64;

/// Numbers connections; the word in front is the process's own, since numbers begin again with each process.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    process: Arc<str>,
    next: Arc<AtomicU64>,
}

/// A connection, and how many requests came over it.
#[derive(Debug)]
pub(crate) struct ConnectionId {
    name: String,
    requests: AtomicU64,
}

/// See the module's documentation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RequestId(HeaderValue);

impl Default for Numbers {
    fn default() -> Self {
        let word = Uuid::new_v4().simple().to_string();
        let process = word.get(..6).unwrap_or_default();
        Self {
            process: process.into(),
            next: Arc::new(AtomicU64::new(1)),
        }
    }
}

impl Numbers {
    pub(crate) fn next(&self) -> ConnectionId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        ConnectionId {
            name: format!("{}-{number}", self.process),
            requests: AtomicU64::new(0),
        }
    }
}

impl ConnectionId {
    /// Whether a request has come over it.
    pub(crate) fn is_used(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 0
    }

    /// What a request came with, when that can stand in a log; else one of ours.
    pub(crate) fn request(&self, headers: &HeaderMap) -> RequestId {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let given = headers.get(HEADER).filter(|id| is_harmless(id.as_bytes()));
        RequestId(given.cloned().unwrap_or_else(|| {
            // Letters, digits and dashes: this cannot fail.
            HeaderValue::try_from(format!("{}-{number}", self.name))
                .unwrap_or(HeaderValue::from_static("-"))
        }))
    }
}

/// Whether an id is short and of letters that mean nothing to whoever reads logs.
fn is_harmless(id: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    !id.is_empty() && id.len() <= LONGEST && id.iter().all(letter)
}

impl RequestId {
    /// Puts it into an answer.
    pub(crate) fn sign(self, answer: &mut HeaderMap) {
        answer.insert(HEADER, self.0);
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(id: &[u8]) -> String {
        let headers = HeaderMap::from_iter([(HEADER, HeaderValue::from_bytes(id).unwrap())]);
        Numbers::default().next().request(&headers).to_string()
    }

    #[test]
    fn an_id_of_the_proxy_is_kept_if_it_is_harmless() {
        assert_eq!(asked(b"7f3a-9.b:1_x"), "7f3a-9.b:1_x");
        for odd in [&b"a b"[..], b"a\"b", b"", "\u{e9}".as_bytes(), &[b'x'; 65]] {
            assert!(asked(odd).ends_with("-1-1"), "{odd:?}");
        }
    }

    #[test]
    fn requests_of_one_connection_are_numbered() {
        let (numbers, none) = (Numbers::default(), HeaderMap::new());
        let (first, second) = (numbers.next(), numbers.next());
        assert!(first.request(&none).to_string().ends_with("-1-1"));
        assert!(first.request(&none).to_string().ends_with("-1-2"));
        assert!(second.request(&none).to_string().ends_with("-2-1"));
        assert_ne!(Numbers::default().next().to_string(), first.to_string());
    }
}
