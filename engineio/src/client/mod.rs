//! What a client needs to read and write, without I/O: requests out, answers and WebSocket frames in.
//!
//! | file | what it is |
//! |---|---|
//! | `target` | [`Target`]: the requests that open, poll, post and upgrade |
//! | `response` | [`Response`]: one HTTP/1.1 answer in what was read |
//! | `scanner` | [`Scanner`]: WebSocket frames in what was read, without a copy |
//! | `masked` | [`encode_masked`]: a WebSocket frame of a client |

mod masked;
mod response;
mod scanner;
mod target;

pub use masked::{Opcode, encode_masked};
pub use response::{Response, ResponseError};
pub use scanner::{FrameError, Incoming, Scanner};
pub use target::{ACCEPT, Target, is_accepted};
