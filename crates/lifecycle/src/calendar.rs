//! Days as people count them: where they live, and on which days they work.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::clock::{from_millis, millis};
use crate::directory::{Attribute, Kind, User, attribute};
use crate::workflow::{Invalid, Offset};

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;
/// The furthest that a moment of a civil day lies from the same moment in UTC, with some to spare.
const ZONES: i64 = 16 * HOUR;

/// On which days people work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkDays {
    /// Days of the week, in order, from `monday`.
    pub work_days: Vec<DayOfWeek>,
    /// Dates on which nobody works.
    pub holidays: BTreeSet<Date>,
}

impl Default for WorkDays {
    fn default() -> Self {
        Self { work_days: DayOfWeek::ALL[..5].to_vec(), holidays: BTreeSet::new() }
    }
}

/// A day of the week, as Graph spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DayOfWeek {
    /// All, from Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str().eq_ignore_ascii_case(text))
    }

    fn of(day: Weekday) -> Self {
        Self::ALL[day.to_monday_zero_offset().unsigned_abs() as usize % 7]
    }
}

/// How the organisation counts days, as it is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CalendarSettings {
    /// Where people live of whom nothing else is known, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// The attribute that says where somebody lives.
    pub time_zone_attribute: Option<String>,
    /// On which days people work.
    #[serde(flatten)]
    pub work_days: WorkDays,
}

impl CalendarSettings {
    /// The calendar; a time zone that this installation does not know (any more) is none.
    pub fn calendar(&self) -> Calendar {
        Calendar {
            zone: self.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()),
            zone_attribute: self.time_zone_attribute.as_deref().and_then(attribute),
            work_days: self.work_days.clone(),
        }
    }

    /// Checks it; `at` is where it stands.
    pub fn validate(&self, at: &str) -> Result<(), Invalid> {
        let invalid = |name: &str, rule: String| Err(Invalid::new(format!("{at}/{name}"), rule));
        if let Some(name) = &self.time_zone
            && TimeZone::get(name).is_err()
        {
            return invalid(
                "timeZone",
                "must be a time zone of the IANA database, such as Europe/Berlin".to_owned(),
            );
        }
        if let Some(name) = &self.time_zone_attribute
            && attribute(name).is_none_or(|known| known.kind != Kind::Text)
        {
            return invalid("timeZoneAttribute", "must be an attribute of a user that holds text".to_owned());
        }
        if self.work_days.work_days.is_empty() {
            return invalid("workDays", "must hold at least one day".to_owned());
        }
        if self.work_days.holidays.len() > HOLIDAYS {
            return invalid("holidays", format!("must hold at most {HOLIDAYS} dates"));
        }
        Ok(())
    }
}

/// Most holidays: some for each of a hundred years.
const HOLIDAYS: usize = 2_000;

/// The calendar of the organisation. Without time zones a day is a day of UTC.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Where people live of whom nothing else is known.
    pub zone: Option<TimeZone>,
    /// The attribute that says where somebody lives.
    pub zone_attribute: Option<&'static Attribute>,
    /// On which days people work.
    pub work_days: WorkDays,
}

impl Calendar {
    /// The moment so far from a date of a person.
    ///
    /// Where time zones are known, a date without a time of day (midnight in UTC) is that day where the person lives,
    /// and days are counted there. Without, everything is UTC.
    pub fn moment(&self, date: Timestamp, offset: Offset, user: Option<&User>) -> Timestamp {
        let by_zone = self.by_zone();
        match offset {
            Offset::Days(days) if !by_zone => shifted(date, i64::from(days) * DAY),
            Offset::Hours(hours) if !by_zone => shifted(date, i64::from(hours) * HOUR),
            _ => {
                let (Offset::Days(n) | Offset::Hours(n) | Offset::BusinessDays(n)) = offset;
                let beyond = if n < 0 { Timestamp::MIN } else { Timestamp::MAX };
                self.civil_moment(date, offset, &self.zone_of(user)).unwrap_or(beyond)
            }
        }
    }

    /// When a date that is out of reach at `after` comes into reach, or when to look again whether it has: always later.
    pub fn in_reach(&self, date: Timestamp, offset: Offset, after: Timestamp) -> Timestamp {
        let slack = if self.by_zone() { ZONES } else { 0 };
        match offset {
            Offset::Days(days) => shifted(date, i64::from(days) * DAY - slack),
            Offset::Hours(hours) => shifted(date, i64::from(hours) * HOUR - slack),
            // Within two days of it; which working day comes next is asked again every hour.
            Offset::BusinessDays(_) => {
                let utc = Self { work_days: self.work_days.clone(), ..Self::default() };
                shifted(utc.moment(date, offset, None), -slack - 2 * DAY).max(shifted(after, HOUR))
            }
        }
    }

