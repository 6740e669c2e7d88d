//! The engine port: sweeps, admission, leases, settlement.

use std::sync::Arc;

use jiff::Timestamp;
use tenure_lifecycle::audit::{Actor, Entry};
use tenure_lifecycle::ids::{GroupId, Ordinal, RunNumber, Seq, UserId};
use tenure_lifecycle::ports::{
    Activation, Admission, Answer, Batch, Bound, Engine, Event, Happenings, Lane, Lease, LoadedPeople,
    LoadedPerson, NewRun, QueuedWork, Runs, Settled, Settlement, Skipped, StoreError, Subject,
};
use tenure_lifecycle::run::{CancelReason, OnRecord, UserResult, Whom};
use tenure_lifecycle::task::{Named, People};
use tenure_lifecycle::workflow::{Quarantine, QuarantineApproval, SweepCursor, Task, TimeAttribute};

use super::counters::RunMove;
use super::db::Connection;
use super::settle::{self, Care};
use super::writer::{Turn, Writer};
use super::{Store, activate, admit, cancel, events, lease, load, resume, slots, sweep, undo, user_results};

/// The workers of a process have numbers below this; the owner of a lease is the process's number times this and the worker's.
pub(super) const OWNERS: i64 = 1_000_000;

impl Engine for Store {
    fn due_between(
        &self,
        attribute: TimeAttribute,
        after: Option<Timestamp>,
        until: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        self.read(|connection| sweep::due_between(connection, attribute, after, until))
    }

    fn due_page(
        &self,
        attribute: TimeAttribute,
        from: Timestamp,
        until: Timestamp,
        after: Option<(Timestamp, i64)>,
        limit: usize,
    ) -> Result<Vec<(Timestamp, i64)>, StoreError> {
        self.read(|connection| sweep::due_page(connection, attribute, from, until, after, limit))
    }

    fn occasion_results(
        &self,
        workflow: i64,
        subjects: &[Subject],
    ) -> Result<Vec<Option<UserResult>>, StoreError> {
        self.read(|connection| user_results::of_occasions(connection, workflow, subjects))
    }

