use super::*;

#[test]
fn times_are_words_or_bare_seconds() {
    let read = |text| Kind::Duration(SECOND).read(text).ok();
    let of = |millis| Some(Value::Duration(Duration::from_millis(millis)));
    assert_eq!(read("25s"), of(25_000));
    assert_eq!(read("25"), of(25_000));
    assert_eq!(read("1m 30s"), of(90_000));
    assert_eq!(read("1500ms"), of(1500));
    for wrong in ["", "0", "500ms", "-1s", "25 apples", "1e3", "s"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    let huge = "99999999999999999999s";
    assert_eq!(read(huge), None);
}

#[test]
fn a_time_is_short_enough_to_be_a_deadline() {
    let kind = Kind::Duration(SECOND);
    assert!(kind.read("10years").is_ok());
    for long in ["11years", "18446744073709551615"] {
        let refused = kind.read(long).unwrap_err().to_string();
        assert_eq!(
            refused,
            format!("`{long}` is not a time of at most 10years")
        );
    }
}

#[test]
fn a_heartbeat_is_short_enough_for_the_timers_of_clients() {
    assert!(Kind::Heartbeat.read("25").is_ok() && Kind::Heartbeat.read("1day").is_ok());
    for odd in ["500ms", "25days"] {
        let refused = Kind::Heartbeat.read(odd).unwrap_err().to_string();
        let expected = "a time such as 25s, from 1s to 1day";
        assert_eq!(refused, format!("`{odd}` is not {expected}"));
    }
}

#[test]
fn leeway_counts_whole_seconds_of_a_day() {
    assert!(Kind::Leeway.read("90").is_ok() && Kind::Leeway.read("1day").is_ok());
    for odd in ["1500ms", "2days", "soon"] {
        let refused = Kind::Leeway.read(odd).unwrap_err().to_string();
        let expected = "a time in whole seconds such as 60s, at most 1day";
        assert_eq!(refused, format!("`{odd}` is not {expected}"));
    }
}

#[test]
fn a_list_of_words_or_places_is_not_empty() {
    assert!(Kind::Choices(&["a"]).read_list(&[]).is_err());
    assert!(Kind::Listen.read(",").is_err());
    assert_eq!(Kind::Origins.read(","), Ok(Value::Texts(Vec::new())));
}

#[test]
fn sizes_are_words_or_bare_bytes() {
    let read = |text| Kind::Size(1).read(text).ok();
    assert_eq!(read("1MiB"), Some(Value::Size(1 << 20)));
    assert_eq!(read("1 MB"), Some(Value::Size(1_000_000)));
    assert_eq!(read("4096"), Some(Value::Size(4096)));
    for wrong in ["", "0", "-1", "1 elephant", "MiB"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn numbers_have_bounds_which_the_error_names() {
    let port = Kind::Number(0, 65_535);
    assert_eq!(port.read("65535"), Ok(Value::Number(65_535)));
    assert_eq!(
        port.read("65536").unwrap_err().to_string(),
        "`65536` is not a number from 0 to 65535"
    );
    assert_eq!(
        Kind::Number(1, u64::MAX).to_string(),
        "a number, at least 1"
    );
}

#[test]
fn words_are_chosen_in_any_case() {
    let kind = Kind::Choice(&["auto", "pretty", "json"]);
    assert_eq!(kind.read("JSON"), Ok(Value::Text("json".to_owned())));
    let refused = kind.read("xml").unwrap_err();
    assert_eq!(refused.to_string(), "`xml` is not auto, pretty or json");
    assert_eq!(Kind::Choice(&["a", "b"]).to_string(), "a or b");
}

#[test]
fn lists_have_commas_and_a_network_may_be_one_address() {
    let texts = Kind::Texts.read("http://a, http://b,").unwrap();
    assert_eq!(
        texts,
        Value::Texts(vec!["http://a".into(), "http://b".into()])
    );
    let networks = Kind::Networks.read("10.0.0.0/8,::1").unwrap();
    assert_eq!(networks.to_string(), "10.0.0.0/8, ::1/128");
    assert!(Kind::Networks.read("10.0.0.0/33").is_err());
    assert!(Kind::Listen.read("127.0.0.1:80=shows,[::1]:81").is_ok());
}
