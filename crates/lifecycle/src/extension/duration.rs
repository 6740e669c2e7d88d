//! Durations as ISO 8601 writes them: `PT1H30M`.

use jiff::Span;

/// The whole seconds of a text such as `PT5M`, `PT1H30M` or `P0DT0H5M`; `None` if it is none, has a fraction, or
/// counts in units whose length is not fixed.
pub fn parse_iso_duration(text: &str) -> Option<i64> {
    let span: Span = text.trim().parse().ok()?;
    let unfit = span.get_years() != 0
        || span.get_months() != 0
        || span.get_weeks() != 0
        || span.get_milliseconds() != 0
        || span.get_microseconds() != 0
        || span.get_nanoseconds() != 0;
    if unfit || !text.trim().starts_with(['P', 'p']) {
        return None;
    }
    let (days, hours) = (i64::from(span.get_days()), i64::from(span.get_hours()));
    let seconds = days.checked_mul(86_400)?.checked_add(hours.checked_mul(3_600)?)?;
    seconds.checked_add(span.get_minutes().checked_mul(60)?)?.checked_add(span.get_seconds())
}

/// The shortest text, hours being the greatest unit.
pub fn iso_duration(seconds: i64) -> String {
    let mut text = "PT".to_owned();
    for (count, unit) in [(seconds / 3_600, 'H'), (seconds % 3_600 / 60, 'M'), (seconds % 60, 'S')] {
        if count != 0 {
            text.push_str(&count.to_string());
            text.push(unit);
        }
    }
    if seconds == 0 {
        text.push_str("0S");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_in_the_shortest_form() {
        for (text, seconds, written) in [
            ("PT5M", 300, "PT5M"),
            ("PT300S", 300, "PT5M"),
            ("pt1h30m", 5_400, "PT1H30M"),
            ("P0DT0H5M0S", 300, "PT5M"),
            ("PT180M", 10_800, "PT3H"),
            ("P1D", 86_400, "PT24H"),
            ("PT0S", 0, "PT0S"),
        ] {
            assert_eq!(parse_iso_duration(text), Some(seconds), "{text}");
            assert_eq!(iso_duration(seconds), written);
        }
        for text in ["", "5", "5m", "PT", "P1M", "P1W", "PT0.5S", "PT9999999999999999999H", "00:05:00"] {
            assert_eq!(parse_iso_duration(text), None, "{text}");
        }
    }
}
