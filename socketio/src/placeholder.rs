//! Placeholders: `{"_placeholder":true,"num":0}` stands for the attachment with that number.

/// The key that makes an object a placeholder when its value is `true`.
pub(crate) const KEY: &str = "_placeholder";
/// The key of the attachment's number.
pub(crate) const NUMBER: &str = "num";

/// Whether every placeholder in a valid JSON text names one of `count` attachments.
///
/// The same number may be used twice and an attachment may go unused, as in the reference. Keys
/// may be written with escapes, and of two equal keys the last one counts.
pub(crate) fn all_within(json: &str, count: usize) -> bool {
    let mut open: Vec<Level<'_>> = Vec::new();
    for token in Tokens(json) {
        match token {
            Token::Open(object) => {
                set(&mut open, Value::Other);
                open.push(Level {
                    object,
                    ..Level::default()
                });
            }
            Token::Close => {
                let Some(level) = open.pop() else {
                    return false;
                };
                if level.marked && level.number.is_none_or(|number| number >= count) {
                    return false;
                }
            }
            Token::String(text) => match open.last_mut() {
                Some(level) if level.object && level.key.is_none() => level.key = Some(text),
                _ => set(&mut open, Value::Other),
            },
            Token::Word("true") => set(&mut open, Value::True),
            Token::Word(word) => set(&mut open, Value::Number(word)),
        }
    }
    true
}

/// One array or object being read.
#[derive(Default)]
struct Level<'a> {
    object: bool,
    /// The key whose value comes next, as written, with its quotes.
    key: Option<&'a str>,
    marked: bool,
    number: Option<usize>,
}

enum Value<'a> {
    True,
    Number(&'a str),
    Other,
}

/// Takes note of a value if the innermost level is an object and the key matters.
fn set(open: &mut [Level<'_>], value: Value<'_>) {
    let Some(level) = open.last_mut() else { return };
    let Some(key) = level.key.take() else { return };
    let key: std::borrow::Cow<'_, str> = match key.contains('\\') {
        false => key.trim_matches('"').into(),
        true => crate::json::string_lossy(key).unwrap_or_default(),
    };
    match &*key {
        KEY => level.marked = matches!(value, Value::True),
        NUMBER => {
            level.number = match value {
                Value::Number(word) => index(word),
                Value::True | Value::Other => None,
            }
        }
        _ => {}
    }
}

/// A JSON number as an index: `0`, but also `0.0` and `0e0`, which are the same to JavaScript.
pub(crate) fn index(number: &str) -> Option<usize> {
    if let Ok(index) = number.parse() {
        return Some(index);
    }
    let value: f64 = number.parse().ok()?;
    let small = (0.0..=f64::from(u16::MAX)).contains(&value) && value.fract() == 0.0;
    // In range and integral, so the cast is exact.
    small.then_some(value as usize)
}

enum Token<'a> {
    /// `{` if true, else `[`.
    Open(bool),
    Close,
    /// A string with its quotes, escapes unresolved.
    String(&'a str),
    /// A number, `true`, `false` or `null`.
    Word(&'a str),
}

/// The tokens of a valid JSON text, commas, colons and white space left out.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let skipped = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | ':');
        let text = self.0.trim_start_matches(skipped);
        let length = match text.bytes().next()? {
            b'{' | b'[' | b'}' | b']' => 1,
            b'"' => string_length(text),
            _ => text
                .find(|c: char| skipped(c) || matches!(c, '{' | '[' | '}' | ']' | '"'))
                .unwrap_or(text.len()),
        };
        let (token, rest) = text.split_at(length);
        self.0 = rest;
        Some(match token {
            "{" => Token::Open(true),
            "[" => Token::Open(false),
            "}" | "]" => Token::Close,
            token if token.starts_with('"') => Token::String(token),
            token => Token::Word(token),
        })
    }
}

/// The length of the JSON string at the start of `text`, quotes included.
pub(crate) fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return position + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::all_within;

    #[test]
    fn placeholders_are_found_at_any_depth_and_in_any_spelling() {
        let one = r#"["a",{"b":[{"_placeholder":true,"num":0}]}]"#;
        assert!(all_within(one, 1));
        assert!(!all_within(one, 0));
        assert!(!all_within(r#"[{"num":1,"_placeholder":true}]"#, 1));
        assert!(!all_within(
            r#"[{"\u005fplaceholder" : true , "num" : 1}]"#,
            1
        ));
        assert!(!all_within(r#"[{"_placeholder":true}]"#, 1));
        assert!(!all_within(r#"[{"_placeholder":true,"num":"0"}]"#, 1));
        assert!(!all_within(r#"[{"_placeholder":true,"num":-1}]"#, 1));
        assert!(!all_within(r#"[{"_placeholder":true,"num":0.5}]"#, 1));
        assert!(!all_within(r#"[{"_placeholder":true,"num":0,"num":7}]"#, 1));
    }

    #[test]
    fn what_only_looks_like_a_placeholder_is_left_alone() {
        assert!(all_within(r#"[{"_placeholder":false,"num":9}]"#, 1));
        assert!(all_within(
            r#"[{"_placeholder":true,"num":9,"_placeholder":1}]"#,
            1
        ));
        assert!(all_within(r#"["_placeholder",true,"num",9]"#, 1));
        assert!(all_within(r#"[{"a":"_placeholder","b":true}]"#, 1));
        assert!(all_within(
            r#"[{"_placeholder":{"_placeholder":null},"num":9}]"#,
            1
        ));
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_fraction() {
        assert!(all_within(r#"[{"_placeholder":true,"num":0.0}]"#, 1));
        assert!(all_within(r#"[{"_placeholder":true,"num":0e0}]"#, 1));
    }
}
