//! Workflows that are looked at only when the organisation's interval is over.

use tenure_lifecycle::operations::{SettingsPatch, WorkflowPatch};
use tenure_lifecycle::workflow::{Offset, TimeAttribute, Trigger};
use tenure_testkit::System;

use crate::stage::{processed, scheduled, set, skipped, somebody};

#[test]
fn such_a_workflow_waits_for_the_interval_and_any_other_does_not() {
    let system = System::at("2026-03-10T12:10:00Z").unwrap();
    let patch = SettingsPatch { workflow_schedule_interval_in_hours: Some(2), ..SettingsPatch::default() };
    system.lifecycle.update_settings(&system.caller, &patch).unwrap();
    let events = Trigger::AttributeChange { attributes: vec!["jobTitle".to_owned()] };
    let dates = Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(0) };
    let make = |trigger: &Trigger, by_interval: bool| {
        let mut spec = scheduled(trigger.clone(), "department eq 'Sales'");
        spec.0.is_by_interval = Some(by_interval);
        spec.0.display_name = format!("{} {by_interval}", trigger.kind());
        system.workflow(spec).unwrap()
    };
    let (quick, slow) = (make(&events, false), make(&events, true));
    let (on_time, by_hours) = (make(&dates, false), make(&dates, true));
    let ann = somebody(&system, "ann");
    set(&system, ann, &[("jobTitle", "Clerk"), ("employeeHireDate", "2026-03-10T13:30:00Z")]);
    let now = || [&quick, &slow, &on_time, &by_hours].map(|workflow| processed(&system, workflow, ann));
    assert_eq!(now(), [1, 0, 0, 0]);
    system.advance("2026-03-10T13:59:00Z").unwrap();
    assert_eq!(now(), [1, 0, 1, 0]);
    system.advance("2026-03-10T14:00:00Z").unwrap();
    assert_eq!(now(), [1, 1, 1, 1]);
    assert_eq!(system.runs(&slow).unwrap()[0].scheduled.to_string(), "2026-03-10T14:00:00Z");
    assert_eq!(system.runs(&by_hours).unwrap()[0].scheduled.to_string(), "2026-03-10T14:00:00Z");
    // It can be changed without a new version.
    let patch = WorkflowPatch { is_by_interval: Some(false), ..WorkflowPatch::default() };
    let changed = system.lifecycle.update_workflow(&system.caller, slow.id, patch, None).unwrap();
    assert_eq!(changed.version, 1);
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(processed(&system, &slow, ann), 2);
}

#[test]
fn who_comes_into_scope_until_the_look_after_the_first_is_processed_for_what_happened_before() {
    for (at, times) in [("2026-03-10T12:30:00Z", 1), ("2026-03-10T14:59:00Z", 1), ("2026-03-10T15:01:00Z", 0)]
    {
        let system = System::at("2026-03-10T10:00:00Z").unwrap();
        let ann = somebody(&system, "ann");
        let trigger = Trigger::AttributeChange { attributes: vec!["jobTitle".to_owned()] };
        let mut spec = scheduled(trigger, "city eq 'Bonn'");
        spec.0.is_by_interval = Some(true);
        let workflow = system.workflow(spec).unwrap();
        set(&system, ann, &[("jobTitle", "Clerk")]);
        system.advance("2026-03-10T12:00:00Z").unwrap();
        assert_eq!(processed(&system, &workflow, ann), 0);
        assert_eq!(skipped(&system, &workflow).len(), 1);
        system.advance(at).unwrap();
        set(&system, ann, &[("city", "Bonn")]);
        let now = system.lifecycle.workflow(workflow.id, false).unwrap();
        let explained = system.lifecycle.explain(&now, ann).unwrap();
        assert_eq!(explained.is_processed_later(), times == 1, "{at}");
        system.advance("2026-03-10T18:00:00Z").unwrap();
        assert_eq!(processed(&system, &workflow, ann), times, "{at}");
    }
}
