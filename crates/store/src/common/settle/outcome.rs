//! What a user's outcome leaves behind: occasions, who is in flight, what is tried again.

use tenure_lifecycle::ports::{
    Occasion, PendingEffect, PendingFate, Place, SettledUser, Skipped, UserOutcome,
};
use tenure_lifecycle::run::{CancelReason, Status};

use super::super::append::append;
use super::super::audit::AuditRow;
use super::super::db::{self, later, params};
use super::super::lease::PLACE;
use super::super::members::Origin;
use super::super::sql;
use super::super::sweep::record_skipped;
use super::Settling;

impl Settling<'_> {
    /// What happened outside since the last settlement, for the audit. It comes before all that is written now.
    pub(super) fn happened(&self, user: &SettledUser) -> db::Result<()> {
        for one in &user.happened {
            let task = Some((self.lease.run, user.seq, one.ordinal));
            let origin = Origin { at: self.at, who: self.who, task };
            let row = AuditRow {
                object: one.object,
                before: one.before.as_deref(),
                after: one.after.as_deref(),
                ..origin.row(user.user)
            };
            append(self.connection, self.at, self.who, one.activity, row)?;
        }
        Ok(())
    }

    pub(super) fn outcome(&mut self, user: &SettledUser) -> db::Result<()> {
        let (run, seq) = (self.lease.run, user.seq);
        let is_over = user.pending != PendingFate::Kept;
        // What comes next takes the place of what was.
        if is_over && !matches!(user.outcome, UserOutcome::Outside(_) | UserOutcome::Again { .. }) {
            later(self.connection, sql::THAW)?.execute([run, seq])?;
        }
        match &user.outcome {
            UserOutcome::Finished(_) => {}
            UserOutcome::Canceled(occasion) => {
                if *occasion != Occasion::Used && user.before.change != 0 {
                    self.release(seq, user.before.change)?;
                }
                if let Occasion::Listed { due, reason } = *occasion {
                    let skipped = Skipped { user: user.user, change: user.before.change, due, reason };
                    record_skipped(self.connection, self.workflow, &[skipped], self.at)?;
                }
            }
            UserOutcome::Outside(pending) => {
                self.freeze(seq, pending, is_over)?;
                if self.hands_over {
                    return self.land(user);
                }
                self.known.takes_off(user.user, (run, seq));
                return later(self.connection, sql::TAKE_OFF)?.execute([user.user, run, seq]);
            }
            UserOutcome::Continue => return Ok(()),
            // Whoever waits is not in flight: a leaver does not keep access because a mail server is away.
            UserOutcome::Again { pending, not_before } => {
                self.freeze(seq, pending, is_over)?;
                // Somebody may have called back, or stopped the run, while the call was still under way.
                let at_once = self.cancel == Some(CancelReason::Administrator) || self.is_answered(seq)?;
                let place = if at_once { Place::HERE } else { pending.place() };
                self.requeue(seq, if at_once { self.at } else { not_before.as_millisecond() }, place)?;
            }
        }
        self.land(user)
    }

    /// Nothing of the user is in flight any more.
    fn land(&mut self, user: &SettledUser) -> db::Result<()> {
        if user.before.status == Status::InProgress {
            self.known.lands(user.user, (self.lease.run, user.seq));
            later(self.connection, sql::LAND)?.execute([user.user, self.lease.run, user.seq])?;
        }
        Ok(())
    }

    /// Lets the occasion of somebody be admitted again.
    fn release(&self, seq: i64, change: i64) -> db::Result<()> {
        self.connection
            .prepare_cached(
                "DELETE FROM occasions
                  WHERE workflow = ?1 AND change = ?4
                    AND subject = (SELECT subject FROM user_results WHERE run = ?2 AND seq = ?3)",
            )?
            .execute([self.workflow, self.lease.run, seq, change])?;
        Ok(())
    }

    fn freeze(&self, seq: i64, pending: &PendingEffect, is_next: bool) -> db::Result<()> {
        let effects = serde_json::to_string(&pending.effects)
            .map_err(|error| db::Error::ToSqlConversionFailure(Box::new(error)))?;
        later(self.connection, if is_next { sql::FREEZE_NEXT } else { sql::FREEZE })?.execute(params![
            self.lease.run,
            seq,
            pending.ordinal,
            pending.started.as_millisecond(),
            pending.attempt,
            effects,
            pending.info,
            pending.failure,
            pending.waits_until.map(jiff::Timestamp::as_millisecond),
            pending.done
        ])
    }

    pub(super) fn is_answered(&self, seq: i64) -> db::Result<bool> {
        self.known.is_answered(self.connection, self.lease.run, seq)
    }

    /// Where the effect goes that a user still has, whose plan was not taken.
    pub(super) fn place(&self, seq: i64) -> db::Result<Place> {
        let sql =
            format!("SELECT {PLACE} FROM (SELECT CAST(?1 AS bigint) AS run, CAST(?2 AS bigint) AS seq) r");
        self.connection.prepare_cached(&sql)?.query_row([self.lease.run, seq], |row| row.get(0)).map(Place)
    }

    pub(super) fn requeue(&self, seq: i64, not_before: i64, place: Place) -> db::Result<()> {
        later(self.connection, sql::REQUEUE)?.execute([self.lease.run, seq, not_before, place.0])
    }
}
