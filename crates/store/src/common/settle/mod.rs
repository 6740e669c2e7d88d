//! Settling a batch: results, directory changes, counters and audit, in one transaction.

mod changes;
mod count;
mod known;
mod outcome;
mod write;

use std::collections::{BTreeMap, HashMap};

use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::effect::Change;
use tenure_lifecycle::ids::{Ordinal, RunNumber};
use tenure_lifecycle::ports::{
    Lease, Occasion, PendingFate, Settled, SettledTask, SettledUser, Settlement, StoreError, UserOutcome,
};
use tenure_lifecycle::run::{CancelReason, RunCounters, Status};

use known::Known;

use super::counters::{ReportMove, RunMove};
use super::db::{self, Connection, Later, OptionalExtension, later};
use super::lease::{AFTER_OTHER, is_held};
use super::rows::database;
use super::sweep::last_change;
use super::{slots, sql, transaction};

/// A user whose write failed is tried again after this many milliseconds.
const AFTER_FAILURE: i64 = 60_000;

/// How users are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// With nothing to go back to between them, as far as all they need is appends and updates by key: what a savepoint keeps
    /// costs more than what is written. A failure is everybody's then, and they are written again, each alone.
    Together,
    /// Together, while other processes settle too: the people are locked, and what is counted goes into a slot of the run.
    Beside {
        /// Whose slot.
        slot: i64,
    },
    /// Each behind a savepoint, so that the failure of one is nobody else's.
    EachAlone,
}

