//! An origin as browsers send it.

use http::uri::Authority;

/// What is taken, in words.
pub(crate) const ORIGIN: &str =
    "an origin such as https://app.example.com: scheme, host and perhaps a port, without a path";

/// Ports that browsers leave out.
const DEFAULT_PORTS: [(&str, u16); 2] = [("http", 80), ("https", 443)];

/// The same origin as browsers write it: in small letters, without the port that its scheme has anyway, and without a slash
/// at its end, which people write. `null` and `file://` are what pages without an origin of their own send.
pub(crate) fn read(text: &str) -> Option<String> {
    if matches!(text, "null" | "file://") {
        return Some(text.to_owned());
    }
    let text = text.to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(is_letter);
    // A page never has one of these: it is the address of a socket.
    let is_socket = matches!(scheme, "ws" | "wss");
    if !is_scheme || is_socket || host.contains(['@', '*']) {
        return None;
    }
    let authority: Authority = host.parse().ok()?;
    let port = match host.strip_prefix(authority.host()) {
        Some("") => None,
        _ => Some(authority.port_u16()?),
    };
    Some(match port {
        Some(port) if !DEFAULT_PORTS.contains(&(scheme, port)) => {
            format!("{scheme}://{}:{port}", authority.host())
        }
        _ => format!("{scheme}://{}", authority.host()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_browsers_make_of_it() {
        for (text, origin) in [
            ("https://a.example", "https://a.example"),
            ("https://a.example/", "https://a.example"),
            ("HTTPS://A.Example:443", "https://a.example"),
            ("http://localhost:80", "http://localhost"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("null", "null"),
            ("file://", "file://"),
        ] {
            assert_eq!(read(text).as_deref(), Some(origin), "{text}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_no_origin() {
        for text in [
            "",
            "app.example.com",
            "localhost:3000",
            "//a.example",
            "https://",
            "https:///",
            "https://a.example/app",
            "https://a.example//",
            "https://a.example?x",
            "https://*.example.com",
            "https://ada@a.example",
            "https://a.example:",
            "https://a.example:99999",
            "https://a b",
            "wss://a.example",
            "1://a",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
