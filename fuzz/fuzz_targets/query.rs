#![no_main]
//! A query string: the pairs are those of the model, and what the engine reads is the last of each name.

use engineio::{Protocol, Query, Transport, query};
use fuzz::query::last;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let model = fuzz::query::pairs(text);
    let pairs = query::pairs(text).map(|(key, value)| (key.into_owned(), value.into_owned()));
    assert_eq!(pairs.collect::<Vec<_>>(), model);
    let expected = Query {
        protocol: match last(&model, "EIO") {
            Some("4") => Protocol::V4,
            _ => Protocol::Other,
        },
        transport: match last(&model, "transport") {
            Some("polling") => Some(Transport::Polling),
            Some("websocket") => Some(Transport::WebSocket),
            _ => None,
        },
        sid: last(&model, "sid")
            .filter(|sid| !sid.is_empty())
            .map(str::to_owned),
        base64: last(&model, "b64").is_some_and(|value| !value.is_empty()),
        jsonp: last(&model, "j").is_some(),
    };
    assert_eq!(Query::decode(text), expected);
});