    /// Whether days are counted where people live.
    fn by_zone(&self) -> bool {
        self.zone.is_some() || self.zone_attribute.is_some()
    }

    fn civil_moment(&self, date: Timestamp, offset: Offset, zone: &TimeZone) -> Option<Timestamp> {
        let local: DateTime = if millis(date).rem_euclid(DAY) == 0 {
            TimeZone::UTC.to_datetime(date)
        } else {
            zone.to_datetime(date)
        };
        let moment = |at: DateTime| zone.to_timestamp(at).ok();
        match offset {
            Offset::Days(days) => moment(local.checked_add(Span::new().try_days(days).ok()?).ok()?),
            Offset::BusinessDays(days) => {
                moment(self.work_days.moved(local.date(), days)?.to_datetime(local.time()))
            }
            Offset::Hours(hours) => {
                moment(local)?.checked_add(SignedDuration::from_hours(i64::from(hours))).ok()
            }
        }
    }

    fn zone_of(&self, user: Option<&User>) -> TimeZone {
        let own = self.zone_attribute.and_then(|attribute| user?.text(attribute.name));
        own.and_then(|name| TimeZone::get(name.trim()).ok())
            .or_else(|| self.zone.clone())
            .unwrap_or(TimeZone::UTC)
    }

    /// Dates whose moment is surely past at `now` (up to the first, inclusive), and surely still to come (behind the
    /// second). In between it depends on the person.
    pub fn reach(&self, offset: Offset, now: Timestamp) -> (Timestamp, Timestamp) {
        let slack = if self.by_zone() { ZONES } else { 0 };
        let between = |before: i64| (shifted(now, -before - slack), shifted(now, -before + slack));
        match offset {
            Offset::Days(days) => between(i64::from(days) * DAY),
            Offset::Hours(hours) => between(i64::from(hours) * HOUR),
            Offset::BusinessDays(days) => {
                // The latest day that is moved to a given one or an earlier one, and a day to spare on either side.
                let last = |day: Date| {
                    let mut found = self.work_days.moved(day, -days)?;
                    let is_in = |one: Date| self.work_days.moved(one, days).is_some_and(|moved| moved <= day);
                    while let Ok(next) = found.tomorrow()
                        && is_in(next)
                    {
                        found = next;
                    }
                    while !is_in(found) {
                        found = found.yesterday().ok()?;
                    }
                    Some(found)
                };
                let today = TimeZone::UTC.to_datetime(now).date();
                let start = |day: Date| {
                    TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()
                };
                let low = today.yesterday().ok().and_then(|day| start(last(day)?));
                let high = today.tomorrow().ok().and_then(|day| start(last(day)?.tomorrow().ok()?));
                let low = low.map_or(Timestamp::MIN, |low| shifted(low, -slack));
                (low, high.map_or(Timestamp::MAX, |high| shifted(high, slack)))
            }
        }
    }
}

impl WorkDays {
    /// Whether people work on that day.
    pub fn is_work_day(&self, day: Date) -> bool {
        self.work_days.contains(&DayOfWeek::of(day.weekday())) && !self.holidays.contains(&day)
    }

    /// The day so many working days later, or earlier; with none, the day itself or the next working day. `None` if
    /// there is no such day.
    pub fn moved(&self, day: Date, by: i32) -> Option<Date> {
        let mut day = day;
        if by == 0 {
            while !self.is_work_day(day) {
                day = day.tomorrow().ok()?;
            }
        }
        for _ in 0..by.unsigned_abs() {
            loop {
                day = if by > 0 { day.tomorrow() } else { day.yesterday() }.ok()?;
                if self.is_work_day(day) {
                    break;
                }
            }
        }
        Some(day)
    }
}

