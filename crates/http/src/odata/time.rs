//! Times as Graph writes and reads them.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Serialize, Serializer};
use serde_json::Value;
use tenure_lifecycle::clock::{from_millis, millis};
use tenure_lifecycle::expression::parse_time;

const WITHOUT_FRACTION: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
const WITH_FRACTION: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// A moment that is written as `2026-03-01T08:00:00Z`; milliseconds only if there are any.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(pub(crate) Timestamp);

impl Time {
    fn text(self) -> String {
        let ms = millis(self.0);
        let printer = if ms % 1000 == 0 { WITHOUT_FRACTION } else { WITH_FRACTION };
        printer.timestamp_to_string(&from_millis(ms))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// The same as JSON.
pub(crate) fn time(at: Timestamp) -> Value {
    Value::String(Time(at).text())
}

/// The same, or null.
pub(crate) fn time_or_null(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, time)
}

/// A moment in the path: the `+` of its offset may have become a space, and so may the `T`.
pub(crate) fn time_argument(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let mut letters: Vec<char> = text.chars().collect();
    if letters.get(10) == Some(&' ') {
        letters[10] = 'T';
    }
    for letter in letters.iter_mut().skip(16) {
        if *letter == ' ' {
            *letter = '+';
        }
    }
    parse_time(&letters.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_written_only_if_there_is_one() {
        for (at, written) in [
            ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"),
            ("2026-03-01T08:00:00.5Z", "2026-03-01T08:00:00.500Z"),
            ("2026-03-01T08:00:00.0004Z", "2026-03-01T08:00:00Z"),
            ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250Z"),
        ] {
            assert_eq!(time(at.parse().unwrap()), Value::String(written.to_owned()));
        }
        assert_eq!(time_or_null(None), Value::Null);
    }

    #[test]
    fn spaces_where_a_plus_was_are_understood() {
        let expected = "2026-03-01T08:00:00Z".parse::<Timestamp>().ok();
        for text in [
            "2026-03-01T08:00:00Z",
            "2026-03-01T08:00:00+00:00",
            "2026-03-01T08:00:00 00:00",
            "2026-03-01 09:00:00 01:00",
            "2026-03-01T08:00:00.000000+00:00",
        ] {
            assert_eq!(time_argument(text), expected, "{text}");
        }
        assert_eq!(time_argument("soon"), None);
        assert_eq!(time_argument("2026-03-01T08:00:00"), None);
    }
}
