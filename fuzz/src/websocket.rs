//! WebSocket frames (RFC 6455, section 5).

use engineio::Packet;

use crate::engine;

/// How a stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// More frames may come.
    Open,
    /// The peer has closed it, or broken a rule.
    Over,
    /// Something incomplete breaks a rule already, which may be seen now or once it is complete.
    OpenOrOver,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// FIN, the reserved bits and the opcode.
    pub first: u8,
    /// Whether the payload was masked.
    pub masked: bool,
    /// The payload without its mask.
    pub payload: Vec<u8>,
}

/// Takes the first frame off `bytes`; `None` if it is not complete.
pub fn frame(bytes: &mut &[u8]) -> Option<Frame> {
    let [first, second, rest @ ..] = *bytes else {
        return None;
    };
    let masked = second & 0x80 != 0;
    let width = match second & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let (extended, rest) = rest.split_at_checked(width)?;
    let length = match width {
        0 => u64::from(second & 0x7f),
        _ => extended
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    let (mask, rest) = rest.split_at_checked(if masked { 4 } else { 0 })?;
    let (payload, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    let payload = payload.iter().enumerate();
    let payload = payload.map(|(at, byte)| byte ^ mask.get(at % 4).unwrap_or(&0));
    Some(Frame {
        first: *first,
        masked,
        payload: payload.collect(),
    })
}

/// Appends a frame as a client writes it.
pub fn write(first: u8, mask: [u8; 4], payload: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    match payload.len() {
        length @ 0..126 => out.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend(mask);
    let masked = payload.iter().zip(mask.iter().cycle());
    out.extend(masked.map(|(byte, mask)| byte ^ mask));
}

/// What a server hears of everything that a client has sent.
pub fn packets(mut bytes: &[u8], max: usize) -> (Vec<Packet>, End) {
    let mut packets = Vec::new();
    let mut message: Option<(u8, Vec<u8>)> = None;
    loop {
        let Some(frame) = frame(&mut bytes) else {
            // What there is of the next frame may be wrong already.
            let end = if bytes.is_empty() {
                End::Open
            } else {
                End::OpenOrOver
            };
            return (packets, end);
        };
        let opcode = frame.first & 0x0f;
        let is_final = frame.first & 0x80 != 0;
        if frame.first & 0x70 != 0 || !frame.masked || frame.payload.len() > max {
            return (packets, End::Over);
        }
        match opcode {
            9 | 10 if is_final && frame.payload.len() <= 125 => continue,
            0 => match &mut message {
                Some((_, data)) => data.extend(frame.payload),
                None => return (packets, End::Over),
            },
            1 | 2 if message.is_none() => message = Some((opcode, frame.payload)),
            _ => return (packets, End::Over),
        }
        if message.as_ref().is_some_and(|(_, data)| data.len() > max) {
            return (packets, End::Over);
        }
        if !is_final {
            if is_hopeless(&message) {
                return (packets, End::OpenOrOver);
            }
            continue;
        }
        let packet = match message.take() {
            Some((1, data)) => str::from_utf8(&data).ok().and_then(engine::packet),
            Some((_, data)) => Some(Packet::decode_binary(data.into())),
            None => None,
        };
        match packet {
            Some(packet) => packets.push(packet),
            None => return (packets, End::Over),
        }
    }
}

/// Whether text has begun that can never be UTF-8.
fn is_hopeless(message: &Option<(u8, Vec<u8>)>) -> bool {
    let Some((1, data)) = message else {
        return false;
    };
    str::from_utf8(data).is_err_and(|error| error.error_len().is_some())
}
