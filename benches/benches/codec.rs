//! One Engine.IO packet in, one out, by kind and size; and whole polling bodies.

use std::{hint::black_box, time::Duration};

use benches::{SIZES, binary, text};
use bytes::Bytes;
use bytestring::ByteString;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engineio::{Frame, Handshake, Message, Packet, Query, Sid, Transport, payload};

/// How many packets a busy polling body has.
const BATCH: usize = 64;

fn message(len: usize) -> Packet {
    Packet::Message(Message::Text(text(len).into()))
}

fn open() -> Packet {
    Packet::Open(Handshake {
        sid: Sid::from_random([7; 15]),
        upgrades: vec![Transport::WebSocket],
        ping_interval: Duration::from_secs(25),
        ping_timeout: Duration::from_secs(20),
        max_payload: 1_000_000,
    })
}

fn control(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine_control");
    group.throughput(Throughput::Elements(1));
    for (name, packet) in [("ping", Packet::Ping(ByteString::new())), ("open", open())] {
        group.bench_function(BenchmarkId::new("encode", name), |b| {
            b.iter(|| black_box(&packet).encode())
        });
        let Message::Text(wire) = packet.encode() else {
            continue;
        };
        group.bench_function(BenchmarkId::new("decode", name), |b| {
            b.iter(|| Packet::decode_text(black_box(&wire).clone()));
        });
    }
    let query = "EIO=4&transport=websocket&sid=lv_VI97HAXpY6yYWAAAB&t=P9abc";
    group.bench_function("query", |b| b.iter(|| Query::decode(black_box(query))));
    group.finish();
}

fn text_message(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine_text");
    for len in SIZES {
        let body = text(len);
        let wire = ByteString::from(format!("4{body}"));
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function(BenchmarkId::new("decode", len), |b| {
            b.iter(|| Packet::decode_text(black_box(&wire).clone()));
        });
        group.bench_function(BenchmarkId::new("frame", len), |b| {
            b.iter(|| Frame::text(len, |out| out.extend_from_slice(black_box(body.as_bytes()))));
        });
    }
    group.finish();
}

fn binary_message(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine_binary");
    for len in SIZES {
        let data = binary(len);
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function(BenchmarkId::new("frame", len), |b| {
            b.iter(|| Frame::binary(black_box(&data)))
        });
        group.bench_function(BenchmarkId::new("frame_and_base64", len), |b| {
            b.iter(|| Frame::binary(black_box(&data)).polling().len());
        });
        let wire = String::from_utf8(Frame::binary(&data).polling().to_vec()).unwrap_or_default();
        let wire = ByteString::from(wire);
        group.bench_function(BenchmarkId::new("decode_base64", len), |b| {
            b.iter(|| Packet::decode_text(black_box(&wire).clone()));
        });
    }
    group.finish();
}

fn bodies(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine_payload");
    for len in SIZES {
        let packets = vec![message(len); BATCH];
        let frames: Vec<Frame> = packets.iter().map(Frame::from).collect();
        let body = Bytes::from(payload::encode(&packets));
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(BenchmarkId::new("encode", len), |b| {
            b.iter(|| payload::encode(black_box(&packets)))
        });
        group.bench_function(BenchmarkId::new("join", len), |b| {
            b.iter(|| payload::join(black_box(&frames).iter()))
        });
        group.bench_function(BenchmarkId::new("decode", len), |b| {
            b.iter(|| {
                payload::Decoder::new(black_box(&body).clone())
                    .flatten()
                    .count()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = codec;
    config = benches::criterion();
    targets = control, text_message, binary_message, bodies
}
criterion_main!(codec);
