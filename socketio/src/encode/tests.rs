use bytes::Bytes;
use engineio::Unit;
use serde::Serialize;

use super::{ack, event};
use crate::{Args, Binary, EncodeError, Event};

fn head(unit: &Unit) -> String {
    let frame = unit.frame(0).expect("a unit is never empty");
    String::from_utf8(frame.message().to_vec()).expect("UTF-8")
}

fn written(args: &(impl super::Arguments + ?Sized)) -> String {
    head(&event("/", None, "e", args).expect("encodes"))
}

#[derive(Serialize)]
struct Point(i32, i32);

#[derive(Serialize)]
struct Named {
    x: f64,
    file: Bytes,
}

#[test]
fn a_tuple_is_several_arguments_and_anything_else_is_one() {
    assert_eq!(written(&()), r#"2["e"]"#);
    assert_eq!(written(&(1,)), r#"2["e",1]"#);
    assert_eq!(written(&(1, "two", None::<u8>)), r#"2["e",1,"two",null]"#);
    assert_eq!(written(&((1, 2), 3)), r#"2["e",[1,2],3]"#);
    assert_eq!(written(&vec![1, 2]), r#"2["e",[1,2]]"#);
    assert_eq!(written(&[1, 2][..]), r#"2["e",[1,2]]"#);
    assert_eq!(written("text"), r#"2["e","text"]"#);
    assert_eq!(written(&&&(1, 2)), r#"2["e",1,2]"#);
    assert_eq!(written(&Some((1, 2))), r#"2["e",[1,2]]"#);
    assert_eq!(written(&Point(1, 2)), r#"2["e",[1,2]]"#);
    assert_eq!(
        written(&serde_json::json!({ "a": [] })),
        r#"2["e",{"a":[]}]"#
    );
}

#[test]
fn numbers_are_written_as_javascript_writes_them() {
    assert_eq!(
        written(&(1.0, -0.0, 1.5, f64::NAN, 1e300)),
        r#"2["e",1,0,1.5,null,1e+300]"#
    );
    assert_eq!(
        written(&9_007_199_254_740_992_f64),
        r#"2["e",9007199254740992]"#
    );
}

#[test]
fn bytes_become_attachments_in_order_of_appearance() {
    let named = Named {
        x: 2.0,
        file: "abc".into(),
    };
    let unit = event("/n", Some(3), "e", &(Binary("one".into()), named)).expect("encodes");
    assert_eq!(
        head(&unit),
        concat!(
            r#"52-/n,3["e",{"_placeholder":true,"num":0},"#,
            r#"{"x":2,"file":{"_placeholder":true,"num":1}}]"#
        ),
    );
    assert_eq!(unit.frame(1).expect("one").message(), b"one");
    assert_eq!(unit.frame(2).expect("two").message(), b"abc");

    let unit = ack("/", 12, &Binary(Bytes::new())).expect("encodes");
    assert_eq!(head(&unit), r#"61-12[{"_placeholder":true,"num":0}]"#);
    assert_eq!(unit.len(), 2);
}

#[test]
fn arguments_that_came_in_leave_as_they_came() {
    let data = r#"["in", 1.0 ,"\ud800",{"_placeholder":true,"num":0}]"#;
    let received = Event::decode(data.into(), vec!["abc".into()]).expect("an event");
    let unit = event("/", None, "out", received.args()).expect("encodes");
    let expected = r#"51-["out",1.0 ,"\ud800",{"_placeholder":true,"num":0}]"#;
    assert_eq!(head(&unit), expected);
    assert_eq!(unit.frame(1).expect("one").message(), b"abc");

    let none = Args::decode(None, Vec::new()).expect("no arguments");
    assert_eq!(written(&none), r#"2["e"]"#);
    assert_eq!(head(&ack("/", 0, &none).expect("encodes")), "30[]");
}

#[test]
fn what_no_client_would_accept_is_refused() {
    let reserved = event("/", None, "disconnect", &());
    assert!(matches!(reserved, Err(EncodeError::ReservedEvent(name)) if name == "disconnect"));
    let eleven = vec![Binary::default(); 11];
    let refused = event("/", None, "e", &eleven).expect_err("too many");
    assert_eq!(refused, EncodeError::TooManyAttachments { count: 11 });
    let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(matches!(
        event("/", None, "e", &keys),
        Err(EncodeError::Serialize(_))
    ));
    // And the scratch buffer is usable afterwards.
    assert_eq!(written(&1), r#"2["e",1]"#);
}

#[test]
fn a_value_that_encodes_while_it_is_encoded_disturbs_nothing() {
    struct Nested;
    impl Serialize for Nested {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&written(&"inner"))
        }
    }
    assert_eq!(written(&(1, Nested)), r#"2["e",1,"2[\"e\",\"inner\"]"]"#);
}
