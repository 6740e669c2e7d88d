//! Dates and times as HR systems write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use tenure_lifecycle::clock::whole_millis;

use super::text::shown;

/// A date before this year is a mistyped one: a year of two digits read as one of four.
const FIRST_YEAR: i16 = 1900;

/// The forms in which dates are accepted; ISO 8601 is always one of them.
#[derive(Debug)]
pub(super) struct Dates {
    formats: Vec<String>,
    zone: TimeZone,
}

impl Dates {
    /// Checks formats and time zone. Dates without a time begin at midnight in that zone.
    pub(super) fn new(formats: Vec<String>, zone: Option<&str>) -> Result<Self, String> {
        for format in &formats {
            check(format).map_err(|reason| format!("dates.formats: {} {reason}", shown(format)))?;
        }
        let zone = match zone {
            None | Some("UTC") => TimeZone::UTC,
            Some(name) => TimeZone::get(name)
                .map_err(|error| format!("dates.timezone: {} cannot be loaded: {error}", shown(name)))?,
        };
        Ok(Self { formats, zone })
    }

    /// The moment that a text means, in whole milliseconds.
    pub(super) fn moment(&self, text: &str) -> Result<Timestamp, String> {
        let stated = self.formats.iter().filter_map(|format| self.by_format(format, text));
        let readings: Vec<Timestamp> = stated.chain(self.by_iso(text)).collect();
        let year = |at: &Timestamp| self.zone.to_datetime(*at).year();
        if let Some(at) = readings.iter().find(|at| year(at) >= FIRST_YEAR) {
            return Ok(whole_millis(*at));
        }
        match readings.first() {
            Some(at) => Err(format!("{} is in the year {}", shown(text), year(at))),
            None => Err(self.not_a_date(text)),
        }
    }

    fn by_format(&self, format: &str, text: &str) -> Option<Timestamp> {
        let parts = strtime::parse(format, text).ok()?;
        parts.to_timestamp().ok().or_else(|| self.local_moment(parts.to_datetime().ok()?))
    }

    /// Only the form with dashes: digits alone could be anything.
    fn by_iso(&self, text: &str) -> Option<Timestamp> {
        if text.as_bytes().get(4) != Some(&b'-') {
            return None;
        }
        text.parse::<Timestamp>().ok().or_else(|| self.local_moment(text.parse::<DateTime>().ok()?))
    }

    /// The moment of a local time; the last day of 9999, which many write for *never*, is the last moment there is.
    fn local_moment(&self, local: DateTime) -> Option<Timestamp> {
        match self.zone.to_timestamp(local) {
            Ok(moment) => Some(moment),
            Err(_) if local.year() == 9999 => Some(Timestamp::MAX),
            Err(_) => None,
        }
    }

    fn not_a_date(&self, text: &str) -> String {
        let forms: Vec<&str> = self.formats.iter().map(String::as_str).chain(["ISO 8601"]).collect();
        format!("{} is not a date; expected {}", shown(text), forms.join(" or "))
    }
}

