//! Those who write at the same moment share a transaction: what one of them is refused leaves nothing behind.

use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_testkit::System;

/// Whoever is refused, of forty who write at once.
fn is_refused(place: usize) -> bool {
    place % 2 == 1
}

#[test]
fn what_is_refused_leaves_nothing_behind() {
    let system = System::at("2026-03-10T12:00:00Z").unwrap();
    let people = system.people(41).unwrap();
    let (name, department) = (attribute("userPrincipalName").unwrap(), attribute("department").unwrap());
    let taken = system
        .user(people[0])
        .unwrap()
        .attributes
        .get("userPrincipalName")
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    for round in 0..5 {
        std::thread::scope(|scope| {
            for (place, id) in people[1..].iter().enumerate() {
                let (system, taken) = (&system, taken.clone());
                scope.spawn(move || {
                    let mut set = vec![(department, Value::Text(format!("Department {round}")))];
                    if is_refused(place) {
                        set.push((name, Value::Text(taken)));
                    }
                    let patch = UserPatch { set, ..UserPatch::default() };
                    let outcome = system.lifecycle.update_user(&system.caller, *id, &patch);
                    assert_eq!(outcome.is_err(), is_refused(place), "{place}: {outcome:?}");
                });
            }
        });
        // One entry for each change that was made, and none for those that were not.
        let entries = format!("FROM audit a WHERE a.activity = {}", Activity::UpdateUser.code());
        let made = system.number(&format!("SELECT count(*) {entries}")).unwrap();
        assert_eq!(made, 20 * (round + 1));
        let values = system
            .number(&format!("SELECT count(*) FROM audit_values v WHERE EXISTS (SELECT 1 {entries} AND a.number = v.number)"))
            .unwrap();
        assert_eq!(values, made);
    }
}
