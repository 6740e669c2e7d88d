//! What takes a change back: applied after it, everything is as it was before.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::Snapshot;
use super::snapshot::tests::{person, with_user};
use crate::directory::{
    Assignment, AssignmentRequest, RequestKind, RequestState, Value, attribute, attributes,
};
use crate::effect::{Change, Effect};
use crate::ids::{AssignmentId, AssignmentRequestId};

/// A group that the subject is in, and one that they are not in; the same for licences and agent identities.
const HAS: i64 = 3;
const LACKS: i64 = 7;
/// The subject's number, and somebody else's.
const SUBJECT: i64 = 1;
const OTHER: i64 = 2;
/// The packages of the subject's assignments: without an end, and with one.
const OPEN: i64 = 11;
const LIMITED: i64 = 12;

fn later(days: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days)
}

fn assignment(package: i64, expires: Option<Timestamp>) -> Assignment {
    Assignment {
        number: package,
        id: AssignmentId(Uuid::from_u128(package as u128)),
        user: SUBJECT,
        package,
        policy: package * 10,
        assigned: Timestamp::UNIX_EPOCH,
        expires,
        ended: None,
    }
}

fn waiting(number: i64) -> AssignmentRequest {
    AssignmentRequest {
        number,
        id: AssignmentRequestId(Uuid::from_u128(number as u128)),
        user: SUBJECT,
        package: 13,
        policy: Some(130),
        assignment: None,
        kind: RequestKind::UserAdd,
        state: RequestState::PendingApproval,
        created: Timestamp::UNIX_EPOCH,
        completed: None,
    }
}

/// Shows somebody who has one of everything to `look`.
fn with_subject(look: impl FnOnce(Snapshot<'_>)) {
    let user = person(&[("displayName", "Ann"), ("department", "Sales")]);
    with_user(&user, |empty| {
        let mut holdings = empty.holdings.clone();
        holdings.licenses = vec![HAS];
        holdings.agents = vec![HAS];
        holdings.assignments = vec![assignment(OPEN, None), assignment(LIMITED, Some(later(90)))];
        holdings.requests = vec![waiting(21), waiting(22)];
        let has = (&[HAS][..], &holdings);
        look(Snapshot::of(&user, has, empty.people, empty.context, empty.ids, empty.now));
    });
}

/// All of a snapshot that changes change, without ids.
fn state(snapshot: &Snapshot<'_>) -> String {
    let values: Vec<String> = attributes()
        .iter()
        .map(|attribute| format!("{} {}", attribute.name, snapshot.user.value_of(attribute).to_json()))
        .collect();
    let mut assignments: Vec<String> = snapshot
        .holdings
        .assignments
        .iter()
        .map(|one| format!("{} {} {:?} {:?}", one.package, one.policy, one.expires, one.ended))
        .collect();
    assignments.sort();
    let requests: Vec<i64> = snapshot.holdings.requests.iter().map(|one| one.number).collect();
    format!(
        "{values:?} {:?} {:?} {:?} {:?} {assignments:?} {requests:?} {}",
        snapshot.account_enabled,
        snapshot.groups,
        snapshot.holdings.licenses,
        snapshot.holdings.agents,
        snapshot.deleted
    )
}

fn set(name: &str, value: Value) -> Change {
    Change::SetAttribute { attribute: attribute(name).unwrap(), value }
}

fn assign(package: i64, expires: Option<Timestamp>) -> Change {
    Change::AssignPackage {
        id: AssignmentId(Uuid::from_u128(0xa)),
        request: AssignmentRequestId(Uuid::from_u128(0xb)),
        package,
        policy: package * 10,
        expires,
    }
}

fn end(package: i64, at: Option<Timestamp>) -> Change {
    Change::EndAssignment {
        id: assignment(package, None).id,
        request: AssignmentRequestId(Uuid::from_u128(0xc)),
        package,
        policy: package * 10,
        at,
    }
}

/// Every kind of change, each where it changes something. A new kind does not compile until somebody says what it is called.
fn name(change: &Change) -> &'static str {
    match change {
        Change::SetAccountEnabled { .. } => "set account enabled",
        Change::AddMember { .. } => "add member",
        Change::RemoveMember { .. } => "remove member",
        Change::SetAttribute { .. } => "set attribute",
        Change::RevokeSessions => "revoke sessions",
        Change::AssignLicense { .. } => "assign license",
        Change::RemoveLicense { .. } => "remove license",
        Change::AssignPackage { .. } => "assign package",
        Change::EndAssignment { at: None, .. } => "end assignment",
        Change::EndAssignment { at: Some(_), .. } => "end assignment later",
        Change::CancelRequest { .. } => "cancel request",
        Change::AddAgentSponsor { .. } => "add agent sponsor",
        Change::RemoveAgentSponsor { .. } => "remove agent sponsor",
        Change::Delete => "delete",
        Change::Restore => "restore",
    }
}

