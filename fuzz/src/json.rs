//! Nesting, event names and placeholders.

use serde_json::{Value, value::RawValue};

/// How deep brackets nest in a valid JSON text.
pub fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let mut chars = json.chars();
    while let Some(next) = chars.next() {
        match next {
            '"' => {
                while let Some(inside) = chars.next() {
                    match inside {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '[' | '{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The elements of a JSON array; `None` if it is none.
pub fn elements(array: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(array).ok()
}

/// Whether an element of an event's array can be its name.
pub fn is_name(element: &RawValue) -> bool {
    element
        .get()
        .starts_with(|first: char| first == '"' || first == '-' || first.is_ascii_digit())
}

/// Whether every placeholder names one of `count` attachments; `None` where no tree can be made of the text.
pub fn placeholders_fit(json: &str, count: usize) -> Option<bool> {
    let tree: Value = serde_json::from_str(json).ok()?;
    Some(fit(&tree, count))
}

fn fit(value: &Value, count: usize) -> bool {
    match value {
        Value::Array(elements) => elements.iter().all(|element| fit(element, count)),
        Value::Object(fields) if fields.get("_placeholder") == Some(&Value::Bool(true)) => {
            let number = fields.get("num").and_then(Value::as_f64);
            number.is_some_and(|number| (0..count).any(|index| index as f64 == number))
                && fields.values().all(|field| fit(field, count))
        }
        Value::Object(fields) => fields.values().all(|field| fit(field, count)),
        _ => true,
    }
}
