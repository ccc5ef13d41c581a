//! HTTP/1.1 answers, found in what was read.

use std::borrow::Cow;

use memchr::memmem;

/// Between the head and the body.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A head longer than this is not one.
const MAX_HEAD: usize = 64 * 1024;

/// A body longer than this is refused rather than kept.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// "101 Switching Protocols", "204 No Content": what follows is no body.
const WITHOUT_BODY: [u16; 2] = [101, 204];

/// One whole answer.
///
/// ```
/// use engineio::client::Response;
///
/// let read = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 ";
/// let (response, length) = Response::decode(read)?.expect("it is complete");
/// assert_eq!((response.status, &response.body[..]), (200, &b"ok"[..]));
/// assert_eq!(&read[length..], b"HTTP/1.1 ");
/// # Ok::<(), engineio::client::ResponseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The body; in one piece, also when it came in chunks.
    pub body: Cow<'a, [u8]>,
    /// The header lines.
    head: &'a [u8],
}

/// What is no answer of HTTP/1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// It does not begin as one, or its head does not end.
    #[error("not an HTTP/1.1 answer")]
    NotHttp,
    /// Neither a length nor chunks: nobody knows where it ends.
    #[error("an answer without a length")]
    Unframed,
    /// Longer than anything a server of this protocol answers.
    #[error("an answer that is too long")]
    TooLong,
}

impl<'a> Response<'a> {
    /// Reads the answer at the beginning of `input`, and its length there. `None` if its end has not come yet.
    ///
    /// # Errors
    /// It is no answer.
    pub fn decode(input: &'a [u8]) -> Result<Option<(Self, usize)>, ResponseError> {
        let begins = input.iter().zip(b"HTTP/1.").all(|(a, b)| a == b);
        let Some(end) = memmem::find(input, END_OF_HEAD).filter(|_| begins) else {
            return match begins && input.len() <= MAX_HEAD {
                true => Ok(None),
                false => Err(ResponseError::NotHttp),
            };
        };
        let (head, rest) = input.split_at(end + END_OF_HEAD.len());
        let mut response = Self {
            status: status(head).ok_or(ResponseError::NotHttp)?,
            body: Cow::Borrowed(&[]),
            head,
        };
        let used = if WITHOUT_BODY.contains(&response.status) {
            0
        } else if let Some(length) = response.header("content-length") {
            let length = decimal(length).ok_or(ResponseError::NotHttp)?;
            if length > MAX_BODY {
                return Err(ResponseError::TooLong);
            }
            let Some(body) = rest.get(..length) else {
                return Ok(None);
            };
            response.body = Cow::Borrowed(body);
            length
        } else if response.header("transfer-encoding").is_some() {
            let Some((body, length)) = chunks(rest)? else {
                return Ok(None);
            };
            response.body = Cow::Owned(body);
            length
        } else {
            return Err(ResponseError::Unframed);
        };
        Ok(Some((response, head.len() + used)))
    }

    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        let mut lines = self.head.split(|&byte| byte == b'\n').skip(1);
        lines.find_map(|line| {
            let (key, value) = line.split_at_checked(name.len())?;
            let value = value.strip_prefix(b":")?;
            key.eq_ignore_ascii_case(name.as_bytes())
                .then(|| value.trim_ascii())
        })
    }
}

/// The number in the first line.
fn status(head: &[u8]) -> Option<u16> {
    let word = head.split(|&byte| byte == b' ' || byte == b'\r').nth(1)?;
    u16::try_from(decimal(word)?).ok()
}

fn decimal(digits: &[u8]) -> Option<usize> {
    str::from_utf8(digits).ok()?.parse().ok()
}

/// The chunks put together, and where they end.
fn chunks(input: &[u8]) -> Result<Option<(Vec<u8>, usize)>, ResponseError> {
    let mut body = Vec::new();
    let mut rest = input;
    loop {
        let Some(end) = memmem::find(rest, b"\r\n") else {
            return Ok(None);
        };
        let (line, tail) = rest.split_at(end);
        let digits = line.split(|&byte| byte == b';').next().unwrap_or_default();
        let length = str::from_utf8(digits.trim_ascii())
            .ok()
            .and_then(|digits| usize::from_str_radix(digits, 16).ok())
            .ok_or(ResponseError::NotHttp)?;
        if length > MAX_BODY - body.len() {
            return Err(ResponseError::TooLong);
        }
        // The line's own end, the data, and the end of that.
        let (Some(data), Some(after)) = (tail.get(2..2 + length), tail.get(4 + length..)) else {
            return Ok(None);
        };
        body.extend_from_slice(data);
        rest = after;
        if length == 0 {
            return Ok(Some((body, input.len() - rest.len())));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHUNKED: &[u8] =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nrest";

    #[test]
    fn chunks_are_put_together() {
        let (response, length) = Response::decode(CHUNKED).unwrap().unwrap();
        assert_eq!(&response.body[..], b"abcde");
        assert_eq!(&CHUNKED[length..], b"rest");
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for (input, error) in [
            (&b"SSH-2.0-OpenSSH\r\n"[..], ResponseError::NotHttp),
            (b"HTTP/1.1 huh\r\n\r\n", ResponseError::NotHttp),
            (b"HTTP/1.1 200 OK\r\n\r\n", ResponseError::Unframed),
            (
                b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                ResponseError::TooLong,
            ),
        ] {
            assert_eq!(Response::decode(input), Err(error));
        }
    }

    proptest! {
        #[test]
        fn nothing_is_read_before_the_end_has_come(cut in 0..CHUNKED.len() - 4) {
            prop_assert_eq!(Response::decode(&CHUNKED[..cut]), Ok(None));
        }

        #[test]
        fn no_input_panics(input: Vec<u8>) {
            let _ = Response::decode(&input);
            let _ = Response::decode(&[b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &input[..]].concat());
        }
    }
}
