//! In front of the parser: a large frame waits here until it is whole.
//!
//! tungstenite reserves what the head of a frame declares as soon as it sees the head. So it sees the
//! head of a large frame together with the last of its payload, and a peer that declares a megabyte and
//! sends nothing more occupies no more than it has sent.
//!
//! Only lengths are read here (RFC 6455, section 5.2); every rule is the parser's.

/// A frame of at most so many bytes, with its head, goes through as it comes: most frames are smaller,
/// and it is all that one reserves. The inputs of fuzz targets are short.
const SMALL: usize = if cfg!(feature = "fuzzing") { 64 } else { 4096 };

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Intake {
    /// So many of the next bytes go through.
    through: usize,
    /// The beginning of a frame: of its head, or of a large one.
    held: Vec<u8>,
}

/// What the parser gets next.
#[derive(Debug)]
pub(super) enum Portion<'a> {
    /// The beginning of the input. What was taken of it has to be told to [`Intake::took`].
    Input(&'a [u8]),
    /// What was held, the input's beginning with it. It has to be taken whole.
    Held(Vec<u8>),
    /// Nothing: what there was is held.
    Nothing,
}

impl Intake {
    /// The next portion. `rest` is the input that was not seen; what is held of it is cut off. Payloads
    /// above `max` are not held: they are refused for their head.
    pub(super) fn next<'a>(&mut self, rest: &mut &'a [u8], max: usize) -> Portion<'a> {
        if self.through == 0 && self.held.is_empty() {
            self.through = runs_through(rest, max);
        }
        if rest.is_empty() {
            return Portion::Nothing;
        }
        if self.through > 0 {
            let length = self.through.min(rest.len());
            return Portion::Input(rest.get(..length).unwrap_or_default());
        }
        self.hold(rest, max)
    }

    /// So many bytes of the input went through.
    pub(super) fn took(&mut self, bytes: usize) {
        self.through = self.through.saturating_sub(bytes);
    }

    fn hold(&mut self, rest: &mut &[u8], max: usize) -> Portion<'static> {
        let extent = loop {
            if let Some(extent) = Extent::of(&self.held) {
                break extent;
            }
            let Some((first, behind)) = rest.split_first() else {
                return Portion::Nothing;
            };
            self.held.push(*first);
            *rest = behind;
        };
        let missing = extent.frame.saturating_sub(self.held.len());
        if !extent.waits(max) {
            self.through = missing;
            return Portion::Held(std::mem::take(&mut self.held));
        }
        let (payload, behind) = rest.split_at(missing.min(rest.len()));
        self.held.extend_from_slice(payload);
        *rest = behind;
        if payload.len() < missing {
            return Portion::Nothing;
        }
        Portion::Held(std::mem::take(&mut self.held))
    }
}

/// How many bytes from here on go through: whole frames, and a last one that need not wait.
fn runs_through(input: &[u8], max: usize) -> usize {
    let mut through: usize = 0;
    while let Some(rest) = input.get(through..)
        && let Some(extent) = Extent::of(rest)
        && (extent.frame <= rest.len() || !extent.waits(max))
    {
        through = through.saturating_add(extent.frame);
    }
    through
}

/// What the head of a frame declares.
struct Extent {
    payload: usize,
    /// With its head.
    frame: usize,
}

impl Extent {
    /// `None` while the head is not whole, which is after 14 bytes at the latest.
    fn of(frame: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| {
            let number = bytes
                .iter()
                .fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
            usize::try_from(number).unwrap_or(usize::MAX)
        };
        let second = *frame.get(1)?;
        let (payload, lengths) = match second & 0x7f {
            126 => (number(frame.get(2..4)?), 2),
            127 => (number(frame.get(2..10)?), 8),
            short => (usize::from(short), 0),
        };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let head = 2 + lengths + mask;
        frame.get(..head)?;
        Some(Self {
            payload,
            frame: payload.saturating_add(head),
        })
    }

    /// Whether the parser must not see it before it is whole.
    fn waits(&self, max: usize) -> bool {
        self.frame > SMALL && self.payload <= max
    }
}