/// A user could not be written together with the others.
#[derive(Debug, thiserror::Error)]
#[error("a user could not be written together with the others")]
struct NeedsCare(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Whether a settlement failed because its users were written together.
pub(super) fn needs_care(error: &StoreError) -> bool {
    matches!(error, StoreError::Database(cause) if cause.is::<NeedsCare>())
}

/// Whether all that a settlement changes is of its people alone, so that other processes may settle others meanwhile.
pub(super) fn is_of_its_people(settlement: &Settlement) -> bool {
    settlement.users.iter().all(|user| {
        !matches!(user.outcome, UserOutcome::Canceled(_))
            && user.effects.iter().all(|(_, change)| is_plain(change))
    })
}

/// Whether a change is written by appends and updates by key.
fn is_plain(change: &Change) -> bool {
    matches!(
        change,
        Change::AddMember { .. } | Change::RemoveMember { .. } | Change::SetAccountEnabled { .. }
    )
}

/// Records a batch, unless the lease is lost. If others settle beside it, any failure is a reason to write it again, alone.
pub(super) fn settle(
    connection: &Connection,
    lease: &Lease,
    settlement: &Settlement,
    who: Actor,
    care: Care,
) -> Result<Settled, StoreError> {
    match record(connection, lease, settlement, who, care) {
        Err(StoreError::Database(cause))
            if matches!(care, Care::Beside { .. }) && !connection.is_autocommit() =>
        {
            Err(StoreError::Database(Box::new(NeedsCare(cause))))
        }
        settled => settled,
    }
}

fn record(
    connection: &Connection,
    lease: &Lease,
    settlement: &Settlement,
    who: Actor,
    care: Care,
) -> Result<Settled, StoreError> {
    is_held(connection, lease)?;
    let at = settlement.at.as_millisecond();
    let (scheduled, cancel, workflow): (i64, Option<i64>, i64) = connection
        .prepare_cached("SELECT scheduled, cancel, workflow FROM runs WHERE number = ?1")
        .and_then(|mut statement| {
            statement.query_row([lease.run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        })
        .map_err(database)?;
    let is_beside = matches!(care, Care::Beside { .. });
    if is_beside && cancel.is_some() {
        return Err(StoreError::Database("a run that is stopped is settled alone".into()));
    }
    let mut known = Known::default();
    if is_beside {
        known.lock(connection, settlement).map_err(database)?;
    }
    // Where several write at a time a lower number may have been still to come when the batch was loaded.
    let nothing_changed = !sql::IS_FAR && last_change(connection)? == settlement.change;
    let others_in_flight = connection
        .prepare_cached("SELECT 1 FROM in_flight LIMIT 1")
        .and_then(|mut statement| statement.exists([]))
        .map_err(database)?;
    let unchanged = nothing_changed && !others_in_flight;
    known.ask(connection, lease, settlement, (unchanged, others_in_flight)).map_err(database)?;
    let mut batch = Settling {
        connection,
        insert_task: later(connection, sql::INSERT_TASK).map_err(database)?,
        update_result: later(connection, sql::UPDATE_RESULT).map_err(database)?,
        cancel: cancel.and_then(CancelReason::from_code),
        hands_over: settlement.hands_over,
        unchanged,
        others_in_flight,
        lease,
        workflow,
        who,
        care,
        at,
        stale_groups: stale_groups(connection, &settlement.groups).map_err(database)?,
        texts: HashMap::new(),
        known,
        counters: RunCounters::default(),
        reports: BTreeMap::new(),
        started: None,
    };
    let mut settled = Settled::default();
    let mut outside = false;
    for user in &settlement.users {
        match batch.user(user)? {
            Fate::Settled => outside |= matches!(user.outcome, UserOutcome::Outside(_)),
            Fate::Again { not_before } => {
                let place = batch.place(user.seq).map_err(database)?;
                batch.requeue(user.seq, not_before, place).map_err(database)?;
                settled.again.push(user.seq);
            }
        }
    }
    transaction::write_out(connection).map_err(|error| batch.failure(error))?;
    let step = RunMove {
        by_time: BTreeMap::from([(scheduled, batch.counters)]),
        reports: batch.reports,
        started: batch.started,
    };
    settled.run_finished = match care {
        Care::Beside { slot } => {
            slots::add(connection, (lease.run, slot), &step, at).map_err(database)?;
            is_leased_whole(connection, lease.run).map_err(database)?
        }
        Care::Together | Care::EachAlone => step.apply(connection, lease.run, at)?,
    };
    // Those who were stopped with the run may be admitted again: the next sweep has to look at everybody.
    let releases = |user: &SettledUser| {
        matches!(user.outcome, UserOutcome::Canceled(Occasion::Free | Occasion::Listed { .. }))
    };
    if cancel.is_some() && settlement.users.iter().any(releases) {
        settled.released = release(connection, lease.run).map_err(database)?;
    }
    if !settlement.carries && !outside {
        let end = || -> db::Result<()> {
            if lease.only.is_some() {
                connection.prepare_cached("DELETE FROM requeued WHERE lease = ?1")?.execute([lease.id])?;
            }
            connection.prepare_cached("DELETE FROM leases WHERE id = ?1")?.execute([lease.id])?;
            Ok(())
        };
        end().map_err(database)?;
    }
    Ok(settled)
}

/// Whether everybody of a run is leased, or was.
fn is_leased_whole(connection: &Connection, run: RunNumber) -> db::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM runs WHERE number = ?1 AND open = 0 AND leased_to = next_seq - 1")?
        .exists([run])
}

/// Has the next sweep of the run's workflow look at everybody. Whether it is time for it: before the last is stopped, each sweep
/// would look at everybody for a few of them, and make a run for those.
fn release(connection: &Connection, run: RunNumber) -> db::Result<bool> {
    connection
        .prepare_cached(
            "UPDATE workflows SET full = full + 1
              WHERE number = (SELECT workflow FROM runs WHERE number = ?1)",
        )?
        .execute([run])?;
    connection
        .prepare_cached("SELECT users_queued = 0 FROM runs WHERE number = ?1")?
        .query_row([run], |row| row.get(0))
}

/// What became of a user's settlement.
enum Fate {
    Settled,
    Again { not_before: i64 },
}

struct Settling<'a> {
    connection: &'a Connection,
    insert_task: Later<'a>,
    update_result: Later<'a>,
    lease: &'a Lease,
    who: Actor,
    care: Care,
    at: i64,
    /// The run is being canceled.
    cancel: Option<CancelReason>,
    /// Nobody is in flight because of what is handed over.
    hands_over: bool,
    workflow: i64,
    /// Nothing was written to the directory since the batch was loaded, and nobody is in flight.
    unchanged: bool,
    stale_groups: Vec<i64>,
    others_in_flight: bool,
    texts: HashMap<String, i64>,
    known: Known,
    counters: RunCounters,
    reports: BTreeMap<Ordinal, ReportMove>,
    started: Option<i64>,
}

impl Settling<'_> {
    fn user(&mut self, user: &SettledUser) -> Result<Fate, StoreError> {
        // Canceled since the batch was loaded: who was not begun is not begun any more.
        let is_canceled = matches!(user.outcome, UserOutcome::Canceled(_));
        if self.cancel.is_some() && user.before.status == Status::Queued && !is_canceled {
            return Ok(Fate::Again { not_before: self.at });
        }
        // Canceled by an administrator while an outside effect was under way: that is on record, and no more is done.
        let goes_on = !is_canceled && !frozen_or_through(user);
        if self.cancel == Some(CancelReason::Administrator) && goes_on {
            self.record_performed(user)?;
            return Ok(Fate::Again { not_before: self.at });
        }
        // Somebody has called back since: what they were told counts, whatever became of the call meanwhile.
        let has_end = user.pending != PendingFate::Kept;
        if has_end && user.answer.is_none() && self.is_answered(user.seq).map_err(database)? {
            return Ok(Fate::Again { not_before: self.at });
        }
        // What is tried again is frozen: nothing that changed meanwhile makes it stale.
        let frozen = matches!(user.outcome, UserOutcome::Again { .. });
        if !frozen
            && !self.unchanged
            && let Some(not_before) = self.is_stale(user).map_err(database)?
        {
            self.record_performed(user)?;
            return Ok(Fate::Again { not_before });
        }
        match self.guarded(user) {
            Ok(()) => Ok(Fate::Settled),
            Err(error) => {
                // A full disk or a broken file is everybody's failure, not this user's.
                if self.connection.is_autocommit() {
                    return Err(database(error));
                }
                if !self.is_alone(user) {
                    return Err(self.failure(error));
                }
                self.record_performed(user)?;
                if changes::is_overtaken(&error) {
                    return Ok(Fate::Again { not_before: self.at });
                }
                tracing::error!(%error, run = self.lease.run, seq = user.seq, "a user could not be settled");
                Ok(Fate::Again { not_before: self.at + AFTER_FAILURE })
            }
        }
    }

    /// Records the outside effect that a user had, so that it is not done again whatever becomes of the rest: what has
    /// happened is on record before anything is planned anew.
    fn record_performed(&mut self, user: &SettledUser) -> Result<(), StoreError> {
        if matches!(user.pending, PendingFate::Ended(_)) {
            self.guarded(&performed_only(user)).map_err(|error| self.failure(error))?;
        }
        Ok(())
    }

    /// The failure of all who are written together; of one who was alone, and of a disk, it is what it is.
    fn failure(&self, error: db::Error) -> StoreError {
        if self.care == Care::EachAlone || self.connection.is_autocommit() {
            database(error)
        } else {
            StoreError::Database(Box::new(NeedsCare(Box::new(error))))
        }
    }

    /// Whether a user is written behind a savepoint.
    fn is_alone(&self, user: &SettledUser) -> bool {
        self.care == Care::EachAlone || !user.effects.iter().all(|(_, change)| is_plain(change))
    }

    /// Writes a user, and moves the counters only if that succeeded.
    fn guarded(&mut self, user: &SettledUser) -> db::Result<()> {
        if self.is_alone(user) {
            transaction::savepoint(self.connection)?;
            let mut written = self.write(user);
            if self.care == Care::EachAlone && written.is_ok() {
                written = transaction::write_out(self.connection);
            }
            if written.is_err() && !self.connection.is_autocommit() {
                self.texts.clear();
                self.known.forget();
                transaction::go_back(self.connection)?;
            }
            if !self.connection.is_autocommit() {
                transaction::release(self.connection)?;
            }
            written?;
        } else {
            self.write(user)?;
        }
        self.count(user);
        Ok(())
    }

    /// Whether what the plan was made from has changed; then, when to plan anew.
    fn is_stale(&self, user: &SettledUser) -> db::Result<Option<i64>> {
        let version = |number: i64| -> db::Result<Option<i64>> {
            Ok(self.known.person(self.connection, number)?.map(|person| person.version))
        };
        if user.user != 0 && version(user.user)? != Some(user.user_version) {
            return Ok(Some(self.at));
        }
        if let Some((manager, read)) = user.manager
            && version(manager)? != Some(read)
        {
            return Ok(Some(self.at));
        }
        let touches_stale =
            |change: &Change| change.group().is_some_and(|group| self.stale_groups.contains(&group));
        if !self.stale_groups.is_empty() && user.effects.iter().any(|(_, change)| touches_stale(change)) {
            return Ok(Some(self.at));
        }
        if self.others_in_flight && !matches!(user.outcome, UserOutcome::Canceled(_)) {
            let other = self.known.flight(self.connection, user.user)?;
            if other.is_some_and(|other| other != (self.lease.run, user.seq)) {
                return Ok(Some(self.at + AFTER_OTHER));
            }
        }
        Ok(None)
    }
}

/// Whether a user whose outside effect was under way has nothing to be done after it now.
fn frozen_or_through(user: &SettledUser) -> bool {
    let performed = usize::from(matches!(user.pending, PendingFate::Ended(_)));
    match user.outcome {
        UserOutcome::Again { .. } => true,
        UserOutcome::Finished(_) => user.effects.is_empty() && user.tasks.len() <= performed,
        _ => false,
    }
}

/// The part of a stale plan that has happened: the outside effect, with its task's result.
fn performed_only(user: &SettledUser) -> SettledUser {
    let done: Vec<SettledTask> = user.tasks.first().cloned().into_iter().collect();
    SettledUser { effects: Vec::new(), tasks: done, outcome: UserOutcome::Continue, ..user.clone() }
}

fn stale_groups(connection: &Connection, read: &[(i64, i64)]) -> db::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT version FROM groups WHERE number = ?1")?;
    let mut stale = Vec::new();
    for (group, version) in read {
        let now: Option<i64> = statement.query_row([group], |row| row.get(0)).optional()?;
        if now != Some(*version) {
            stale.push(*group);
        }
    }
    Ok(stale)
}
