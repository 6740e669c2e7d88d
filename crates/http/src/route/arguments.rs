//! Parameters of a function in the path.

use super::segments::unquote;
use crate::errors::GraphError;

/// The values of a function's parameters, in the order of `names`.
///
/// `startDateTime=…,endDateTime=…` with and without quotes; the comma may be missing, because the Python SDK
/// leaves it out. All parameters are required.
pub(crate) fn arguments(
    text: &str,
    names: &[&'static str],
) -> Result<Vec<(&'static str, String)>, GraphError> {
    if names.is_empty() && !text.trim().is_empty() {
        return Err(unknown(text));
    }
    // Where each parameter's `name=` stands.
    let mut starts = vec![];
    for name in names {
        let Some(start) = position(text, name) else {
            return Err(GraphError::option(name, "is a required parameter of the function"));
        };
        starts.push((start, *name));
    }
    starts.sort_unstable();
    if let Some((first, _)) = starts.first()
        && !text[..*first].trim().is_empty()
    {
        return Err(unknown(&text[..*first]));
    }
    let mut values = vec![];
    for (place, (start, name)) in starts.iter().enumerate() {
        let end = starts.get(place + 1).map_or(text.len(), |(next, _)| *next);
        let value = text[start + name.len()..end].trim_start();
        let value = value.strip_prefix('=').unwrap_or(value);
        let value = unquote(value.trim().trim_end_matches(','));
        if let Some((value, rest)) = value.split_once(',') {
            return Err(if position(value, name).is_some() { twice(name) } else { unknown(rest) });
        }
        if value.contains('=') {
            return Err(unknown(&value));
        }
        if value.is_empty() {
            return Err(GraphError::option(name, "is a required parameter of the function"));
        }
        values.push((*name, value));
    }
    values.sort_by_key(|(name, _)| names.iter().position(|known| known == name));
    Ok(values)
}

fn unknown(text: &str) -> GraphError {
    let name = text.split('=').next().unwrap_or_default().trim();
    GraphError::option(name, "is not a parameter of the function")
}

fn twice(name: &str) -> GraphError {
    GraphError::option(name, "is given twice")
}

/// Where `name` followed by `=` begins, in any letter case.
fn position(text: &str, name: &str) -> Option<usize> {
    (0..text.len()).find(|start| {
        text.get(*start..start + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
            && text[start + name.len()..].trim_start().starts_with('=')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["startDateTime", "endDateTime"];

    fn values(text: &str) -> Result<Vec<String>, String> {
        match arguments(text, &NAMES) {
            Ok(found) => Ok(found.into_iter().map(|(_, value)| value).collect()),
            Err(error) => Err(error.message),
        }
    }

    #[test]
    fn quotes_commas_and_order_do_not_matter() {
        let expected = Ok(vec!["2026-03-01T00:00:00Z".to_owned(), "2026-03-08T00:00:00Z".to_owned()]);
        for text in [
            "startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z",
            "startDateTime='2026-03-01T00:00:00Z', endDateTime='2026-03-08T00:00:00Z'",
            "ENDdatetime=2026-03-08T00:00:00Z,startdatetime = 2026-03-01T00:00:00Z",
            "startDateTime=2026-03-01T00:00:00ZendDateTime=2026-03-08T00:00:00Z",
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
        assert_eq!(
            values("startDateTime=2026-03-01T00:00:00.123456+00:00endDateTime=2026-03-08T00:00:00+00:00"),
            Ok(vec!["2026-03-01T00:00:00.123456+00:00".to_owned(), "2026-03-08T00:00:00+00:00".to_owned()])
        );
    }

    #[test]
    fn missing_unknown_and_doubled_parameters_are_named() {
        for (text, named) in [
            ("", "startDateTime"),
            ("startDateTime=1", "endDateTime"),
            ("startDateTime=,endDateTime=2", "startDateTime"),
            ("top=1,startDateTime=1,endDateTime=2", "top"),
            ("startDateTime=1,endDateTime=2,top=3", "top"),
            ("startDateTime=1,top=3,endDateTime=2", "top"),
        ] {
            assert!(values(text).unwrap_err().starts_with(named), "{text}: {:?}", values(text));
        }
    }
}
