//! Guests for whom nobody vouches.

use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::workflow::Trigger;
use tenure_testkit::System;

use crate::stage::{NOW, processed, scheduled, set, somebody};

fn guest(system: &System, name: &str, sponsors: &[UserId]) -> UserId {
    let guest = somebody(system, name);
    set(system, guest, &[("userType", "Guest")]);
    for sponsor in sponsors {
        system.lifecycle.add_sponsor(&system.caller, guest, *sponsor).unwrap();
    }
    guest
}

#[test]
fn a_guest_without_sponsors_is_processed_once_each_time_that_happens() {
    let system = System::at(NOW).unwrap();
    let (boss, other) = (somebody(&system, "boss"), somebody(&system, "other"));
    let (alone, vouched) = (guest(&system, "alone", &[]), guest(&system, "vouched", &[boss, other]));
    let trigger = Trigger::GuestSponsor { minimum_required_sponsors: 0 };
    let workflow = system.workflow(scheduled(trigger, "department eq 'Sales'")).unwrap();
    let now = |who| processed(&system, &workflow, who);
    assert_eq!((now(alone), now(vouched), now(boss)), (1, 0, 0));
    system.lifecycle.remove_sponsor(&system.caller, vouched, boss).unwrap();
    assert_eq!((now(alone), now(vouched)), (1, 0));
    // The last one is deleted.
    system.lifecycle.delete_user(&system.caller, other).unwrap();
    assert_eq!((now(alone), now(vouched)), (1, 1));
    set(&system, vouched, &[("city", "Bonn")]);
    assert_eq!(now(vouched), 1);
    // Somebody vouches again, and then no more.
    system.lifecycle.add_sponsor(&system.caller, vouched, boss).unwrap();
    assert_eq!(now(vouched), 1);
    system.lifecycle.remove_sponsor(&system.caller, vouched, boss).unwrap();
    assert_eq!(now(vouched), 2);
    // Who becomes a guest, and who comes as one.
    set(&system, boss, &[("userType", "Guest")]);
    let late = guest(&system, "late", &[]);
    assert_eq!((now(boss), now(late)), (1, 1));
}

#[test]
fn who_found_a_sponsor_before_their_turn_came_is_left_alone() {
    let system = System::at(NOW).unwrap();
    let boss = somebody(&system, "boss");
    let trigger = Trigger::GuestSponsor { minimum_required_sponsors: 0 };
    let workflow = system.workflow(scheduled(trigger, "department eq 'Sales'")).unwrap();
    let ann = guest(&system, "ann", &[]);
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.lifecycle.add_sponsor(&system.caller, ann, boss).unwrap();
    system.drain().unwrap();
    assert_eq!(processed(&system, &workflow, ann), 0);
}

#[test]
fn whoever_looks_who_is_due_is_told_of_each_sponsor_who_comes_or_goes() {
    let system = System::at(NOW).unwrap();
    let (boss, ann) = (somebody(&system, "boss"), guest(&system, "ann", &[]));
    let rung = || system.lifecycle.changes.rung();
    let before = rung();
    system.lifecycle.add_sponsor(&system.caller, ann, boss).unwrap();
    assert_eq!(rung(), before + 1);
    system.lifecycle.remove_sponsor(&system.caller, ann, boss).unwrap();
    assert_eq!(rung(), before + 2);
}
