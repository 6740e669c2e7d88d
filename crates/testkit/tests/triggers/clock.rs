//! Clocks and calendars at their edges: time that goes backwards, days that are shorter or longer, the last year.

use tenure_lifecycle::calendar::CalendarSettings;
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::workflow::{Offset, TimeAttribute, Trigger, Workflow};
use tenure_testkit::System;

use crate::stage::{processed, scheduled, set, skipped, somebody};

const HIRE: &str = "employeeHireDate";

fn on_hire(system: &System, days: i32) -> Workflow {
    let trigger =
        Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(days) };
    system.workflow(scheduled(trigger, "department eq 'Sales'")).unwrap()
}

#[test]
fn a_clock_that_goes_backwards_processes_nobody_twice_and_forgets_nobody() {
    let system = System::at("2026-03-10T12:00:00Z").unwrap();
    let workflow = on_hire(&system, 0);
    let (ann, ben, cyd) = (somebody(&system, "ann"), somebody(&system, "ben"), somebody(&system, "cyd"));
    set(&system, ann, &[(HIRE, "2026-03-10T11:00:00Z")]);
    set(&system, cyd, &[(HIRE, "2026-03-10T12:30:00Z")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
    // Two hours back. Whoever is entered for a moment that the clock has shown before is due when it comes again.
    system.clock.set("2026-03-10T10:00:00Z".parse().unwrap());
    assert_eq!(processed(&system, &workflow, ann), 1);
    set(&system, ben, &[(HIRE, "2026-03-10T11:30:00Z")]);
    assert_eq!(processed(&system, &workflow, ben), 0);
    for (now, wanted) in [
        ("2026-03-10T11:00:00Z", (1, 0, 0)),
        ("2026-03-10T11:30:00Z", (1, 1, 0)),
        ("2026-03-10T12:00:00Z", (1, 1, 0)),
        ("2026-03-10T12:30:00Z", (1, 1, 1)),
        ("2026-03-10T09:00:00Z", (1, 1, 1)),
        ("2026-03-11T00:00:00Z", (1, 1, 1)),
    ] {
        system.clock.set(now.parse().unwrap());
        let found = [ann, ben, cyd].map(|who| processed(&system, &workflow, who));
        assert_eq!((found[0], found[1], found[2]), wanted, "{now}");
    }
    assert!(skipped(&system, &workflow).is_empty());
}

#[test]
fn a_day_is_a_day_when_it_has_23_hours_or_25_or_no_midnight() {
    for (zone, date, at) in [
        // Summer time begins on 29 March and ends on 25 October.
        ("Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-24T00:00:00Z", "2026-10-24T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T23:00:00Z"),
        // The day begins at one o'clock.
        ("Africa/Cairo", "2026-04-23T00:00:00Z", "2026-04-23T22:00:00Z"),
    ] {
        let system = System::at("2026-03-01T00:00:00Z").unwrap();
        let settings = CalendarSettings { time_zone: Some(zone.to_owned()), ..CalendarSettings::default() };
        let patch = SettingsPatch { calendar: Some(settings), ..SettingsPatch::default() };
        system.lifecycle.update_settings(&system.caller, &patch).unwrap();
        let workflow = on_hire(&system, 1);
        let ann = somebody(&system, "ann");
        set(&system, ann, &[(HIRE, date)]);
        system.advance("2026-12-01T00:00:00Z").unwrap();
        let runs = system.runs(&workflow).unwrap();
        let scheduled: Vec<String> = runs.iter().map(|run| run.scheduled.to_string()).collect();
        assert_eq!(scheduled, [at], "the day after {date} in {zone}");
    }
}

#[test]
fn dates_at_the_ends_of_time_are_dates_and_nobody_else_waits_for_them() {
    for days in [-3_650, 0, 3_650] {
        let system = System::at("2026-03-10T12:00:00Z").unwrap();
        let workflow = on_hire(&system, days);
        for (name, date) in [
            ("last", "9999-12-31T23:59:59Z"),
            ("first", "0001-01-01T00:00:00Z"),
            ("leap", "2028-02-29T00:00:00Z"),
        ] {
            let who = somebody(&system, name);
            set(&system, who, &[(HIRE, date)]);
        }
        let ann = somebody(&system, "ann");
        let today = jiff::Timestamp::from_second(1_773_144_000 - i64::from(days) * 86_400).unwrap();
        set(&system, ann, &[(HIRE, &today.to_string())]);
        assert_eq!(processed(&system, &workflow, ann), 1, "{days}");
        assert!(tenure_lifecycle::engine::next_due(&system.lifecycle, system.lifecycle.now()).is_ok());
        assert_eq!(system.runs(&workflow).unwrap().len(), 1, "{days}");
    }
}
