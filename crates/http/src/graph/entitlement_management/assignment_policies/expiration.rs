//! When assignments end by themselves, as Graph writes it: an `expirationPattern`.

use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use crate::errors::GraphError;
use crate::odata::{Nullable, Object, time_or_null};

const MEMBERS: &[&str] = &["notSpecified", "noExpiration", "afterDuration"];

enum Kind {
    Never,
    AfterDuration,
}

/// The pattern of a policy.
pub(super) fn pattern(days: Option<i64>) -> Value {
    match days {
        None => json!({ "endDateTime": null, "duration": null, "type": "noExpiration" }),
        Some(days) => {
            json!({ "endDateTime": null, "duration": format!("P{days}D"), "type": "afterDuration" })
        }
    }
}

/// The pattern of an assignment, which ends at that time.
pub(crate) fn until(end: Option<Timestamp>) -> Value {
    let kind = if end.is_some() { "afterDateTime" } else { "noExpiration" };
    json!({ "endDateTime": time_or_null(end), "duration": null, "type": kind })
}

/// Reads the pattern of a policy: days after which an assignment ends; `Some(None)` is never.
pub(super) fn days(body: &Object<'_>) -> Result<Nullable<i64>, GraphError> {
    let Some(pattern) = body.object("expiration")? else {
        // Null is as good as no expiration.
        return Ok(body.has("expiration").then_some(None));
    };
    let parse = |text: &str| {
        let known = MEMBERS.iter().find(|known| known.eq_ignore_ascii_case(text))?;
        Some(if *known == "afterDuration" { Kind::AfterDuration } else { Kind::Never })
    };
    let kind = pattern
        .member("type", MEMBERS, parse)?
        .ok_or_else(|| pattern.invalid("type", format!("is required, one of {}", MEMBERS.join(", "))))?;
    let duration = pattern.nullable_text("duration")?.flatten();
    if pattern.nullable_time("endDateTime")?.flatten().is_some() {
        return Err(pattern.invalid("endDateTime", "must be null: assignments end after a duration"));
    }
    pattern.finish()?;
    match (kind, duration) {
        (Kind::Never, None) => Ok(Some(None)),
        (Kind::Never, Some(_)) => {
            Err(pattern.invalid("duration", "must be null unless type is afterDuration"))
        }
        (Kind::AfterDuration, None) => {
            Err(pattern.invalid("duration", "is required when type is afterDuration"))
        }
        (Kind::AfterDuration, Some(text)) => match whole_days(text) {
            Some(days) => Ok(Some(Some(days))),
            None => Err(pattern.invalid("duration", "must be whole days, such as P30D")),
        },
    }
}

/// The days of a text such as `P30D`, `P4W` or `PT48H`; `None` if it is none, or counts in units whose length is not fixed.
fn whole_days(text: &str) -> Option<i64> {
    let text = text.trim();
    let span: Span = text.parse().ok()?;
    let odd = span.get_years() != 0
        || span.get_months() != 0
        || span.get_minutes() != 0
        || span.get_seconds() != 0
        || span.get_milliseconds() != 0
        || span.get_microseconds() != 0
        || span.get_nanoseconds() != 0
        || span.get_hours() % 24 != 0;
    if odd || !text.starts_with(['P', 'p']) {
        return None;
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    Some(days + i64::from(span.get_hours()) / 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_days() {
        for (text, days) in
            [("P30D", 30), ("p1d", 1), ("P2W", 14), ("P1W1DT24H", 9), ("PT48H", 2), ("P0D", 0)]
        {
            assert_eq!(whole_days(text), Some(days), "{text}");
        }
        for text in ["", "30", "P", "P1M", "P1Y", "PT36H", "P1DT1S", "30 days", "P99999999999D"] {
            assert_eq!(whole_days(text), None, "{text}");
        }
    }

    #[test]
    fn a_pattern_is_read_as_it_is_written() {
        for days_there in [None, Some(30)] {
            let body = json!({ "expiration": pattern(days_there) });
            assert_eq!(days(&Object::root(&body).unwrap()).unwrap(), Some(days_there));
        }
        let read = |body: Value| days(&Object::root(&body).unwrap()).map_err(|error| error.target);
        assert_eq!(read(json!({})), Ok(None));
        assert_eq!(read(json!({ "expiration": null })), Ok(Some(None)));
        assert_eq!(read(json!({ "expiration": { "type": "notSpecified" } })), Ok(Some(None)));
        for (pattern, named) in [
            (json!({}), "type"),
            (json!({ "type": "afterDateTime" }), "type"),
            (json!({ "type": "afterDuration" }), "duration"),
            (json!({ "type": "afterDuration", "duration": "P1M" }), "duration"),
            (json!({ "type": "noExpiration", "duration": "P1D" }), "duration"),
            (json!({ "type": "noExpiration", "endDateTime": "2026-03-01T00:00:00Z" }), "endDateTime"),
            (json!({ "type": "noExpiration", "colour": 1 }), "colour"),
        ] {
            let wrong = read(json!({ "expiration": pattern }));
            assert_eq!(wrong, Err(Some(format!("expiration/{named}"))), "{pattern}");
        }
    }
}
