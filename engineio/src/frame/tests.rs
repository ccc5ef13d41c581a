use proptest::{collection::vec, prelude::*};

use super::*;
use crate::packet::tests::any_packet;

fn text(text: &str) -> Frame {
    Frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()))
}

#[test]
fn the_header_grows_with_the_payload() {
    for (payload, header) in [
        (0, &[0x82, 0][..]),
        (125, &[0x82, 125]),
        (126, &[0x82, 126, 0, 126]),
        (0xffff, &[0x82, 126, 0xff, 0xff]),
        (0x1_0000, &[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] {
        let data = vec![7; payload];
        let frame = Frame::binary(&data);
        let (head, rest) = frame.websocket().split_at(header.len());
        assert_eq!(head, header, "{payload}");
        assert_eq!(rest, data, "{payload}");
    }
}

#[test]
fn the_type_counts_as_payload_of_a_text_frame() {
    let frame = text(&"a".repeat(125));
    assert_eq!(frame.websocket()[..5], [0x81, 126, 0, 126, b'4']);
    assert_eq!(frame.message().len(), 125);
}

#[test]
fn polling_takes_the_tail_of_the_same_bytes() {
    let frame = text("hello");
    assert_eq!(frame.polling(), b"4hello");
    assert_eq!(frame.polling().as_ptr(), frame.websocket()[2..].as_ptr());
    assert_eq!(frame.message().as_ptr(), frame.websocket()[3..].as_ptr());
}

#[test]
fn two_clones_share_the_same_bytes() {
    let frame = text("hello");
    assert_eq!(
        frame.clone().websocket().as_ptr(),
        frame.websocket().as_ptr()
    );
}

#[test]
fn base64_is_computed_once_for_all_clones() {
    let frame = Frame::binary(&[1, 2, 3, 4]);
    let clone = frame.clone();
    assert_eq!(frame.polling(), b"bAQIDBA==");
    assert_eq!(clone.polling().as_ptr(), frame.polling().as_ptr());
    assert!(frame.is_binary());
    assert_eq!(frame.message(), [1, 2, 3, 4]);
}

#[test]
fn a_wrong_guess_of_the_capacity_changes_nothing() {
    for capacity in [0, 1, 5, 1000] {
        let frame = Frame::text(capacity, |out| out.extend_from_slice(b"hello"));
        assert_eq!(&frame.websocket()[..], b"\x81\x064hello");
    }
}

#[test]
fn a_log_does_not_show_what_was_said() {
    assert_eq!(
        format!("{:?}", text("secret")),
        "Frame { is_binary: false, len: 7 }"
    );
}

#[test]
#[should_panic(expected = "the writer only appends")]
fn a_writer_that_takes_from_the_buffer_is_caught() {
    let _ = Frame::text(0, Vec::clear);
}

/// What a client would find in `bytes`: the opcode and the payload.
fn read_websocket(bytes: &[u8]) -> (u8, &[u8]) {
    let (head, rest) = bytes.split_at(2);
    let (len, payload) = match head[1] {
        126 => (
            usize::from(u16::from_be_bytes([rest[0], rest[1]])),
            &rest[2..],
        ),
        127 => (
            u64::from_be_bytes(rest[..8].try_into().unwrap()) as usize,
            &rest[8..],
        ),
        short => (usize::from(short), rest),
    };
    assert_eq!(len, payload.len());
    (head[0], payload)
}

proptest! {
    #[test]
    fn a_client_reads_what_was_encoded(packet in any_packet()) {
        let frame = Frame::from(&packet);
        let expected = packet.encode();
        let (opcode, payload) = read_websocket(frame.websocket());
        prop_assert_eq!(opcode, if matches!(expected, Message::Text(_)) { 0x81 } else { 0x82 });
        prop_assert_eq!(payload, expected.as_bytes());
    }

    #[test]
    fn any_length_reads_back(data in vec(any::<u8>(), 0..70_000)) {
        let frame = Frame::binary(&data);
        prop_assert_eq!(read_websocket(frame.websocket()), (0x82, &data[..]));
    }
}
