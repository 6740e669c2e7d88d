//! The organisation's interval: when workflows are looked at that are not looked at once.

use jiff::{SignedDuration, Timestamp};

use crate::workflow::Workflow;

/// The next multiple of the interval after `now`, counted from midnight UTC of each day.
pub fn next_interval(now: Timestamp, hours: i64) -> Timestamp {
    const DAY: i64 = 86_400;
    let interval = hours.clamp(1, 24) * 3_600;
    let second = now.as_second();
    let midnight = second - second.rem_euclid(DAY);
    let next = ((second - midnight) / interval + 1) * interval;
    let next = SignedDuration::from_secs(next.min(DAY));
    Timestamp::from_second(midnight).and_then(|midnight| midnight.checked_add(next)).unwrap_or(now)
}

/// The first multiple of the interval that does not lie before `at`.
pub(super) fn this_interval(at: Timestamp, hours: i64) -> Timestamp {
    next_interval(at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(at), hours)
}

/// Whether it is time to look at a workflow.
pub(crate) fn is_time(workflow: &Workflow, now: Timestamp, hours: i64) -> bool {
    next_look(workflow, now, hours) <= now
}

/// When a workflow is looked at next: now, or when the interval is over.
pub(super) fn next_look(workflow: &Workflow, now: Timestamp, hours: i64) -> Timestamp {
    let looked = workflow.cursor.due_until.unwrap_or(workflow.modified);
    if workflow.is_by_interval { next_interval(looked, hours).max(now) } else { now }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_is_a_multiple_of_the_interval_since_midnight() {
        for (now, interval, next) in [
            ("2026-03-01T00:00:00Z", 3, "2026-03-01T03:00:00Z"),
            ("2026-03-01T02:59:59.999Z", 3, "2026-03-01T03:00:00Z"),
            ("2026-03-01T23:30:00Z", 3, "2026-03-02T00:00:00Z"),
            ("2026-03-01T21:00:00Z", 5, "2026-03-02T00:00:00Z"),
            ("2026-03-01T10:00:00Z", 24, "2026-03-02T00:00:00Z"),
        ] {
            assert_eq!(
                next_interval(now.parse().unwrap(), interval),
                next.parse().unwrap(),
                "{now} {interval}"
            );
        }
    }

    #[test]
    fn what_falls_on_a_multiple_waits_for_no_other() {
        for (at, expected) in [
            ("2026-03-01T03:00:00Z", "2026-03-01T03:00:00Z"),
            ("2026-03-01T03:00:00.001Z", "2026-03-01T06:00:00Z"),
            ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
        ] {
            assert_eq!(this_interval(at.parse().unwrap(), 3), expected.parse().unwrap(), "{at}");
        }
    }
}
