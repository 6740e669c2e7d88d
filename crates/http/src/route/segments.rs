//! A path as it was asked for, cut into segments.

use percent_encoding::percent_decode_str;

use crate::errors::GraphError;

/// A segment of a path, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The name or key.
    pub(super) text: String,
    /// What stands between the parentheses of a function.
    pub(super) arguments: Option<String>,
}

/// Namespaces that may stand before the name of an action or function.
const NAMESPACES: [&str; 2] = ["microsoft.graph.identityGovernance.", "microsoft.graph."];

impl Asked {
    /// Whether it is that name, in any letter case, perhaps qualified.
    pub(super) fn is(&self, name: &str) -> bool {
        self.text.eq_ignore_ascii_case(name)
            || NAMESPACES.iter().any(|namespace| {
                matches!((self.text.get(..namespace.len()), self.text.get(namespace.len()..)),
                    (Some(start), Some(rest)) if start.eq_ignore_ascii_case(namespace) && rest.eq_ignore_ascii_case(name))
            })
    }
}

/// Cuts a path; `name('key')` gives two segments, `name(a=b)` one with arguments.
pub(crate) fn split(path: &str) -> Result<Vec<Asked>, GraphError> {
    let mut segments = vec![];
    let path = path.strip_prefix('/').unwrap_or(path);
    for raw in path.strip_suffix('/').unwrap_or(path).split('/') {
        let text = percent_decode_str(raw)
            .decode_utf8()
            .map_err(|_| GraphError::bad_request("The path is not valid UTF-8."))?
            .into_owned();
        let plain = |text: String| Asked { text, arguments: None };
        let Some((name, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
            segments.push(plain(text));
            continue;
        };
        if name.is_empty() {
            segments.push(plain(text));
        } else if inner.is_empty() || is_named(inner) {
            segments.push(Asked { text: name.to_owned(), arguments: Some(inner.to_owned()) });
        } else {
            segments.push(plain(name.to_owned()));
            segments.push(plain(unquote(inner)));
        }
    }
    Ok(segments)
}

/// Whether the text begins with `name=`.
fn is_named(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim();
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric())
    })
}

/// The text without quotes around it, in which doubled ones stand for one.
pub(super) fn unquote(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keys_and_arguments_are_told_apart() {
        let texts = |path: &str| -> Vec<(String, Option<String>)> {
            split(path).unwrap().into_iter().map(|asked| (asked.text, asked.arguments)).collect()
        };
        assert_eq!(texts("/users('o''neil%40x')/"), [("users".into(), None), ("o'neil@x".into(), None)]);
        assert_eq!(texts("f(a=1,b='2')"), [("f".into(), Some("a=1,b='2'".into()))]);
        assert_eq!(texts("f()"), [("f".into(), Some(String::new()))]);
        assert_eq!(texts("a//b").len(), 3);
    }
}
