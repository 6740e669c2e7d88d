//! Taking back what a run did to a person: from its last effect to its first, as the audit has them. What was changed since
//! stays as it is, and the result says so.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::plan::Planning;
use crate::audit::Activity;
use crate::directory::{Assignment, Group, RequestState, User, Value, attributes};
use crate::effect::{Change, Effect, History, Recorded, foretell};
use crate::ids::{AssignmentRequestId, Ordinal};
use crate::ports::{LoadedUser, SettledTask, SettledUser, UserOutcome};
use crate::run::{ExecutionType, Status, user_status};
use crate::task::{People, Snapshot};

/// What becomes of one entry.
enum Back {
    /// It is taken back by this.
    By(Change),
    /// There is nothing to take back.
    AsBefore,
    /// Nothing takes it back; that is said.
    Stays(String),
    /// It cannot be taken back now, for this reason.
    Refused(String),
}

impl Planning<'_> {
    /// What becomes of somebody for whom a run is undone.
    pub(super) fn undo(
        &self,
        loaded: &LoadedUser,
        user: &User,
        history: &History,
        settled: &mut SettledUser,
    ) -> UserOutcome {
        let (batch, now) = (self.batch, self.now);
        let has = (loaded.groups.as_slice(), &loaded.holdings);
        let snapshot = Snapshot::of(user, has, &batch.people, &self.context, self.ids, now);
        let mut taking = TakingBack { history, snapshot, sponsorships: HashMap::new() };
        let chosen = batch.version.tasks.iter();
        let chosen = chosen.filter(|task| task.is_enabled && loaded.is_for(task.execution_sequence));
        let mut chosen: Vec<Ordinal> = chosen.map(|task| task.execution_sequence).collect();
        // What was done last is taken back first; a run that took something back did the last task first.
        chosen.sort_by_key(|ordinal| std::cmp::Reverse((history.last_of(*ordinal), *ordinal)));
        let mut failed = 0;
        for ordinal in chosen {
            let (changes, said) = taking.task(ordinal);
            let effects = changes.iter().cloned().map(Effect::Change);
            let (status, note) = match said {
                Err(reasons) => (Status::Failed, Some(reasons)),
                Ok(remark) if batch.execution_type == ExecutionType::Preview => {
                    let would = foretell(&effects.collect::<Vec<_>>(), &batch.people);
                    (Status::Completed, would.into_iter().chain(remark).reduce(|a, b| format!("{a}; {b}")))
                }
                Ok(remark) => (Status::Completed, remark),
            };
            failed += i64::from(status == Status::Failed);
            if batch.execution_type != ExecutionType::Preview {
                settled.effects.extend(changes.into_iter().map(|change| (ordinal, change)));
            }
            settled.tasks.push(SettledTask { ordinal, status, started: now, completed: now, note });
        }
        // The audit and the list of results go by place, whatever was taken back first.
        settled.tasks.sort_by_key(|task| task.ordinal);
        UserOutcome::Finished(user_status(failed, false))
    }
}

/// A person in the course of it.
struct TakingBack<'a> {
    history: &'a History,
    snapshot: Snapshot<'a>,
    /// Whether somebody vouches for an agent identity, where it was changed by now: (agent, sponsor).
    sponsorships: HashMap<(i64, i64), bool>,
}

