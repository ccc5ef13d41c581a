use proptest::prelude::*;

use super::*;
use crate::Frame;

/// Everything found in the pieces: texts as they are, the others with their kind.
fn scan(pieces: &[&[u8]]) -> Result<(u64, Vec<String>), FrameError> {
    let mut scanner = Scanner::default();
    let mut found = Vec::new();
    let mut frames = 0;
    for piece in pieces {
        frames += scanner.scan(piece, |incoming| {
            found.push(match incoming {
                Incoming::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            });
            Ok::<_, FrameError>(())
        })?;
    }
    Ok((frames, found))
}

#[test]
fn control_frames_stand_between_fragments() {
    let stream = b"\x01\x02ab\x89\x01p\x00\x01c\x80\x01d\x88\x02\x03\xe8";
    let (frames, found) = scan(&[stream]).unwrap();
    assert_eq!(frames, 5);
    assert_eq!(found, ["Ping([112])", "abcd", "Close([3, 232])"]);
}

#[test]
fn what_breaks_the_rules_is_refused() {
    for (stream, error) in [
        (&b"\x81\x81\0\0\0\0a"[..], FrameError::Masked),
        (b"\xc1\x01a", FrameError::Reserved),
        (b"\x83\x01a", FrameError::Opcode(3)),
        (b"\x80\x01a", FrameError::Fragment),
        (b"\x01\x01a\x81\x01b", FrameError::Fragment),
        (
            b"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
            FrameError::TooLong(i64::MAX as u64),
        ),
    ] {
        assert_eq!(scan(&[stream]), Err(error), "{stream:x?}");
    }
}

#[test]
fn the_buffer_of_a_long_frame_is_not_kept() {
    let frame = Frame::text(100_000, |out| out.resize(out.len() + 100_000, b'x'));
    let mut scanner = Scanner::default();
    let (head, tail) = frame.websocket().split_at(50_000);
    let mut on = |_: Incoming<'_>| Ok::<_, FrameError>(());
    assert_eq!(scanner.scan(head, &mut on), Ok(0));
    assert_eq!(scanner.scan(tail, &mut on), Ok(1));
    assert!(scanner.partial.capacity() <= KEPT);
}

proptest! {
    #[test]
    fn any_split_gives_the_same_count(
        lengths in prop::collection::vec(prop_oneof![0_usize..300, 65_500_usize..65_600], 1..8),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let mut stream = Vec::new();
        for (i, &length) in lengths.iter().enumerate() {
            let frame = Frame::text(length, |out| out.resize(out.len() + length, b'a' + i as u8));
            stream.extend_from_slice(frame.websocket());
        }
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len())).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        let whole = scan(&[&stream]).unwrap();
        prop_assert_eq!(whole.0, lengths.len() as u64);
        prop_assert_eq!(scan(&pieces).unwrap(), whole);
    }

    #[test]
    fn a_cut_after_every_byte_gives_the_same_count(length in 0_usize..70_000) {
        let frame = Frame::binary(&vec![7; length]);
        let pieces: Vec<_> = frame.websocket().chunks(1).collect();
        prop_assert_eq!(scan(&pieces).unwrap(), scan(&[frame.websocket()]).unwrap());
    }

    #[test]
    fn no_input_panics(input: Vec<u8>, cut: prop::sample::Index) {
        let cut = cut.index(input.len() + 1);
        let (head, tail) = input.split_at(cut);
        prop_assert_eq!(scan(&[head, tail]), scan(&[&input]));
    }
}
