//! What the fuzz targets do: hand bytes to a whole Tenure, and look at what comes back.
//!
//! | target | bytes are |
//! |---|---|
//! | `filter` | `$filter`, `$search` or `$orderby` of a list, and a scope rule's grammar |
//! | `expand` | `$expand` or `$select` of a list |
//! | `body` | the body of a request that writes |
//! | `batch` | the body of `POST /$batch` |
//!
//! But for `batch` the first byte chooses the list or request. Whatever they are, the answer is one that a client can be blamed for: never a 5xx, never a panic, refusals in Graph's shape.

mod door;

use door::Door;
use tenure_lifecycle::expression::{Case, Value, evaluate, explain, parse};

/// Filters, searches and orders of lists.
pub fn filter(data: &[u8]) {
    let Some((choice, text)) = chosen(data) else { return };
    let parsed = parse(text);
    if let Ok(expression) = &parsed {
        let printed = expression.to_string();
        if printed.chars().count() <= 8_192 {
            assert_eq!(parse(&printed).as_ref(), Ok(expression), "{text:?} printed as {printed:?}");
        }
        if expression.lambda_depth() < 3 {
            let nothing = Value::Object(vec![]);
            for case in [Case::Sensitive, Case::Insensitive] {
                let explained = explain(expression, &nothing, case);
                assert_eq!(explained.holds, evaluate(expression, &nothing, case), "{text:?}");
            }
        }
    }
    Door::with(|door| {
        let list = &door.lists[choice % door.lists.len()];
        match choice / door.lists.len() % 4 {
            0 => door.option(list, "search", text),
            1 => door.option(list, "orderby", text),
            _ => {
                let status = door.option(list, "filter", text);
                assert!(status == 400 || parsed.is_ok(), "{list} {text:?}: {status}");
                status
            }
        };
    });
}

/// What is spelled out and selected.
pub fn expand(data: &[u8]) {
    let Some((choice, text)) = chosen(data) else { return };
    Door::with(|door| {
        let list = &door.lists[choice % door.lists.len()];
        let option = if choice / door.lists.len() % 4 == 0 { "select" } else { "expand" };
        door.option(list, option, text);
    });
}

/// The first byte, and the rest as text.
fn chosen(data: &[u8]) -> Option<(usize, &str)> {
    let (choice, text) = data.split_first()?;
    Some((usize::from(*choice), std::str::from_utf8(text).ok()?))
}

/// Bodies of what writes.
pub fn body(data: &[u8]) {
    let Some((choice, body)) = data.split_first() else { return };
    Door::with(|door| {
        let (method, path) = &door.writes[usize::from(*choice) % door.writes.len()];
        let status = door.ask(method, path, body);
        assert!(matches!(status, 200..=204 | 400 | 404 | 409 | 412 | 413), "{method} {path}: {status}");
    });
}

/// Envelopes of several requests.
pub fn batch(data: &[u8]) {
    Door::with(|door| {
        let status = door.batch(data);
        assert!(matches!(status, 200 | 400 | 413), "$batch: {status}");
    });
}
