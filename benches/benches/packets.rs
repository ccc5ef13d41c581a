//! One Socket.IO packet in, one out: every kind, and by size those that carry what people say.

use std::hint::black_box;

use benches::{SIZES, binary, text};
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use engineio::Message;
use socketio::Packet;

fn decode(messages: &[Message]) -> Option<Packet> {
    let mut decoder = socketio::Decoder::new(socketio::Limits::default());
    let decoded = messages
        .iter()
        .map(|message| decoder.decode(message.clone()));
    decoded.last().and_then(Result::ok).flatten()
}

/// Decodes one packet of `messages`, and encodes what that gives.
fn measure(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, len: usize, messages: &[Message]) {
    let packet = decode(messages).expect("the messages are one packet");
    group.throughput(Throughput::Bytes(len as u64));
    group.bench_function(BenchmarkId::new("decode", name), |b| {
        b.iter(|| decode(black_box(messages)))
    });
    group.bench_function(BenchmarkId::new("encode", name), |b| {
        b.iter(|| black_box(&packet).encode())
    });
}

/// What comes and goes once per client.
fn control(c: &mut Criterion) {
    let mut group = c.benchmark_group("socket_control");
    for (name, wire) in [
        ("connect", "0"),
        (
            "connect_with_token",
            r#"0/chat,{"token":"eyJhbGciOiJIUzI1NiJ9.e30.abc"}"#,
        ),
        ("connected", r#"0/chat,{"sid":"lv_VI97HAXpY6yYWAAAB"}"#),
        ("refused", r#"4/chat,{"message":"not allowed"}"#),
        ("disconnect", "1/chat,"),
    ] {
        measure(&mut group, name, wire.len(), &[Message::Text(wire.into())]);
    }
    group.finish();
}

/// `digit` is the kind on the wire, `name` the event's, if it has one.
fn of_text(c: &mut Criterion, title: &str, digit: u8, name: &str) {
    let mut group = c.benchmark_group(title);
    for len in SIZES {
        let wire = format!(r#"{digit}/chat,12[{name}"{}"]"#, text(len));
        measure(
            &mut group,
            &len.to_string(),
            len,
            &[Message::Text(wire.into())],
        );
    }
    group.finish();
}

/// The same with one attachment of that many bytes.
fn of_bytes(c: &mut Criterion, title: &str, digit: u8, name: &str) {
    let mut group = c.benchmark_group(title);
    for len in SIZES {
        let head = format!(r#"{digit}1-/chat,12[{name}{{"_placeholder":true,"num":0}}]"#);
        let messages = [
            Message::Text(head.into()),
            Message::Binary(binary(len).into()),
        ];
        measure(&mut group, &len.to_string(), len, &messages);
    }
    group.finish();
}

fn events(c: &mut Criterion) {
    of_text(c, "socket_event", 2, r#""message","#);
    of_bytes(c, "socket_binary_event", 5, r#""message","#);
}

fn acks(c: &mut Criterion) {
    of_text(c, "socket_ack", 3, "");
    of_bytes(c, "socket_binary_ack", 6, "");
}

criterion_group! {
    name = packets;
    config = benches::criterion();
    targets = control, events, acks
}
criterion_main!(packets);