impl TakingBack<'_> {
    /// Takes back what one task did; with what there is to say of it, or why some of it could not be.
    fn task(&mut self, ordinal: Ordinal) -> (Vec<Change>, Result<Option<String>, String>) {
        let (mut changes, mut stays, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        if let Err(reason) = self.may_be_touched() {
            return (changes, Err(reason));
        }
        let history = self.history;
        let records = || history.records.iter().filter(|record| record.ordinal == ordinal);
        // Whoever is deleted leaves their groups, and comes back to them, without a change of any membership.
        let moves =
            |record: &Recorded| matches!(record.activity, Activity::DeleteUser | Activity::RestoreUser);
        let moved = records().any(moves);
        let counts = |record: &&Recorded| {
            !moved || !matches!(record.activity, Activity::AddMember | Activity::RemoveMember)
        };
        for record in records().rev().filter(counts) {
            match self.one(record) {
                // Whoever is issued a pass twice has one.
                Back::By(change @ Change::DeletePass { .. }) if changes.contains(&change) => {}
                Back::By(change) => {
                    self.apply(&change);
                    changes.push(change);
                }
                Back::AsBefore => {}
                Back::Stays(what) => {
                    if !stays.contains(&what) {
                        stays.push(what);
                    }
                }
                Back::Refused(reason) => refused.push(reason),
            }
        }
        let said = if refused.is_empty() {
            Ok((!stays.is_empty()).then(|| stays.join("; ")))
        } else {
            Err(refused.join("; "))
        };
        (changes, said)
    }

    fn may_be_touched(&self) -> Result<(), String> {
        if self.history.is_purged {
            Err("the user was deleted for good".to_owned())
        } else if self.snapshot.user.protected {
            Err("the user is protected: no task may touch them".to_owned())
        } else {
            Ok(())
        }
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::AddAgentSponsor { agent, sponsor } => {
                self.sponsorships.insert((*agent, *sponsor), true);
            }
            Change::RemoveAgentSponsor { agent, sponsor } => {
                self.sponsorships.insert((*agent, *sponsor), false);
            }
            Change::ReopenAssignment { id, expires, .. } => {
                let assignments = &mut self.snapshot.holdings.assignments;
                assignments.retain(|known| known.id != *id);
                let ended = self.history.assignments.iter().find(|known| known.id == *id);
                assignments.extend(ended.map(|known| Assignment {
                    expires: *expires,
                    ended: None,
                    ..known.clone()
                }));
            }
            _ => {}
        }
        self.snapshot.apply(&Effect::Change(change.clone()));
    }

    fn one(&self, record: &Recorded) -> Back {
        use Activity as A;
        let object = record.object.unwrap_or_default();
        if self.snapshot.deleted && record.activity != A::DeleteUser && is_about_person(record.activity) {
            return Back::Refused("the user is deleted".to_owned());
        }
        match record.activity {
            A::UpdateUser => self.attribute(record),
            A::AddMember => self.membership(object, false),
            A::RemoveMember => self.membership(object, true),
            A::AssignLicense => self.license(object, false),
            A::RemoveLicense => self.license(object, true),
            A::AssignPackage | A::ReopenAssignment => self.assigned(record, object),
            A::EndAssignment => self.ended(record, object),
            A::CancelRequest => self.withdrawn(record, object),
            A::ReopenRequest => self.reopened(object),
            A::AddAgentSponsor => self.sponsorship(record.target, object, false),
            A::RemoveAgentSponsor => self.sponsorship(record.target, object, true),
            A::DeleteUser => self.deleted(record),
            A::RestoreUser => self.unless_privileged(Change::Delete),
            A::IssuePass => self.pass(record.ordinal),
            A::DeletePass => Back::Stays("a temporary access pass that was deleted stays deleted".to_owned()),
            A::RevokeSessions => Back::Stays("sessions that were ended stay ended".to_owned()),
            A::SendMail => {
                let to = record.after.as_deref().unwrap_or("somebody");
                Back::Stays(format!("the mail to {to} stays sent"))
            }
            A::CallExtension => {
                let people = self.snapshot.people;
                let called = people.extensions.values().find(|extension| extension.number == object);
                let name = called.map_or("", |extension| extension.display_name.as_str());
                Back::Stays(format!("the call of the custom task extension '{name}' stays made"))
            }
            _ => Back::AsBefore,
        }
    }

    fn attribute(&self, record: &Recorded) -> Back {
        let known = attributes().iter().find(|known| Some(known.code) == record.attribute);
        let Some(attribute) = known else { return Back::AsBefore };
        let name = attribute.name;
        if record.is_erased {
            return Back::Refused(format!("what {name} was before has been erased"));
        }
        let read = |text: Option<&String>| match text {
            None => Some(Value::Null),
            Some(text) => {
                let json: Json = serde_json::from_str(text).ok()?;
                Value::from_json(attribute, &json).ok()
            }
        };
        let (Some(before), Some(after)) = (read(record.before.as_ref()), read(record.after.as_ref())) else {
            return Back::Refused(format!("what {name} was before cannot be read"));
        };
        let present = self.snapshot.user.value_of(attribute);
        if present == before {
            return Back::AsBefore;
        }
        if present != after {
            return Back::Refused(format!("{name} was changed since, and stays as it is"));
        }
        if self.snapshot.user.is_synced() {
            return Back::Refused(format!(
                "{name} stays as it is: the account is synced from another directory"
            ));
        }
        let change = Change::SetAttribute { attribute, value: before };
        if name == "accountEnabled" { self.unless_privileged(change) } else { Back::By(change) }
    }

    /// An account of somebody who holds a directory role is for administrators to handle.
    fn unless_privileged(&self, change: Change) -> Back {
        match self.snapshot.refuse_privileged() {
            Ok(()) => Back::By(change),
            Err(refusal) => Back::Refused(refusal.0),
        }
    }

    fn membership(&self, group: i64, wanted: bool) -> Back {
        if self.snapshot.is_member_of(group) == wanted {
            return Back::AsBefore;
        }
        let found = self.snapshot.people.groups.get(&group);
        let refusal = match found {
            None => Some("is gone"),
            Some(group) => Group::refusal(group),
        };
        let name = found.map_or("", |group| group.display_name.as_str());
        match refusal {
            Some(reason) => Back::Refused(format!("the group '{name}' {reason}")),
            None if wanted => Back::By(Change::AddMember { group }),
            None => Back::By(Change::RemoveMember { group }),
        }
    }

    fn license(&self, sku: i64, wanted: bool) -> Back {
        if self.snapshot.holdings.licenses.binary_search(&sku).is_ok() == wanted {
            return Back::AsBefore;
        }
        if !wanted {
            return Back::By(Change::RemoveLicense { sku });
        }
        match self.snapshot.people.skus.get(&sku) {
            None => Back::Refused("a licence that was removed is gone".to_owned()),
            Some(sku) if sku.is_used_up() => {
                Back::Refused(format!("no licence '{}' is left", sku.part_number))
            }
            Some(_) => Back::By(Change::AssignLicense { sku }),
        }
    }

    fn fresh_request(&self) -> AssignmentRequestId {
        AssignmentRequestId(self.snapshot.ids.fresh())
    }

    /// Of an assignment that was made, or that was let go on.
    fn assigned(&self, record: &Recorded, package: i64) -> Back {
        let Some(assignment) = self.snapshot.assignment(package) else { return Back::AsBefore };
        let end = |at| {
            Back::By(Change::EndAssignment {
                id: assignment.id,
                request: self.fresh_request(),
                package,
                policy: assignment.policy,
                at,
            })
        };
        if record.activity == Activity::AssignPackage && assignment.assigned != record.at {
            return Back::Refused(format!(
                "the access package '{}' was assigned anew since",
                package_name(self.snapshot.people, package)
            ));
        }
        // It was to end at a time that is still to come.
        let until = record.before.as_ref().and_then(|before| before.parse().ok());
        end(until.filter(|until| *until > self.snapshot.now))
    }

    /// Of an assignment that ended, or was to end earlier.
    fn ended(&self, record: &Recorded, package: i64) -> Back {
        let name = || package_name(self.snapshot.people, package);
        let time = |text: Option<&String>| text.and_then(|text| text.parse().ok());
        let (earlier, until) = (time(record.before.as_ref()), time(record.after.as_ref()));
        let of_package = || self.history.assignments.iter().filter(|known| known.package == package);
        let is_it = |known: &&Assignment| match until {
            None => known.ended == Some(record.at),
            // It may have come to its end since.
            Some(_) => known.expires == until && known.ended.is_none_or(|ended| Some(ended) == until),
        };
        let open = self.snapshot.assignment(package);
        let Some(assignment) = open.filter(is_it).or_else(|| of_package().find(is_it)) else {
            return match open {
                Some(_) => Back::AsBefore,
                None => Back::Refused(format!("the access package '{}', or its policy, is gone", name())),
            };
        };
        if open.is_some_and(|open| open.id != assignment.id) {
            return Back::AsBefore;
        }
        let expires = if until.is_some() { earlier } else { assignment.expires };
        if expires.is_some_and(|expires| expires <= self.snapshot.now) {
            return Back::Stays(format!(
                "the assignment of the access package '{}' would have ended by now",
                name()
            ));
        }
        Back::By(Change::ReopenAssignment { id: assignment.id, package, expires })
    }

    fn withdrawn(&self, record: &Recorded, package: i64) -> Back {
        let name = || package_name(self.snapshot.people, package);
        let waits = self.snapshot.holdings.requests.iter().any(|request| request.package == package);
        if waits || self.snapshot.assignment(package).is_some() {
            return Back::AsBefore;
        }
        let mut withdrawn = self.history.requests.iter().filter(|request| {
            request.package == package
                && request.state == RequestState::Canceled
                && request.completed == Some(record.at)
        });
        match withdrawn.next_back() {
            Some(request) => Back::By(Change::ReopenRequest { request: request.number, package }),
            None => Back::Refused(format!("the access package '{}' is gone", name())),
        }
    }

    fn reopened(&self, package: i64) -> Back {
        let waits = self.snapshot.holdings.requests.iter().find(|request| request.package == package);
        waits.map_or(Back::AsBefore, |request| {
            Back::By(Change::CancelRequest { request: request.number, package })
        })
    }

    fn sponsorship(&self, agent: i64, sponsor: i64, wanted: bool) -> Back {
        let Some(found) = self.snapshot.people.agents.get(&agent) else {
            return Back::Refused("an agent identity is gone".to_owned());
        };
        let is_one = |other: i64| {
            let changed = self.sponsorships.get(&(agent, other)).copied();
            changed.unwrap_or_else(|| found.sponsors.contains(&other))
        };
        if is_one(sponsor) == wanted {
            return Back::AsBefore;
        }
        if wanted {
            let is_subject = sponsor == self.snapshot.user.number;
            let is_gone = if is_subject {
                self.snapshot.deleted
            } else {
                !self.snapshot.people.users.contains_key(&sponsor)
            };
            return if is_gone {
                let name = &found.agent.display_name;
                Back::Refused(format!("who was sponsor of the agent identity '{name}' is deleted"))
            } else {
                Back::By(Change::AddAgentSponsor { agent, sponsor })
            };
        }
        let added = self.sponsorships.iter().filter(|((of, _), is)| *of == agent && **is);
        let others = found.sponsors.iter().chain(added.map(|((_, other), _)| other));
        if others.copied().any(|other| other != sponsor && is_one(other)) {
            Back::By(Change::RemoveAgentSponsor { agent, sponsor })
        } else {
            Back::Refused(format!(
                "the agent identity '{}' would be left without a sponsor",
                found.agent.display_name
            ))
        }
    }

    fn deleted(&self, record: &Recorded) -> Back {
        if !self.snapshot.deleted {
            Back::AsBefore
        } else if self.snapshot.user.deleted != Some(record.at) {
            Back::Refused("the user was deleted again since".to_owned())
        } else if self.history.name_is_taken {
            Back::Refused("somebody else has the userPrincipalName of the user by now".to_owned())
        } else {
            Back::By(Change::Restore)
        }
    }

    fn pass(&self, ordinal: Ordinal) -> Back {
        let left = self.history.passes.iter().find(|(of, _)| *of == ordinal);
        left.map_or(Back::AsBefore, |(_, id)| Back::By(Change::DeletePass { id: *id }))
    }
}

/// Whether taking it back changes the person, who has to be there for it.
fn is_about_person(activity: Activity) -> bool {
    matches!(
        activity,
        Activity::UpdateUser
            | Activity::AddMember
            | Activity::RemoveMember
            | Activity::AssignLicense
            | Activity::RemoveLicense
            | Activity::AssignPackage
            | Activity::EndAssignment
            | Activity::ReopenAssignment
            | Activity::CancelRequest
            | Activity::ReopenRequest
            | Activity::RestoreUser
    )
}

fn package_name(people: &People, package: i64) -> &str {
    people.packages.get(&package).map_or("", |package| package.display_name.as_str())
}