    fn next_due(&self, attribute: TimeAttribute, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| sweep::next_due(connection, attribute, after))
    }

    fn changed_since(&self, change: i64) -> Result<(Vec<i64>, i64), StoreError> {
        self.read_log(|connection, end| Ok((sweep::changed_since(connection, change, end)?, end)))
    }

    fn events(&self, what: &Happenings, since: i64) -> Result<Vec<Event>, StoreError> {
        self.read_log(|connection, end| events::since(connection, what, (since, end)))
    }

    fn waiting_events(
        &self,
        workflow: i64,
        users: Option<&[i64]>,
        from: Timestamp,
        since: i64,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(|connection| events::waiting(connection, workflow, users, from, since))
    }

    fn memberships_among(&self, pairs: &[(i64, i64)]) -> Result<Vec<(i64, i64, bool)>, StoreError> {
        self.read(|connection| events::memberships_among(connection, pairs))
    }

    fn sponsor_counts(&self, users: &[i64]) -> Result<Vec<(i64, usize)>, StoreError> {
        self.read(|connection| events::sponsor_counts(connection, users))
    }

    fn guests(&self) -> Result<Vec<i64>, StoreError> {
        self.read(events::guests)
    }

    fn last_change(&self) -> Result<i64, StoreError> {
        self.read_log(|_, end| Ok(end))
    }

    fn members_of_any(&self, groups: &[GroupId], users: &[i64]) -> Result<Vec<i64>, StoreError> {
        self.read(|connection| sweep::members_of_any(connection, groups, users))
    }

    fn unused_occasions(&self, workflow: i64, subjects: &[Subject]) -> Result<Vec<Subject>, StoreError> {
        self.read(|connection| admit::unused_occasions(connection, workflow, subjects))
    }

    fn activate(
        &self,
        run: &NewRun,
        whom: &Whom,
        most: usize,
        bound: Option<Bound>,
        entry: Entry,
    ) -> Result<Activation, StoreError> {
        let (run, whom, epoch) = (*run, whom.clone(), self.epoch);
        self.writer.write(move |connection| {
            activate::activate(connection, &run, &whom, (most, bound), entry.clone(), epoch)
        })
    }

    fn on_record(&self, run: RunNumber, seq: Option<Seq>) -> Result<Vec<OnRecord>, StoreError> {
        self.read(|connection| undo::on_record(connection, run, seq).map_err(super::rows::database))
    }

    fn admitted_since(&self, workflow: i64, since: Timestamp, runs: Runs) -> Result<u64, StoreError> {
        self.read(|connection| sweep::admitted_since(connection, workflow, since, runs))
    }

    fn admit_chunk(
        &self,
        run: &NewRun,
        subjects: &[Subject],
        at: Timestamp,
    ) -> Result<Option<Admission>, StoreError> {
        if subjects.is_empty() {
            return Ok(None);
        }
        let (run, subjects, epoch) = (*run, subjects.to_vec(), self.epoch);
        self.writer.write(move |connection| admit::admit_chunk(connection, &run, &subjects, at, epoch))
    }

    fn finish_sweep(
        &self,
        workflow: i64,
        revision: i64,
        cursor: SweepCursor,
        _at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer.write(move |connection| admit::finish_sweep(connection, workflow, revision, cursor))
    }

    fn record_skipped(&self, workflow: i64, skipped: &[Skipped], at: Timestamp) -> Result<(), StoreError> {
        let skipped = skipped.to_vec();
        let at = at.as_millisecond();
        self.writer.write(move |connection| {
            sweep::record_skipped(connection, workflow, &skipped, at).map_err(super::rows::database)
        })
    }

    fn list_skipped(
        &self,
        workflow: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(Skipped, UserId, String)>, StoreError> {
        self.read(|connection| sweep::list_skipped(connection, workflow, after, limit))
    }

    fn quarantine(&self, workflow: i64, quarantine: &Quarantine, entry: Entry) -> Result<(), StoreError> {
        let quarantine = quarantine.clone();
        self.writer.write(move |connection| sweep::quarantine(connection, workflow, &quarantine, &entry))
    }

    fn quarantine_told(&self, workflow: i64, since: Timestamp, told: u64) -> Result<(), StoreError> {
        self.writer.write(move |connection| sweep::told(connection, workflow, since, told))
    }

    fn release(&self, workflow: i64, approval: QuarantineApproval, entry: Entry) -> Result<bool, StoreError> {
        self.writer.write(move |connection| sweep::release(connection, workflow, approval, &entry))
    }

    fn lease(
        &self,
        owner: u64,
        limit: i64,
        now: Timestamp,
        lane: &Lane,
    ) -> Result<Option<Lease>, StoreError> {
        let (lane, owner) = (lane.clone(), self.process * OWNERS + owner as i64);
        self.beside().0.write(move |connection| lease::lease(connection, owner, limit, now, &lane))
    }

    fn queued_work(&self, now: Timestamp, lane: &Lane) -> Result<QueuedWork, StoreError> {
        self.read(|connection| lease::queued_work(connection, now, lane))
    }

    fn abandon(&self, lease: &Lease, not_before: Timestamp) -> Result<(), StoreError> {
        let id = lease.id;
        self.writer.write(move |connection| lease::abandon(connection, id, not_before))
    }

    fn abandon_untold(&self, owner: u64, after: i64, not_before: Timestamp) -> Result<(), StoreError> {
        let owner = self.process * OWNERS + owner as i64;
        self.writer.write(move |connection| lease::abandon_untold(connection, owner, after, not_before))
    }

    fn people_named(&self, named: &Named) -> Result<People, StoreError> {
        self.read(|connection| load::named(connection, named))
    }

    fn load_person(&self, user: UserId, tasks: &[Task]) -> Result<Option<LoadedPerson>, StoreError> {
        self.read(|connection| load::person(connection, user, tasks))
    }

    fn load_people(&self, users: &[i64], tasks: &[Task]) -> Result<LoadedPeople, StoreError> {
        self.read(|connection| load::persons(connection, users, tasks))
    }

    fn take_up(&self, lease: &Lease, now: Timestamp) -> Result<Vec<Seq>, StoreError> {
        let lease = lease.clone();
        self.beside().0.write(move |connection| lease::take_up(connection, &lease, now))
    }

    fn load(&self, lease: &Lease) -> Result<Batch, StoreError> {
        self.read(|connection| load::load(connection, lease))
    }

    fn settle(&self, lease: &Lease, settlement: Settlement, actor: Actor) -> Result<Settled, StoreError> {
        let (writer, turn, slot) = match self.beside() {
            beside if settle::is_of_its_people(&settlement) => beside,
            _ => (&self.writer, Turn::Alone, 0),
        };
        let work = Arc::new((lease.clone(), settlement));
        let settle = |writer: &Writer, care: Care| {
            let work = work.clone();
            writer.write(move |connection| settle::settle(connection, &work.0, &work.1, actor, care))
        };
        let together = match turn {
            Turn::Alone => Care::Together,
            Turn::Beside => Care::Beside { slot },
        };
        match settle(writer, together) {
            Err(error) if settle::needs_care(&error) => settle(&self.writer, Care::EachAlone),
            Ok(settled) if settled.run_finished && turn == Turn::Beside => {
                // It is, if nobody else has anybody left: what others commit meanwhile is seen now, or they see this.
                // The batch is settled whatever becomes of that: whoever looks after the processes finds the run, too.
                if let Err(error) = self.finish(work.0.run, work.1.at) {
                    tracing::warn!(%error, run = work.0.run, "a run that is through is not said to be yet");
                }
                Ok(settled)
            }
            settled => settled,
        }
    }

    fn resume(
        &self,
        task: (RunNumber, Seq, Ordinal),
        answer: Answer,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        let at = at.as_millisecond();
        self.writer.write(move |connection| resume::resume(connection, task, answer, at, actor))
    }

    fn cancel_run(&self, run: RunNumber, reason: CancelReason, entry: Entry) -> Result<bool, StoreError> {
        self.writer.write(move |connection| cancel::cancel_run(connection, run, reason, &entry))
    }
}

impl Store {
    /// Ends a run that is through though nothing says so yet.
    pub(super) fn finish(&self, run: RunNumber, at: Timestamp) -> Result<(), StoreError> {
        let is_through =
            move |connection: &Connection| slots::is_through(connection, run).map_err(super::rows::database);
        if !self.read(is_through)? {
            return Ok(());
        }
        self.writer.write(move |connection| {
            // Somebody else may have been quicker.
            if is_through(connection)? {
                RunMove::default().apply(connection, run, at.as_millisecond())?;
            }
            Ok(())
        })
    }
}
