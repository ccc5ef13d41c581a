//! Patterns of namespace names: `/room-{id}`.

/// A pattern. `{name}` stands for one or more characters without a slash, at most once between two
/// slashes; `{*name}` at the end for all that follows. Everything else stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    segments: Vec<Segment>,
    rest: Option<Box<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    prefix: Box<str>,
    /// The placeholder's name, and what follows it.
    placeholder: Option<(Box<str>, Box<str>)>,
}

impl Segment {
    fn decode(text: &str) -> Self {
        let parts = text.split_once('{').and_then(|(prefix, tail)| {
            let (name, suffix) = tail.split_once('}')?;
            (!name.is_empty()).then_some((prefix, name, suffix))
        });
        match parts {
            Some((prefix, name, suffix)) => Self {
                prefix: prefix.into(),
                placeholder: Some((name.into(), suffix.into())),
            },
            None => Self {
                prefix: text.into(),
                placeholder: None,
            },
        }
    }

    /// What stands for the placeholder; empty if there is none. `None` if it does not match.
    fn value<'a>(&self, text: &'a str) -> Option<&'a str> {
        let Some((_, suffix)) = &self.placeholder else {
            return (*text == *self.prefix).then_some("");
        };
        let value = text.strip_prefix(&*self.prefix)?.strip_suffix(&**suffix)?;
        (!value.is_empty()).then_some(value)
    }

    fn name(&self) -> Option<&str> {
        self.placeholder.as_ref().map(|(name, _)| &**name)
    }
}

impl Pattern {
    pub(crate) fn decode(text: &str) -> Self {
        let text = text.strip_prefix('/').unwrap_or(text);
        let (head, last) = text.rsplit_once('/').unwrap_or(("", text));
        let rest = last
            .strip_prefix("{*")
            .and_then(|name| name.strip_suffix('}'));
        let segments = match rest {
            Some(_) if head.is_empty() => Vec::new(),
            Some(_) => head.split('/').map(Segment::decode).collect(),
            None => text.split('/').map(Segment::decode).collect(),
        };
        Self {
            segments,
            rest: rest.map(Into::into),
        }
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        self.values(name, |_, _| ()).is_some()
    }

    /// What stands for a placeholder.
    pub(crate) fn find<'a>(&self, placeholder: &str, name: &'a str) -> Option<&'a str> {
        let mut found = None;
        self.values(name, |key, value| {
            if key == placeholder {
                found = Some(value);
            }
        })?;
        found
    }

    /// Tells each placeholder with its value; `None` if the name does not match.
    fn values<'a>(&self, name: &'a str, mut tell: impl FnMut(&str, &'a str)) -> Option<()> {
        let mut left = Some(name.strip_prefix('/')?);
        for segment in &self.segments {
            let text = left?;
            let (first, after) = match text.split_once('/') {
                Some((first, after)) => (first, Some(after)),
                None => (text, None),
            };
            let value = segment.value(first)?;
            segment.name().into_iter().for_each(|key| tell(key, value));
            left = after;
        }
        match (&self.rest, left) {
            (Some(key), Some(rest)) if !rest.is_empty() => tell(key, rest),
            (None, None) => {}
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn names_match_as_patterns_say() {
        for (pattern, name, values) in [
            ("/room-{id}", "/room-7", Some(vec![("id", "7")])),
            ("/room-{id}", "/room-", None),
            ("/room-{id}", "/room-7/x", None),
            ("room-{id}", "/room-é", Some(vec![("id", "é")])),
            (
                "/{a}/x/{b}.v1",
                "/1/x/2.v1",
                Some(vec![("a", "1"), ("b", "2")]),
            ),
            ("/{a}/x/{b}.v1", "/1/y/2.v1", None),
            ("/t/{*rest}", "/t/a/b", Some(vec![("rest", "a/b")])),
            ("/t/{*rest}", "/t/", None),
            ("/t/{*rest}", "/t", None),
            ("/{*rest}", "/a", Some(vec![("rest", "a")])),
            ("/plain", "/plain", Some(vec![])),
            ("/plain", "/plain/", None),
            ("/odd{", "/odd{", Some(vec![])),
            ("/aa{x}aa", "/aaa", None),
        ] {
            let pattern = Pattern::decode(pattern);
            assert_eq!(pattern.matches(name), values.is_some(), "{name}");
            for (key, value) in values.unwrap_or_default() {
                assert_eq!(pattern.find(key, name), Some(value), "{name}");
            }
            assert_eq!(pattern.find("other", name), None);
        }
    }
}
