use http::{HeaderName, HeaderValue};

use super::*;

fn proxies() -> Proxies {
    let networks = ["127.0.0.1/32", "10.0.0.0/8", "::1/128", "fd00::/8"];
    Proxies(networks.map(|network| network.parse().unwrap()).to_vec())
}

fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &[u8])| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_bytes(value).unwrap(),
        )
    };
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        headers.append(name, value);
    }
    headers
}

fn peer(address: &str) -> Peer {
    Peer {
        addr: address.parse().unwrap(),
        secure: false,
    }
}

/// Who is found when a connection of `from` says this.
fn found(from: &str, forwarded: &[&str]) -> String {
    let pairs: Vec<_> = forwarded
        .iter()
        .map(|text| (FORWARDED_FOR, text.as_bytes()))
        .collect();
    let sender = proxies().sender(peer(from), &headers(&pairs));
    sender.addr.ip().to_string()
}

#[test]
fn nobody_is_believed_who_is_not_trusted() {
    assert_eq!(found("203.0.113.9:1", &["198.51.100.1"]), "203.0.113.9");
    let nobody = Proxies::default();
    let said = headers(&[
        (FORWARDED_FOR, b"198.51.100.1"),
        (FORWARDED_PROTO, b"https"),
    ]);
    let sender = nobody.sender(peer("127.0.0.1:1"), &said);
    assert_eq!(
        (sender.addr.ip().to_string().as_str(), sender.secure),
        ("127.0.0.1", false)
    );
}

#[test]
fn the_nearest_address_that_is_no_proxy_counts() {
    assert_eq!(found("127.0.0.1:1", &["198.51.100.1"]), "198.51.100.1");
    assert_eq!(
        found("127.0.0.1:1", &["198.51.100.1, 10.1.2.3"]),
        "198.51.100.1"
    );
    assert_eq!(
        found("127.0.0.1:1", &["198.51.100.1, 10.1.2.3,10.9.9.9 "]),
        "198.51.100.1"
    );
    // A proxy that trusts nobody itself is who everybody behind it is.
    assert_eq!(found("127.0.0.1:1", &["10.1.2.3, 10.4.5.6"]), "10.1.2.3");
    assert_eq!(
        found("[::ffff:127.0.0.1]:1", &["198.51.100.1"]),
        "198.51.100.1"
    );
    assert_eq!(found("[::1]:1", &["2001:db8::7, fd00::1"]), "2001:db8::7");
}

#[test]
fn what_a_client_made_up_is_in_front_and_does_not_count() {
    assert_eq!(
        found("127.0.0.1:1", &["127.0.0.1, 198.51.100.1"]),
        "198.51.100.1"
    );
    assert_eq!(
        found("127.0.0.1:1", &["10.0.0.1, 1.2.3.4, 198.51.100.1"]),
        "198.51.100.1"
    );
    // Two headers are one list: the client's own comes first.
    assert_eq!(
        found("127.0.0.1:1", &["1.2.3.4", "198.51.100.1"]),
        "198.51.100.1"
    );
    assert_eq!(
        found("127.0.0.1:1", &["1.2.3.4", "198.51.100.1, 10.0.0.9"]),
        "198.51.100.1"
    );
}

#[test]
fn addresses_are_written_in_many_ways() {
    for (text, address) in [
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("::ffff:198.51.100.1", "::ffff:198.51.100.1"),
        ("\t198.51.100.1 ", "198.51.100.1"),
    ] {
        assert_eq!(found("127.0.0.1:1", &[text]), address, "{text}");
    }
}

#[test]
fn nonsense_is_the_proxys_own_word() {
    for nonsense in [
        "",
        ",",
        "unknown",
        "_hidden",
        "999.1.1.1",
        "1.2.3",
        "198.51.100.1.evil",
        "[::1",
        "::1]",
        "1.2.3.4:99999",
        "localhost",
        "' OR 1=1",
        "0x7f.1",
        "\u{e4}",
    ] {
        assert_eq!(found("127.0.0.1:1", &[nonsense]), "127.0.0.1", "{nonsense}");
        // And what stands in front of it is not reached.
        let behind = format!("198.51.100.1, {nonsense}");
        assert_eq!(found("127.0.0.1:1", &[&behind]), "127.0.0.1", "{nonsense}");
    }
    let long = "10.0.0.1,".repeat(5000) + "10.0.0.2";
    assert!(found("127.0.0.1:1", &[&long]).starts_with("10."));
    let bytes = headers(&[(FORWARDED_FOR, b"\xff\xfe")]);
    let sender = proxies().sender(peer("127.0.0.1:1"), &bytes);
    assert_eq!(sender.addr.ip().to_string(), "127.0.0.1");
}

#[test]
fn the_proxy_says_whether_it_was_encrypted() {
    let secure = |said: &[(&'static str, &[u8])]| {
        proxies().sender(peer("10.0.0.1:1"), &headers(said)).secure
    };
    assert!(secure(&[(FORWARDED_PROTO, b"https")]));
    assert!(secure(&[(FORWARDED_PROTO, b"HTTPS")]));
    assert!(secure(&[
        (FORWARDED_PROTO, b"http"),
        (FORWARDED_PROTO, b"https")
    ]));
    for other in [&b"http"[..], b"https, http", b"", b"gopher", b"\xff"] {
        assert!(!secure(&[(FORWARDED_PROTO, other)]));
    }
    assert!(!secure(&[]));
}
