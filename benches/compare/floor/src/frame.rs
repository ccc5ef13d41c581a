//! WebSocket frames, as far as a load generator sends and reads them.

/// The largest message taken; the load sends a few hundred bytes.
const MAX: usize = 64 * 1024;

/// What is at the start of a buffer.
pub enum Inbound {
    /// Not a whole frame yet.
    Partial,
    /// Text, unmasked in place: where it starts, where it and the frame end.
    Text(std::ops::Range<usize>),
    /// Something else, up to there.
    Other(usize),
    /// Nothing a load generator would send.
    Bad,
}

/// Looks at the frame at the start of `buffer`.
pub fn decode(buffer: &mut [u8]) -> Inbound {
    let (Some(&first), Some(&second)) = (buffer.first(), buffer.get(1)) else {
        return Inbound::Partial;
    };
    let (len, header) = match second & 0x7f {
        126 => match buffer.get(2..4) {
            Some(len) => (usize::from(len[0]) << 8 | usize::from(len[1]), 4),
            None => return Inbound::Partial,
        },
        127 => return Inbound::Bad,
        short => (usize::from(short), 2),
    };
    let masked = second & 0x80 != 0;
    if !masked || len > MAX {
        return Inbound::Bad;
    }
    let (start, end) = (header + 4, header + 4 + len);
    let Some(frame) = buffer.get_mut(..end) else {
        return Inbound::Partial;
    };
    let (head, payload) = frame.split_at_mut(start);
    for (byte, mask) in payload.iter_mut().zip(head[header..].iter().cycle()) {
        *byte ^= mask;
    }
    match first & 0x0f {
        1 => Inbound::Text(start..end),
        8 => Inbound::Bad,
        _ => Inbound::Other(end),
    }
}

/// A whole text frame.
pub fn text(parts: &[&[u8]]) -> Vec<u8> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let mut frame = Vec::with_capacity(len + 4);
    frame.push(0x81);
    match u8::try_from(len) {
        Ok(short) if short < 126 => frame.push(short),
        _ => {
            frame.push(126);
            frame.extend_from_slice(&(len as u16).to_be_bytes());
        }
    }
    parts.iter().for_each(|part| frame.extend_from_slice(part));
    frame
}
