use bytes::Bytes;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Args, Binary, Event};

fn event(data: &str) -> Event {
    Event::decode(data.into(), Vec::new()).expect(data)
}

#[test]
fn the_name_and_the_raw_arguments_are_found_in_any_spelling() {
    let cases = [
        (r#"["ev"]"#, "ev", ""),
        (r#"[ "ev" , 1 , [2, 3] ]"#, "ev", "1 , [2, 3]"),
        (r#"["a\"],b",1]"#, "a\"],b", "1"),
        (r#"["\u00e9\ud83d\ude00",1]"#, "é😀", "1"),
        ("[5]", "5", ""),
        ("[-1.50,null]", "-1.50", "null"),
        (r#"["",""]"#, "", r#""""#),
        ("[\n\"ev\"\n,\n{}\n]\n", "ev", "{}"),
    ];
    for (data, name, raw) in cases {
        let event = event(data);
        assert_eq!((event.name(), event.args().raw()), (name, raw), "{data}");
    }
}

#[test]
fn a_lone_surrogate_in_a_name_is_replaced() {
    assert!(event(r#"["a\ud800"]"#).name().starts_with("a\u{fffd}"));
}

#[test]
fn arguments_are_read_as_a_javascript_function_would() {
    let args = event(r#"["ev",1,"two",{"three":3}]"#).into_parts().1;
    assert_eq!(args.parse(), Ok(1));
    assert_eq!(args.parse(), Ok((1, "two".to_owned())));
    assert_eq!(
        args.parse(),
        Ok((1, "two".to_owned(), json!({ "three": 3 }), None::<u8>))
    );
    assert_eq!(args.parse(), Ok(()));
    assert_eq!(args.parse(), Ok(Some(1)));
    assert_eq!(args.parse_at(1), Ok("two".to_owned()));
    assert_eq!(args.parse_at(9), Ok(None::<u8>));
    assert_eq!(args.values().len(), 3);

    let none = event(r#"["ev"]"#).into_parts().1;
    assert_eq!(none.parse(), Ok(()));
    assert_eq!(none.parse(), Ok(None::<u8>));
    assert_eq!(none.parse(), Ok((None::<u8>, None::<u8>)));
    let error = none.parse::<(u8,)>().expect_err("nothing there");
    assert_eq!(error.to_string(), "argument 1 is missing");
}

#[test]
fn a_type_that_does_not_fit_is_an_error_that_says_so() {
    let error = event(r#"["ev","x"]"#)
        .args()
        .parse::<u8>()
        .expect_err("a string");
    assert!(error.to_string().contains("expected u8"), "{error}");
    let surrogate = event(r#"["ev","\ud800"]"#);
    assert!(surrogate.args().parse::<String>().is_err());
    assert_eq!(surrogate.args().raw(), r#""\ud800""#);
}

#[derive(Debug, PartialEq, Deserialize)]
enum Change {
    Gone,
    Moved { x: i32 },
    Data(Bytes),
}

#[derive(Debug, PartialEq, Deserialize)]
struct File {
    name: String,
    body: Bytes,
    parts: Vec<Binary>,
    note: Option<Bytes>,
    change: Change,
}

#[test]
fn attachments_are_read_at_any_depth() {
    let hole = |num: u8| json!({ "_placeholder": true, "num": num });
    let file = json!({
        "name": "a", "body": hole(1), "parts": [hole(0), hole(1)], "note": hole(0),
        "change": { "Data": hole(0) },
    });
    let data = json!(["ev", file, hole(0), 7]).to_string();
    let attachments = vec![Bytes::from_static(b"zero"), Bytes::from_static(b"one")];
    let event = Event::decode(data.into(), attachments).expect("an event");
    let (file, binary, number): (File, Binary, u8) = event.args().parse().expect("fits");
    assert_eq!(file.body, "one");
    assert_eq!(file.parts, [Binary("zero".into()), Binary("one".into())]);
    assert_eq!(file.note.as_deref(), Some(b"zero".as_slice()));
    assert_eq!(file.change, Change::Data("zero".into()));
    assert_eq!(
        (file.name.as_str(), binary, number),
        ("a", Binary("zero".into()), 7)
    );
}

#[test]
fn what_has_no_attachment_is_read_as_usual_beside_one() {
    let data = r#"["ev","Gone",{"Moved":{"x":1}},null,[1,2],"s",1.5]"#;
    let event = Event::decode(data.into(), vec![Bytes::new()]).expect("an event");
    type All = (Change, Change, Option<u8>, (u8, u8), String, f64);
    let all: All = event.args().parse().expect("fits");
    let expected = (
        Change::Gone,
        Change::Moved { x: 1 },
        None,
        (1, 2),
        "s".to_owned(),
        1.5,
    );
    assert_eq!(all, expected);
}

#[test]
fn an_ack_without_payload_has_no_arguments() {
    assert!(Args::decode(None, Vec::new()).expect("empty").is_empty());
    assert_eq!(
        Args::decode(Some("[1,2]".into()), Vec::new())
            .expect("two")
            .parse(),
        Ok((1, 2))
    );
    assert!(Args::decode(Some("{}".into()), Vec::new()).is_none());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(".{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn name_and_arguments_are_those_of_the_array(
        name in ".{0,10}",
        args in prop::collection::vec(values(), 0..5),
        pretty in any::<bool>(),
    ) {
        let mut array = vec![Value::from(name.clone())];
        array.extend(args.iter().cloned());
        let text = match pretty {
            true => serde_json::to_string_pretty(&array),
            false => serde_json::to_string(&array),
        };
        let event = event(&text.expect("serializable"));
        prop_assert_eq!(event.name(), name);
        let raw: Vec<Value> =
            serde_json::from_str(&format!("[{}]", event.args().raw())).expect("still JSON");
        prop_assert_eq!(&raw, &args);
        for (index, arg) in args.iter().enumerate() {
            prop_assert_eq!(&event.args().parse_at::<Value>(index).expect("any JSON"), arg);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,40}") {
        let _ = Event::decode(text.clone().into(), Vec::new()).map(|event| event.args().values().len());
        let _ = Args::decode(Some(text.into()), Vec::new());
    }
}