fn every_change() -> Vec<Change> {
    let text = |text: &str| Value::Text(text.to_owned());
    vec![
        Change::SetAccountEnabled { enabled: true },
        Change::AddMember { group: LACKS },
        Change::RemoveMember { group: HAS },
        set("department", text("IT")),
        set("department", Value::Null),
        set("jobTitle", text("Clerk")),
        set("employeeOrgData/costCenter", text("C-17")),
        set("onPremisesExtensionAttributes/extensionAttribute1", text("x")),
        set("employeeHireDate", Value::DateTime(later(1))),
        set("employeeLeaveDateTime", Value::DateTime(later(2))),
        set("otherMails", Value::List(json!(["a@b"]))),
        set("accountEnabled", Value::Boolean(true)),
        set("accountEnabled", Value::Null),
        Change::RevokeSessions,
        Change::AssignLicense { sku: LACKS },
        Change::RemoveLicense { sku: HAS },
        assign(14, None),
        assign(14, Some(later(30))),
        end(OPEN, None),
        end(LIMITED, None),
        end(OPEN, Some(later(15))),
        end(LIMITED, Some(later(15))),
        Change::CancelRequest { request: 21, package: 13 },
        Change::AddAgentSponsor { agent: LACKS, sponsor: SUBJECT },
        Change::AddAgentSponsor { agent: HAS, sponsor: OTHER },
        Change::RemoveAgentSponsor { agent: HAS, sponsor: SUBJECT },
        Change::RemoveAgentSponsor { agent: HAS, sponsor: OTHER },
        Change::Delete,
        Change::Restore,
    ]
}

#[test]
fn a_change_and_its_inverse_leave_everything_as_it_was() {
    for change in every_change() {
        with_subject(|mut snapshot| {
            if change == Change::Restore {
                snapshot.deleted = true;
            }
            let before = state(&snapshot);
            let Some(inverse) = snapshot.inverse(&change) else { return };
            // What others get is theirs; their snapshot would show it.
            let is_theirs = matches!(
                change,
                Change::AddAgentSponsor { sponsor: OTHER, .. }
                    | Change::RemoveAgentSponsor { sponsor: OTHER, .. }
            );
            snapshot.apply(&Effect::Change(change.clone()));
            let between = state(&snapshot);
            assert_eq!(between == before, is_theirs, "{change:?} changes something");
            // Taking it back can itself be taken back.
            let again = snapshot.inverse(&inverse);
            snapshot.apply(&Effect::Change(inverse.clone()));
            assert_eq!(state(&snapshot), before, "{change:?}, taken back by {inverse:?}");
            snapshot.apply(&Effect::Change(again.unwrap()));
            assert_eq!(state(&snapshot), between, "{change:?} once more");
        });
    }
}

#[test]
fn an_account_goes_back_to_whatever_was_said_of_it() {
    for before in [Some(true), Some(false), None] {
        for enabled in [true, false] {
            with_subject(|mut snapshot| {
                let account = attribute("accountEnabled").unwrap();
                let value = before.map_or(Value::Null, Value::Boolean);
                snapshot.apply(&Effect::Change(Change::SetAttribute { attribute: account, value }));
                assert_eq!(snapshot.account_enabled, before);
                let change = Change::SetAccountEnabled { enabled };
                let inverse = snapshot.inverse(&change).unwrap();
                snapshot.apply(&Effect::Change(change));
                assert_eq!(snapshot.account_enabled, Some(enabled));
                snapshot.apply(&Effect::Change(inverse));
                assert_eq!(snapshot.account_enabled, before);
            });
        }
    }
}

#[test]
fn what_others_get_is_taken_from_them() {
    with_subject(|snapshot| {
        let (add, remove) = (
            Change::AddAgentSponsor { agent: HAS, sponsor: OTHER },
            Change::RemoveAgentSponsor { agent: HAS, sponsor: OTHER },
        );
        assert_eq!(snapshot.inverse(&add).as_ref(), Some(&remove));
        assert_eq!(snapshot.inverse(&remove), Some(add));
    });
}

#[test]
fn these_and_no_others_cannot_be_taken_back() {
    let mut all = BTreeSet::new();
    let mut without = BTreeSet::new();
    for change in every_change() {
        all.insert(name(&change));
        with_subject(|snapshot| {
            if snapshot.inverse(&change).is_none() {
                without.insert(name(&change));
            }
        });
    }
    assert_eq!(all.len(), 15, "every kind of change is tried");
    assert_eq!(without, BTreeSet::from(["cancel request", "end assignment later", "revoke sessions"]));
}

#[test]
fn a_whole_plan_is_taken_back_from_its_end() {
    // The last first, as `tenure.undo` would: each inverse is what it was before its own change.
    with_subject(|mut snapshot| {
        let before = state(&snapshot);
        let mut inverses = Vec::new();
        for change in every_change().into_iter().filter(|change| *change != Change::Restore) {
            let inverse = snapshot.inverse(&change);
            if let Some(inverse) = inverse {
                inverses.push(inverse);
                snapshot.apply(&Effect::Change(change));
            }
        }
        assert_ne!(state(&snapshot), before);
        for inverse in inverses.into_iter().rev() {
            snapshot.apply(&Effect::Change(inverse));
        }
        assert_eq!(state(&snapshot), before);
    });
}
