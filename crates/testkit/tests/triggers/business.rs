//! Days as the organisation counts them: time zones and working days.

use tenure_lifecycle::calendar::CalendarSettings;
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::workflow::{Offset, TimeAttribute, Trigger};
use tenure_testkit::System;

use crate::stage::{processed, scheduled, set, somebody};

const HIRE: &str = "employeeHireDate";
const ZONE: &str = "onPremisesExtensionAttributes/extensionAttribute1";

fn calendar(system: &System, settings: CalendarSettings) {
    let patch = SettingsPatch { calendar: Some(settings), ..SettingsPatch::default() };
    system.lifecycle.update_settings(&system.caller, &patch).unwrap();
}

#[test]
fn a_day_begins_where_people_live() {
    let system = System::at("2026-03-01T00:00:00Z").unwrap();
    calendar(
        &system,
        CalendarSettings {
            time_zone: Some("Europe/Berlin".to_owned()),
            time_zone_attribute: Some(ZONE.to_owned()),
            ..CalendarSettings::default()
        },
    );
    let trigger = Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(0) };
    let workflow = system.workflow(scheduled(trigger, "department eq 'Sales'")).unwrap();
    let due = [
        ("berlin", "", "2026-04-01T00:00:00Z", "2026-03-31T22:00:00Z"),
        ("auckland", "Pacific/Auckland", "2026-04-01T00:00:00Z", "2026-03-31T11:00:00Z"),
        ("honolulu", "Pacific/Honolulu", "2026-04-01T00:00:00Z", "2026-04-01T10:00:00Z"),
        ("nowhere", "Atlantis/Capital", "2026-04-01T00:00:00Z", "2026-03-31T22:00:00Z"),
        // A moment is one wherever it is.
        ("at-nine", "Pacific/Auckland", "2026-04-01T09:00:00Z", "2026-04-01T09:00:00Z"),
    ];
    let people = due.map(|(name, zone, date, _)| {
        let who = somebody(&system, name);
        set(&system, who, &[(ZONE, zone), (HIRE, date)]);
        who
    });
    system.advance("2026-04-02T00:00:00Z").unwrap();
    for (who, (name, _, _, at)) in people.into_iter().zip(due) {
        assert_eq!(processed(&system, &workflow, who), 1, "{name}");
        let runs = system.runs(&workflow).unwrap();
        let run = runs
            .iter()
            .find(|run| system.results(run.number).unwrap().iter().any(|r| r.subject == Some(who)));
        assert_eq!(run.unwrap().scheduled.to_string(), at, "{name}");
    }
}

#[test]
fn working_days_leave_out_weekends_and_holidays() {
    let system = System::at("2026-12-01T00:00:00Z").unwrap();
    let mut settings = CalendarSettings::default();
    settings
        .work_days
        .holidays
        .extend(["2026-12-25", "2027-01-01"].map(|day| day.parse::<jiff::civil::Date>().unwrap()));
    calendar(&system, settings);
    let trigger = |days| Trigger::TimeBased {
        attribute: TimeAttribute::EmployeeHireDate,
        offset: Offset::BusinessDays(days),
    };
    let ann = somebody(&system, "ann");
    set(&system, ann, &[(HIRE, "2026-12-28T08:00:00Z")]);
    for (days, at) in [
        (-3, "2026-12-22T08:00:00Z"),
        (-1, "2026-12-24T08:00:00Z"),
        (0, "2026-12-28T08:00:00Z"),
        (4, "2027-01-04T08:00:00Z"),
    ] {
        let mut spec = scheduled(trigger(days), "department eq 'Sales'");
        spec.0.display_name = format!("{days} days");
        let workflow = system.workflow(spec).unwrap();
        system.advance(at).unwrap();
        assert_eq!(processed(&system, &workflow, ann), 1, "{days}");
        assert_eq!(system.runs(&workflow).unwrap()[0].scheduled.to_string(), at, "{days}");
    }
}

#[test]
fn years_have_ends_and_leap_days() {
    let system = System::at("2028-02-27T00:00:00Z").unwrap();
    let trigger = Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(1) };
    let workflow = system.workflow(scheduled(trigger, "department eq 'Sales'")).unwrap();
    let (leap, last, first) =
        (somebody(&system, "leap"), somebody(&system, "last"), somebody(&system, "first"));
    set(&system, leap, &[(HIRE, "2028-02-28T00:00:00Z")]);
    set(&system, last, &[(HIRE, "9999-12-30T00:00:00Z")]);
    set(&system, first, &[(HIRE, "0001-01-01T00:00:00Z")]);
    system.advance("2028-02-29T00:00:00Z").unwrap();
    assert_eq!(processed(&system, &workflow, leap), 1);
    assert_eq!((processed(&system, &workflow, last), processed(&system, &workflow, first)), (0, 0));
}