fn shifted(at: Timestamp, by: i64) -> Timestamp {
    from_millis(millis(at).saturating_add(by))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin() -> Calendar {
        Calendar { zone: Some(TimeZone::get("Europe/Berlin").unwrap()), ..Calendar::default() }
    }

    #[test]
    fn without_a_time_zone_a_day_is_a_day_of_utc() {
        let calendar = Calendar::default();
        for (date, offset, moment) in [
            ("2026-03-28T08:00:00Z", Offset::Days(2), "2026-03-30T08:00:00Z"),
            ("2026-03-01T00:00:00Z", Offset::Days(-1), "2026-02-28T00:00:00Z"),
            ("2026-03-28T08:00:00Z", Offset::Hours(-36), "2026-03-26T20:00:00Z"),
        ] {
            assert_eq!(calendar.moment(at(date), offset, None), at(moment), "{date} {offset:?}");
            let (past, coming) = calendar.reach(offset, at(moment));
            assert_eq!((past, coming), (at(date), at(date)));
        }
    }

    #[test]
    fn where_people_live_a_date_is_their_day_whatever_the_clocks_do() {
        for (date, offset, moment) in [
            // In winter and in summer.
            ("2026-02-01T00:00:00Z", Offset::Days(0), "2026-01-31T23:00:00Z"),
            ("2026-07-01T00:00:00Z", Offset::Days(0), "2026-06-30T22:00:00Z"),
            // Over the night in which the clocks go forward; a moment keeps its time of day.
            ("2026-03-28T08:00:00Z", Offset::Days(1), "2026-03-29T07:00:00Z"),
            ("2026-03-28T08:00:00Z", Offset::Hours(24), "2026-03-29T08:00:00Z"),
            // The hour that there is not: 02:30 on that day is 03:30.
            ("2026-03-28T01:30:00Z", Offset::Days(1), "2026-03-29T01:30:00Z"),
            ("2028-02-28T00:00:00Z", Offset::Days(1), "2028-02-28T23:00:00Z"),
            // The hour that there is twice: 02:30 on that day is the first of them.
            ("2026-10-24T00:30:00Z", Offset::Days(1), "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(berlin().moment(at(date), offset, None), at(moment), "{date} {offset:?}");
        }
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        let mut calendar = Calendar::default();
        calendar.work_days.holidays.insert("2026-12-25".parse().unwrap());
        for (date, days, moment) in [
            ("2026-12-24T09:00:00Z", 1, "2026-12-28T09:00:00Z"),
            ("2026-12-28T09:00:00Z", -1, "2026-12-24T09:00:00Z"),
            ("2026-12-26T09:00:00Z", 0, "2026-12-28T09:00:00Z"),
            ("2026-12-25T09:00:00Z", 0, "2026-12-28T09:00:00Z"),
            ("2026-12-26T09:00:00Z", 1, "2026-12-28T09:00:00Z"),
            ("2026-12-26T09:00:00Z", -1, "2026-12-24T09:00:00Z"),
            ("2026-12-01T09:00:00Z", 5, "2026-12-08T09:00:00Z"),
        ] {
            let moved = calendar.moment(at(date), Offset::BusinessDays(days), None);
            assert_eq!(moved, at(moment), "{date} {days}");
        }
    }

    #[test]
    fn what_is_out_of_reach_is_not_due_and_what_is_within_is() {
        let mut calendar = berlin();
        calendar
            .work_days
            .holidays
            .extend(["2026-12-25", "2027-01-01"].map(|day| day.parse::<Date>().unwrap()));
        for offset in [-10, -3, -1, 0, 1, 2, 7]
            .into_iter()
            .flat_map(|n| [Offset::Days(n), Offset::Hours(n * 5), Offset::BusinessDays(n)])
        {
            for hour in (0..24 * 40).step_by(7) {
                let now = shifted(at("2026-12-05T00:00:00Z"), hour * HOUR);
                let (past, coming) = calendar.reach(offset, now);
                assert!(millis(coming) - millis(past) <= 9 * DAY, "{offset:?} {now}");
                for from_edge in 0..60 {
                    let date = shifted(past, -from_edge * 5 * HOUR);
                    assert!(calendar.moment(date, offset, None) <= now, "{date} {offset:?} is past at {now}");
                    let date = shifted(coming, from_edge * 5 * HOUR + 1);
                    assert!(calendar.moment(date, offset, None) > now, "{date} {offset:?} comes after {now}");
                }
            }
        }
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        for calendar in [Calendar::default(), berlin()] {
            for offset in [i32::MIN, -100_000, 100_000, i32::MAX] {
                for date in [Timestamp::MIN, Timestamp::MAX, at("9999-12-30T00:00:00Z")] {
                    calendar.moment(date, Offset::Days(offset), None);
                    calendar.moment(date, Offset::Hours(offset), None);
                    calendar.reach(Offset::Days(offset), date);
                }
                calendar.reach(Offset::BusinessDays(offset.clamp(-4_000, 4_000)), Timestamp::MAX);
                calendar.reach(Offset::BusinessDays(offset.clamp(-4_000, 4_000)), Timestamp::MIN);
            }
        }
    }
}
