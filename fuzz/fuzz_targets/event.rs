#![no_main]
//! The payload of an event or an ack and its attachments, separated by zero bytes: no input panics, as whatever it is read, and what the
//! checks let through gives the name, the arguments and the attachments that are in it.

use bytes::Bytes;
use serde_json::Value;
use socketio::{Args, Event, encode, event, packet};

/// Small, so that a short input reaches it.
const NESTING: usize = 3;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut parts = input.split(|byte| *byte == 0);
    let Some(Ok(data)) = parts.next().map(str::from_utf8) else {
        return;
    };
    let attachments: Vec<Bytes> = parts.map(Bytes::copy_from_slice).collect();
    let checked = packet::decode_text(format!("2{data}").into(), 0, NESTING).ok();
    let checked = checked.filter(|decoded| decoded.packet.data.as_deref() == Some(data));
    let read = Event::decode(data.into(), attachments.clone());
    if let Some(args) = Args::decode(Some(data.into()), attachments.clone()) {
        read_all(&args);
    }
    if let Some(event) = &read {
        read_all(event.args());
    }
    if checked.is_some() {
        assert!(fuzz::json::depth(data) <= NESTING);
        let event = read.expect("what was checked is an event");
        check_event(data, &event);
        check_attachment(&event, &attachments);
    }
});

/// As whatever it is read.
fn read_all(args: &Args) {
    let _ = args.parse::<Value>();
    let _ = args.parse::<(String, Bytes)>();
    let _ = args.parse::<(Value, Value)>();
    let _ = args.parse_at::<Vec<Bytes>>(1);
}

/// The name and the arguments are those in the text, and leave as they came.
fn check_event(data: &str, event: &Event) {
    let elements = fuzz::json::elements(data).expect("an array");
    let (name, args) = elements.split_first().expect("a name");
    match serde_json::from_str::<String>(name.get()) {
        Ok(name) => assert_eq!(event.name(), name),
        // Half a surrogate is no Rust string.
        Err(_) if name.get().starts_with('"') => assert!(event.name().contains('\u{fffd}')),
        Err(_) => assert_eq!(event.name(), name.get()),
    }
    let texts = |values: &[&serde_json::value::RawValue]| -> Vec<String> {
        values.iter().map(|value| value.get().to_owned()).collect()
    };
    assert_eq!(texts(&event.args().values()), texts(args));
    let raw = format!("[{}]", event.args().raw());
    let again = fuzz::json::elements(&raw).expect("an array");
    assert_eq!(texts(&again), texts(args));
    if event.args().attachments().len() <= packet::MAX_ATTACHMENTS
        && !event::is_reserved(event.name())
    {
        let unit = encode::event("/", None, event.name(), event.args()).expect("no limit is met");
        let head = unit.frame(0).map(|head| head.message().to_vec());
        let head = String::from_utf8(head.unwrap_or_default()).expect("text");
        let array = &head[head.find('[').expect("an array")..];
        let sent = fuzz::json::elements(array).expect("an array");
        assert_eq!(texts(sent.get(1..).unwrap_or_default()), texts(args));
    }
}

/// A placeholder is read as the attachment of its number.
fn check_attachment(event: &Event, attachments: &[Bytes]) {
    let Some(Ok(Value::Object(first))) = event
        .args()
        .values()
        .first()
        .map(|value| serde_json::from_str(value.get()))
    else {
        return;
    };
    let is_placeholder = first.get("_placeholder") == Some(&Value::Bool(true));
    let number = first.get("num").and_then(Value::as_u64);
    let meant = number.and_then(|number| attachments.get(usize::try_from(number).ok()?));
    if let (true, Some(meant)) = (is_placeholder, meant) {
        assert_eq!(event.args().parse::<Bytes>().as_ref(), Ok(meant));
    }
}
