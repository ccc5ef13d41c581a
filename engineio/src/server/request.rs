//! What is kept of a session's first request.

use std::{borrow::Cow, fmt, net::SocketAddr, sync::OnceLock, time::SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};

use super::{Entrance, Peer};

/// The first request of a session.
///
/// It lives as long as the session, so it is one run of text instead of a map: what a client sent,
/// and no more. [`header`](Self::header) reads from it; [`headers`](Self::headers) makes the map
/// for those who want one, and that map stays.
pub struct Request {
    /// Path and query, then for each header a name, a colon, the value and a line feed. Neither a
    /// name nor a value can have the mark that ends it.
    head: Box<[u8]>,
    /// Where the headers begin.
    url_end: usize,
    headers: OnceLock<Box<HeaderMap>>,
    remote: Option<SocketAddr>,
    secure: bool,
    entrance: Entrance,
    issued: SystemTime,
}

impl Request {
    /// Copies: what hyper parsed is slices of its read buffer, and whoever keeps one keeps all of it.
    pub(crate) fn new(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<Peer>();
        let entrance = parts.extensions.get::<Entrance>();
        let url = parts.uri.path_and_query().map_or("/", |url| url.as_str());
        let line =
            |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 2;
        let mut head =
            Vec::with_capacity(url.len() + parts.headers.iter().map(line).sum::<usize>());
        head.extend_from_slice(url.as_bytes());
        for (name, value) in &parts.headers {
            head.extend_from_slice(name.as_str().as_bytes());
            head.push(b':');
            head.extend_from_slice(value.as_bytes());
            head.push(b'\n');
        }
        Self {
            head: head.into_boxed_slice(),
            url_end: url.len(),
            headers: OnceLock::new(),
            remote: peer.map(|peer| peer.addr),
            secure: peer.is_some_and(|peer| peer.secure),
            entrance: entrance.copied().unwrap_or_default(),
            issued: SystemTime::now(),
        }
    }

    /// Its path and query.
    #[must_use]
    pub fn url(&self) -> &str {
        let url = self.head.get(..self.url_end).unwrap_or_default();
        str::from_utf8(url).unwrap_or_default()
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.url().split('?').next().unwrap_or_default()
    }

    /// The parameters of its query in their order, decoded. Of a repeated key the last one counts.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let query = self.url().split_once('?').map_or("", |(_, query)| query);
        crate::query::pairs(query)
    }

    /// One parameter of its query; the last one if the key is repeated.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<Cow<'_, str>> {
        let same = self.query().filter(|(name, _)| name == key);
        same.last().map(|(_, value)| value)
    }

    /// The first header of that name, which is written in lower case, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut same = self.lines().filter(|(other, _)| *other == name.as_bytes());
        same.next()
            .and_then(|(_, value)| str::from_utf8(value).ok())
    }

    /// Its headers as a map, which is made by the first call and takes a few kilobytes.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers.get_or_init(|| {
            // They were headers before, so they are again.
            let pairs = self.lines().filter_map(|(name, value)| {
                let name = HeaderName::from_bytes(name).ok()?;
                Some((name, HeaderValue::from_bytes(value).ok()?))
            });
            let mut headers = HeaderMap::new();
            pairs.for_each(|(name, value)| _ = headers.append(name, value));
            Box::new(headers)
        })
    }

    /// The remote address, when the accept loop told it.
    #[must_use]
    pub fn remote(&self) -> Option<SocketAddr> {
        self.remote
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.secure
    }

    /// Which listener it came by; the first one, when the accept loop did not tell.
    #[must_use]
    pub fn entrance(&self) -> Entrance {
        self.entrance
    }

    /// When the session opened.
    #[must_use]
    pub fn issued(&self) -> SystemTime {
        self.issued
    }

    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let lines = self.head.get(self.url_end..).unwrap_or_default();
        lines.split(|byte| *byte == b'\n').filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            Some((line.get(..colon)?, line.get(colon + 1..)?))
        })
    }
}

/// Without the query and the headers: both may hold secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("path", &self.path())
            .field("remote", &self.remote)
            .field("secure", &self.secure)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = http::Request::builder().uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Request::new(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn headers_are_found_one_by_one_and_as_a_map() {
        let sent = [
            ("Host", "h:80"),
            ("X-One", "a"),
            ("X-Empty", ""),
            ("x-one", "b"),
        ];
        let request = request("/engine.io/?EIO=4&a=1&b=%26&a=2", &sent);
        assert_eq!(request.header("host"), Some("h:80"));
        assert_eq!(request.header("x-one"), Some("a"));
        assert_eq!(request.header("x-empty"), Some(""));
        assert_eq!(request.header("x-two"), None);
        let all: Vec<_> = request.headers().get_all("x-one").iter().collect();
        assert_eq!(all, ["a", "b"]);
        assert_eq!(request.headers().len(), 4);
    }

    #[test]
    fn the_url_is_kept_and_its_query_decoded() {
        let request = request("http://host/engine.io/?EIO=4&a=1&b=%26&a=2", &[]);
        assert_eq!(request.url(), "/engine.io/?EIO=4&a=1&b=%26&a=2");
        assert_eq!(request.path(), "/engine.io/");
        assert_eq!(request.parameter("a").as_deref(), Some("2"));
        assert_eq!(request.parameter("b").as_deref(), Some("&"));
        assert_eq!(request.parameter("c"), None);
        assert_eq!(request.query().count(), 4);
        assert!(request.headers().is_empty());
    }

    #[test]
    fn what_may_be_secret_is_not_printed() {
        let request = request("/engine.io/?token=secret", &[("cookie", "secret")]);
        assert!(!format!("{request:?}").contains("secret"));
    }
}
