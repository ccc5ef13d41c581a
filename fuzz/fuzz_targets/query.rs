#![no_main]
//! A query string: no input panics, and the session id is the last one of the pairs.

use engineio::{Query, query};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let last = query::pairs(text).filter(|(key, _)| key == "sid").last();
    let sid = last
        .map(|(_, value)| value.into_owned())
        .filter(|sid| !sid.is_empty());
    assert_eq!(Query::decode(text).sid, sid);
});
