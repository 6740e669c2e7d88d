//! When a trigger that follows a date says so, and whether that is still worth acting on.

use jiff::Timestamp;

use crate::calendar::Calendar;
use crate::clock::millis;
use crate::directory::User;
use crate::workflow::{Offset, TimeAttribute, TimeOperator, Timing, Trigger};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What a trigger that follows a date comes down to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DateRule {
    /// The date.
    pub attribute: TimeAttribute,
    /// Somebody is due from so far from it on.
    pub opens: Offset,
    /// Until when they are.
    closes: Closes,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Closes {
    /// Until they are not caught up with any more.
    CatchUp,
    /// Until so many days from the date.
    Days(i32),
    Never,
}

/// When somebody is due, and for which occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDate {
    /// The moment; never earlier than the time of day held in the attribute.
    pub at: Timestamp,
    /// Number of the change that set the attribute.
    pub change: i64,
    /// Until when.
    pub until: Until,
}

/// Until when somebody is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until they are not caught up with any more.
    CatchUp,
    /// Until then.
    At(Timestamp),
    /// Without end.
    Never,
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

impl DateRule {
    /// Of a trigger; `None` of one that follows no date.
    pub fn of(trigger: &Trigger) -> Option<Self> {
        let attribute = trigger.attribute()?;
        let (opens, closes) = match trigger {
            Trigger::TimeBased { offset, .. } => (*offset, Closes::CatchUp),
            Trigger::TimeWindow { operator, timing, .. } => {
                let (first, last) = days(*operator, *timing);
                (Offset::Days(first), Closes::Days(last.saturating_add(1)))
            }
            Trigger::UserInactivity { period_in_days } => (Offset::Days(*period_in_days), Closes::Never),
            Trigger::AttributeChange { .. }
            | Trigger::MembershipChange { .. }
            | Trigger::GuestSponsor { .. } => return None,
        };
        Some(Self { attribute, opens, closes })
    }

    /// When the person is due; `None` while the date is not set.
    pub fn due(&self, user: &User, calendar: &Calendar) -> Option<DueDate> {
        let (date, change) = self.attribute.of(user)?;
        let until = match self.closes {
            Closes::CatchUp => Until::CatchUp,
            Closes::Days(days) => Until::At(calendar.moment(date, Offset::Days(days), Some(user))),
            Closes::Never => Until::Never,
        };
        Some(DueDate { at: calendar.moment(date, self.opens, Some(user)), change, until })
    }

    /// No date before this one makes anybody due any more, counted from `from`: what the catch-up window or the operator
    /// says, and a day to spare.
    pub fn earliest(&self, calendar: &Calendar, from: Timestamp, catch_up_days: Option<u32>) -> Timestamp {
        let back = |days: i64| {
            let days = i32::try_from(days).unwrap_or(i32::MAX).saturating_add(1);
            let from = calendar.moment(from, Offset::Days(-days), None);
            calendar.reach(self.opens, from).0
        };
        match (self.closes, catch_up_days) {
            (Closes::CatchUp, Some(days)) => back(i64::from(days)),
            (Closes::Days(last), _) => calendar.reach(Offset::Days(last), from).0,
            (Closes::CatchUp, None) | (Closes::Never, _) => Timestamp::MIN,
        }
    }
}

/// From how many days after the date on, and until how many inclusive; negative is before.
fn days(operator: TimeOperator, timing: Timing) -> (i32, i32) {
    let (fewest, most) = match operator {
        TimeOperator::EqualTo { offset_in_days } => (offset_in_days, offset_in_days),
        TimeOperator::LessThanEqualTo { offset_in_days } => (0, offset_in_days),
        TimeOperator::Between { greater_than_offset_in_days: more, less_than_offset_in_days: fewer } => {
            (more.saturating_add(1), fewer.saturating_sub(1))
        }
    };
    match timing {
        Timing::Before => (-most, -fewest),
        Timing::After | Timing::On => (fewest, most),
    }
}

impl DueDate {
    /// Whether its time has come.
    pub fn has_come(&self, now: Timestamp) -> bool {
        millis(self.at) <= millis(now)
    }

