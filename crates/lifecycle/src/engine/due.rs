//! When a trigger says so, and whether that is still worth acting on.

use jiff::{SignedDuration, Timestamp};

use crate::clock::{from_millis, millis};
use crate::directory::User;
use crate::workflow::{TimeAttribute, Trigger};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// When somebody is due, and for which occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDate {
    /// The moment; never earlier than the time of day held in the attribute.
    pub at: Timestamp,
    /// Number of the change that set the attribute.
    pub change: i64,
}

/// Where a due date stands against the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Still to come.
    Later,
    /// To be processed.
    Now,
    /// So far back that it is not caught up with.
    TooLate,
}

impl Trigger {
    /// The attribute that the trigger follows.
    pub fn attribute(&self) -> TimeAttribute {
        let Self::TimeBased { attribute, .. } = self;
        *attribute
    }

    /// Moves a date of a person to the moment when they are due.
    pub fn due_at(&self, date: Timestamp) -> Timestamp {
        let Self::TimeBased { offset_in_days, .. } = self;
        from_millis(millis(date).saturating_add(i64::from(*offset_in_days) * DAY))
    }

    /// The latest date of a person who is due at `now`.
    pub fn horizon(&self, now: Timestamp) -> Timestamp {
        let Self::TimeBased { offset_in_days, .. } = self;
        now.checked_sub(SignedDuration::from_millis(i64::from(*offset_in_days) * DAY))
            .unwrap_or(Timestamp::MIN)
    }

    /// When the person is due; `None` while the date is not set.
    pub fn due(&self, user: &User) -> Option<DueDate> {
        let (date, change) = self.attribute().of(user)?;
        Some(DueDate { at: self.due_at(date), change })
    }
}

impl DueDate {
    /// Where the due date stands against the clock; the last day of the catch-up window, in UTC, is inside. How long ago it
    /// is, is counted from `from`, which is `now` unless the workflow was held back.
    pub fn state(&self, now: Timestamp, from: Timestamp, catch_up_days: Option<u32>) -> Due {
        let due = millis(self.at);
        if due > millis(now) {
            return Due::Later;
        }
        let days_past = millis(from).div_euclid(DAY) - due.div_euclid(DAY);
        match catch_up_days {
            Some(days) if days_past > i64::from(days) => Due::TooLate,
            _ => Due::Now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn state(offset: i32, date: &str, now: &str, catch_up: Option<u32>) -> Due {
        let trigger =
            Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset_in_days: offset };
        DueDate { at: trigger.due_at(at(date)), change: 1 }.state(at(now), at(now), catch_up)
    }

    #[test]
    fn the_table_of_the_documentation_holds() {
        let now = "2026-03-20T12:00:00Z";
        assert_eq!(state(-7, "2026-03-30T08:00:00Z", now, Some(3)), Due::Later);
        assert_eq!(state(-7, "2026-03-25T08:00:00Z", now, Some(3)), Due::Now);
        assert_eq!(state(-7, "2026-03-23T08:00:00Z", now, Some(3)), Due::TooLate);
        assert_eq!(state(-4, "2026-03-21T08:00:00Z", now, Some(3)), Due::Now);
        assert_eq!(state(7, "2026-03-10T08:00:00Z", now, Some(3)), Due::Now);
    }

    #[test]
    fn who_was_due_when_time_stood_still_is_not_too_late() {
        let date = DueDate { at: at("2026-03-10T00:00:00Z"), change: 1 };
        let (held, now) = (at("2026-03-10T00:00:00Z"), at("2026-03-20T00:00:00Z"));
        assert_eq!(date.state(now, now, Some(3)), Due::TooLate);
        assert_eq!(date.state(now, held, Some(3)), Due::Now);
        let earlier = DueDate { at: at("2026-03-06T00:00:00Z"), change: 1 };
        assert_eq!(earlier.state(now, held, Some(3)), Due::TooLate);
    }

    #[test]
    fn nobody_is_due_before_the_time_of_day() {
        assert_eq!(state(0, "2026-03-20T12:00:01Z", "2026-03-20T12:00:00Z", Some(3)), Due::Later);
        assert_eq!(state(0, "2026-03-20T12:00:00Z", "2026-03-20T12:00:00Z", Some(3)), Due::Now);
    }

    #[test]
    fn the_window_can_be_closed_and_opened_for_good() {
        assert_eq!(state(0, "2026-03-19T23:59:59Z", "2026-03-20T00:00:00Z", Some(0)), Due::TooLate);
        assert_eq!(state(0, "1999-03-19T23:59:59Z", "2026-03-20T00:00:00Z", None), Due::Now);
    }
}
