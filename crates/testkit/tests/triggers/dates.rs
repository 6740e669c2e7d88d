//! Dates: hire, leave, created and any other; the operators of Graph's second kind; inactivity.

use tenure_lifecycle::ports::SkipReason;
use tenure_lifecycle::workflow::{Offset, TimeAttribute, TimeOperator, Timing, Trigger};
use tenure_testkit::System;

use crate::stage::{NOW, processed, scheduled, set, skipped, somebody};

const EVERYBODY: &str = "department eq 'Sales'";
const CONTRACT: &str = "onPremisesExtensionAttributes/extensionAttribute5";
const SIGNED_IN: &str = "signInActivity/lastSuccessfulSignInDateTime";

fn window(attribute: &str, operator: TimeOperator, timing: Timing) -> Trigger {
    Trigger::TimeWindow { attribute: TimeAttribute::parse(attribute).unwrap(), operator, timing }
}

fn equal(days: i32) -> TimeOperator {
    TimeOperator::EqualTo { offset_in_days: days }
}

#[test]
fn an_extension_attribute_that_reads_as_a_date_is_one() {
    let system = System::at(NOW).unwrap();
    let trigger = window(CONTRACT, equal(7), Timing::Before);
    let workflow = system.workflow(scheduled(trigger, EVERYBODY)).unwrap();
    let (ann, bob) = (somebody(&system, "ann"), somebody(&system, "bob"));
    set(&system, ann, &[(CONTRACT, "2026-03-20")]);
    set(&system, bob, &[(CONTRACT, "until further notice")]);
    system.advance("2026-03-12T23:59:00Z").unwrap();
    assert_eq!(processed(&system, &workflow, ann), 0);
    system.advance("2026-03-13T00:00:00Z").unwrap();
    assert_eq!((processed(&system, &workflow, ann), processed(&system, &workflow, bob)), (1, 0));
    let runs = system.runs(&workflow).unwrap();
    assert_eq!(runs[0].scheduled.to_string(), "2026-03-13T00:00:00Z", "at the due minute");
    // The same date again is no occasion; another one, and the same after it was withdrawn, is.
    set(&system, ann, &[(CONTRACT, "2026-03-20")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
    set(&system, ann, &[(CONTRACT, "")]);
    set(&system, ann, &[(CONTRACT, "2026-03-20")]);
    assert_eq!(processed(&system, &workflow, ann), 2);
}

#[test]
fn an_operator_holds_on_its_days_and_on_no_other() {
    let before = |days| TimeOperator::LessThanEqualTo { offset_in_days: days };
    let between = TimeOperator::Between { greater_than_offset_in_days: 2, less_than_offset_in_days: 5 };
    // The hire date is 20 March, 08:00; in each case the first and the last moment.
    for (operator, timing, first, last) in [
        (equal(3), Timing::Before, "2026-03-17T08:00:00Z", "2026-03-18T07:59:59Z"),
        (equal(3), Timing::After, "2026-03-23T08:00:00Z", "2026-03-24T07:59:59Z"),
        (equal(0), Timing::On, "2026-03-20T08:00:00Z", "2026-03-21T07:59:59Z"),
        (before(3), Timing::Before, "2026-03-17T08:00:00Z", "2026-03-21T07:59:59Z"),
        (before(3), Timing::After, "2026-03-20T08:00:00Z", "2026-03-24T07:59:59Z"),
        (between, Timing::Before, "2026-03-16T08:00:00Z", "2026-03-18T07:59:59Z"),
        (between, Timing::After, "2026-03-23T08:00:00Z", "2026-03-25T07:59:59Z"),
    ] {
        for (at, wanted) in [(first, 1), (last, 1)] {
            // Who is known only then is processed then, or is too late a second after.
            let system = System::at(at).unwrap();
            let trigger = window("employeeHireDate", operator, timing);
            let workflow = system.workflow(scheduled(trigger.clone(), EVERYBODY)).unwrap();
            let ann = somebody(&system, "ann");
            set(&system, ann, &[("employeeHireDate", "2026-03-20T08:00:00Z")]);
            assert_eq!(processed(&system, &workflow, ann), wanted, "{operator:?} {timing:?} {at}");
        }
        for (at, second, reason) in [(first, -1, None), (last, 1, Some(SkipReason::OutsideCatchUp))] {
            let at: jiff::Timestamp = at.parse().unwrap();
            let system = System::at(&(at + jiff::SignedDuration::from_secs(second)).to_string()).unwrap();
            let trigger = window("employeeHireDate", operator, timing);
            let workflow = system.workflow(scheduled(trigger, EVERYBODY)).unwrap();
            let ann = somebody(&system, "ann");
            set(&system, ann, &[("employeeHireDate", "2026-03-20T08:00:00Z")]);
            assert_eq!(processed(&system, &workflow, ann), 0, "{operator:?} {timing:?} {at}");
            let reasons: Vec<SkipReason> =
                skipped(&system, &workflow).into_iter().map(|(_, why)| why).collect();
            assert_eq!(reasons, reason.into_iter().collect::<Vec<_>>(), "{operator:?} {timing:?} {at}");
        }
    }
}

#[test]
fn who_has_not_signed_in_for_long_is_processed_once_until_they_sign_in_again() {
    let system = System::at(NOW).unwrap();
    let (ann, bob, cyd) = (somebody(&system, "ann"), somebody(&system, "bob"), somebody(&system, "cyd"));
    // Long ago, lately, never.
    set(&system, ann, &[(SIGNED_IN, "2024-01-01T08:00:00Z")]);
    set(&system, bob, &[(SIGNED_IN, "2026-03-01T08:00:00Z")]);
    let trigger = Trigger::UserInactivity { period_in_days: 30 };
    let workflow = system.workflow(scheduled(trigger, EVERYBODY)).unwrap();
    let now = |who| processed(&system, &workflow, who);
    assert_eq!((now(ann), now(bob), now(cyd)), (1, 0, 0));
    system.advance("2026-03-31T07:59:00Z").unwrap();
    assert_eq!(now(bob), 0);
    system.advance("2026-03-31T08:00:00Z").unwrap();
    assert_eq!((now(ann), now(bob), now(cyd)), (1, 1, 0));
    set(&system, ann, &[(SIGNED_IN, "2026-03-31T09:00:00Z")]);
    system.advance("2026-05-15T00:00:00Z").unwrap();
    assert_eq!((now(ann), now(bob), now(cyd)), (2, 1, 0));
}

#[test]
fn an_offset_in_hours_is_kept_to_the_minute() {
    let system = System::at(NOW).unwrap();
    let trigger = Trigger::TimeBased { attribute: TimeAttribute::CreatedDateTime, offset: Offset::Hours(36) };
    let workflow = system.workflow(scheduled(trigger, EVERYBODY)).unwrap();
    let ann = somebody(&system, "ann");
    system.advance("2026-03-11T23:59:59Z").unwrap();
    assert_eq!(processed(&system, &workflow, ann), 0);
    system.advance("2026-03-12T00:00:00Z").unwrap();
    assert_eq!(processed(&system, &workflow, ann), 1);
}

#[test]
fn late_corrected_withdrawn_and_set_again() {
    const LEAVE: &str = "employeeLeaveDateTime";
    let trigger =
        || Trigger::TimeBased { attribute: TimeAttribute::EmployeeLeaveDateTime, offset: Offset::Days(0) };
    let of = |steps: &[(&str, &[(&str, &str)])]| {
        let system = System::at("2026-03-01T00:00:00Z").unwrap();
        let workflow = system.workflow(scheduled(trigger(), EVERYBODY)).unwrap();
        let ann = somebody(&system, "ann");
        for (at, values) in steps {
            system.advance(at).unwrap();
            set(&system, ann, values);
            processed(&system, &workflow, ann);
        }
        system.advance("2026-04-30T00:00:00Z").unwrap();
        let reasons: Vec<SkipReason> = skipped(&system, &workflow).into_iter().map(|(_, why)| why).collect();
        (processed(&system, &workflow, ann), reasons)
    };
    let on = |date: &'static str| [(LEAVE, date)];
    let (tenth, twentieth, never) = (on("2026-03-10T00:00:00Z"), on("2026-03-20T00:00:00Z"), on(""));
    let (out, back) = ([("department", "Legal")], [("department", "Sales")]);
    let late = vec![SkipReason::OutsideCatchUp];
    for (row, steps, times, reasons) in [
        ("entered in time", &[("2026-03-05T00:00:00Z", &tenth[..])][..], 1, vec![]),
        ("entered on the third day after", &[("2026-03-13T23:00:00Z", &tenth[..])], 1, vec![]),
        ("entered later", &[("2026-03-14T00:00:00Z", &tenth[..])], 0, late.clone()),
        (
            "corrected before it was due",
            &[("2026-03-05T00:00:00Z", &tenth[..]), ("2026-03-08T00:00:00Z", &twentieth[..])],
            1,
            vec![],
        ),
        (
            "corrected after it was processed",
            &[("2026-03-05T00:00:00Z", &tenth[..]), ("2026-03-12T00:00:00Z", &twentieth[..])],
            2,
            vec![],
        ),
        (
            "withdrawn before it was due",
            &[("2026-03-05T00:00:00Z", &tenth[..]), ("2026-03-08T00:00:00Z", &never[..])],
            0,
            vec![],
        ),
        (
            "withdrawn and set again",
            &[
                ("2026-03-05T00:00:00Z", &tenth[..]),
                ("2026-03-11T00:00:00Z", &never[..]),
                ("2026-03-12T00:00:00Z", &tenth[..]),
            ],
            2,
            vec![],
        ),
        (
            "hired again and leaves again",
            &[
                ("2026-03-05T00:00:00Z", &tenth[..]),
                ("2026-03-25T00:00:00Z", &on("2026-04-20T00:00:00Z")[..]),
            ],
            2,
            vec![],
        ),
        (
            "out of scope when it was due, and back in time",
            &[
                ("2026-03-05T00:00:00Z", &tenth[..]),
                ("2026-03-06T00:00:00Z", &out[..]),
                ("2026-03-12T00:00:00Z", &back[..]),
            ],
            1,
            vec![],
        ),
        (
            "out of scope when it was due, and back too late",
            &[
                ("2026-03-05T00:00:00Z", &tenth[..]),
                ("2026-03-06T00:00:00Z", &out[..]),
                ("2026-03-20T00:00:00Z", &back[..]),
            ],
            0,
            late,
        ),
    ] {
        assert_eq!(of(steps), (times, reasons), "{row}");
    }
}