/// A format must write a whole date and read it back.
fn check(format: &str) -> Result<(), String> {
    let day = jiff::civil::date(2031, 12, 30);
    let sample = day.at(0, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).map_err(|error| error.to_string())?;
    let written = strtime::format(format, &sample).map_err(|error| format!("is not a format: {error}"))?;
    let read = strtime::parse(format, &written).and_then(|parts| parts.to_date());
    match read {
        Ok(read) if read == day => Ok(()),
        Ok(_) => Err("does not read the dates that it writes".into()),
        Err(error) => Err(format!("does not read a whole date: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(formats: &[&str], zone: TimeZone) -> Dates {
        let formats = formats.iter().map(ToString::to_string).collect();
        Dates { zone, ..Dates::new(formats, None).unwrap() }
    }

    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn moment(dates: &Dates, text: &str) -> String {
        dates.moment(text).unwrap().to_string()
    }

    #[test]
    fn iso_is_always_accepted() {
        let dates = dates(&["%m/%d/%Y"], TimeZone::UTC);
        for (text, at) in [
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            ("2026-03-01T08:30:00", "2026-03-01T08:30:00Z"),
            ("2026-03-01 08:30", "2026-03-01T08:30:00Z"),
            ("2026-03-01T08:30:00Z", "2026-03-01T08:30:00Z"),
            ("2026-03-01T08:30:00.123456+02:00", "2026-03-01T06:30:00.123Z"),
            ("3/1/2026", "2026-03-01T00:00:00Z"),
        ] {
            assert_eq!(moment(&dates, text), at, "{text}");
        }
    }

    #[test]
    fn the_last_day_there_is_means_never() {
        let west = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        for zone in [TimeZone::UTC, berlin(), west] {
            let dates = dates(&["%d.%m.%Y"], zone);
            for text in ["9999-12-31", "31.12.9999", "9999-12-31T23:59:59"] {
                assert!(moment(&dates, text).starts_with("9999-12-3"), "{text}: {}", moment(&dates, text));
            }
        }
    }

    #[test]
    fn formats_are_tried_in_their_order() {
        let dates = dates(&["%d.%m.%Y", "%d.%m.%y", "%d.%m.%Y %H:%M", "%Y%m%d"], TimeZone::UTC);
        assert_eq!(moment(&dates, "01.02.2026 08:15"), "2026-02-01T08:15:00Z");
        assert_eq!(moment(&dates, "01.02.26"), "2026-02-01T00:00:00Z");
        assert_eq!(moment(&dates, "20260201"), "2026-02-01T00:00:00Z");
    }

    #[test]
    fn days_begin_at_midnight_of_the_zone() {
        let dates = dates(&["%d.%m.%Y", "%d.%m.%Y %H:%M %z"], berlin());
        assert_eq!(moment(&dates, "01.03.2026"), "2026-02-28T23:00:00Z");
        assert_eq!(moment(&dates, "01.07.2026"), "2026-06-30T22:00:00Z");
        assert_eq!(moment(&dates, "2026-07-01"), "2026-06-30T22:00:00Z");
        assert_eq!(moment(&dates, "01.07.2026 00:00 +0000"), "2026-07-01T00:00:00Z");
        // 02:30 does not exist on the day the clocks go forward.
        assert_eq!(moment(&dates, "2026-03-29T02:30:00"), "2026-03-29T01:30:00Z");
    }

    #[test]
    fn what_is_no_date_is_told_with_the_forms_expected() {
        let dates = dates(&["%m/%d/%Y"], TimeZone::UTC);
        for text in ["31/12/2026", "02/30/2026", "2026-02-30", "20260301", "soon", "0000-00-00", "1/1/2026 x"]
        {
            let reason = dates.moment(text).unwrap_err();
            assert_eq!(reason, format!("`{text}` is not a date; expected %m/%d/%Y or ISO 8601"));
        }
        assert_eq!(dates.moment("1/1/09").unwrap_err(), "`1/1/09` is in the year 9");
    }

    #[test]
    fn wrong_formats_and_zones_are_refused() {
        let refusal = |formats: &[&str], zone| {
            let formats = formats.iter().map(ToString::to_string).collect();
            Dates::new(formats, zone).unwrap_err()
        };
        assert!(refusal(&["%m/%d"], None).starts_with("dates.formats: `%m/%d` does not read a whole date"));
        assert!(refusal(&["DD.MM.YYYY"], None).starts_with("dates.formats: `DD.MM.YYYY` does not read"));
        assert!(refusal(&["%Q?%"], None).starts_with("dates.formats: `%Q?%` is not a format"));
        let zone = refusal(&[], Some("Europe/Atlantis"));
        assert!(zone.starts_with("dates.timezone: `Europe/Atlantis` cannot be loaded"), "{zone}");
    }
}