    /// Where the due date stands against the clock; the last day of the catch-up window, in UTC, is inside. How long ago it
    /// is, is counted from `from`, which is `now` unless the workflow was held back.
    pub fn state(&self, now: Timestamp, from: Timestamp, catch_up_days: Option<u32>) -> Due {
        if !self.has_come(now) {
            return Due::Later;
        }
        let is_over = match self.until {
            Until::CatchUp => catch_up_days.is_some_and(|days| {
                millis(from).div_euclid(DAY) - millis(self.at).div_euclid(DAY) > i64::from(days)
            }),
            Until::At(end) => millis(from) >= millis(end),
            Until::Never => false,
        };
        if is_over { Due::TooLate } else { Due::Now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn due(offset: i32, date: &str) -> DueDate {
        let at = Calendar::default().moment(at(date), Offset::Days(offset), None);
        DueDate { at, change: 1, until: Until::CatchUp }
    }

    fn state(offset: i32, date: &str, now: &str, catch_up: Option<u32>) -> Due {
        due(offset, date).state(at(now), at(now), catch_up)
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
    fn whoever_can_still_be_due_is_looked_for() {
        let trigger =
            Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(2) };
        let (rule, now) = (DateRule::of(&trigger).unwrap(), "2026-03-20T12:00:00Z");
        // Due early on the last day of catch-up: 17 March, whatever the time of day is now.
        let date = "2026-03-15T00:00:00Z";
        assert_eq!(state(2, date, now, Some(3)), Due::Now);
        assert!(rule.earliest(&Calendar::default(), at(now), Some(3)) <= at(date));
    }

    #[test]
    fn who_was_due_when_time_stood_still_is_not_too_late() {
        let date = due(0, "2026-03-10T00:00:00Z");
        let (held, now) = (at("2026-03-10T00:00:00Z"), at("2026-03-20T00:00:00Z"));
        assert_eq!(date.state(now, now, Some(3)), Due::TooLate);
        assert_eq!(date.state(now, held, Some(3)), Due::Now);
        assert_eq!(due(0, "2026-03-06T00:00:00Z").state(now, held, Some(3)), Due::TooLate);
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

    #[test]
    fn an_operator_says_on_which_days() {
        use TimeOperator::{Between, EqualTo, LessThanEqualTo};
        let between = Between { greater_than_offset_in_days: 3, less_than_offset_in_days: 7 };
        for (operator, timing, expected) in [
            (EqualTo { offset_in_days: 5 }, Timing::Before, (-5, -5)),
            (EqualTo { offset_in_days: 5 }, Timing::After, (5, 5)),
            (EqualTo { offset_in_days: 0 }, Timing::On, (0, 0)),
            (LessThanEqualTo { offset_in_days: 5 }, Timing::Before, (-5, 0)),
            (LessThanEqualTo { offset_in_days: 5 }, Timing::After, (0, 5)),
            (between, Timing::After, (4, 6)),
            (between, Timing::Before, (-6, -4)),
        ] {
            assert_eq!(days(operator, timing), expected, "{operator:?} {timing:?}");
        }
    }

    #[test]
    fn a_day_that_was_asked_for_lasts_a_day() {
        let trigger = Trigger::TimeWindow {
            attribute: TimeAttribute::EmployeeHireDate,
            operator: TimeOperator::EqualTo { offset_in_days: 2 },
            timing: Timing::After,
        };
        let rule = DateRule::of(&trigger).unwrap();
        assert_eq!((rule.opens, rule.closes), (Offset::Days(2), Closes::Days(3)));
        let (opens, end) = (at("2026-03-03T09:00:00Z"), at("2026-03-04T09:00:00Z"));
        let date = DueDate { at: opens, change: 1, until: Until::At(end) };
        for (now, expected) in [
            ("2026-03-03T08:59:59Z", Due::Later),
            ("2026-03-03T09:00:00Z", Due::Now),
            ("2026-03-04T08:59:59Z", Due::Now),
            ("2026-03-04T09:00:00Z", Due::TooLate),
        ] {
            assert_eq!(date.state(at(now), at(now), None), expected, "{now}");
        }
    }
}
