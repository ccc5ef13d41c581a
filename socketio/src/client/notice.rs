//! What a session tells its owner.

/// One thing that happened, borrowed from the buffer it was read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The namespace is open: events may go both ways.
    Connected,
    /// An event without attachments that wants no ack: its JSON array, unparsed and not checked. `Event::decode` reads it.
    Event(&'a [u8]),
    /// The answer to an event that was sent with this id: a JSON array, unparsed and not checked.
    Ack {
        /// The id.
        id: u64,
        /// What was answered.
        args: &'a [u8],
    },
    /// Any other packet, as it is on the wire: with attachments, wanting an ack, of another namespace. `packet::decode_text` reads it.
    Packet(&'a [u8]),
    /// An attachment of the packet before it.
    Binary(&'a [u8]),
}
