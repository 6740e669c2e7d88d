//! What a settled user leaves behind: results of tasks, changes of the directory and their entries in the audit.

use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::effect::Change;
use tenure_lifecycle::ports::SettledUser;

use super::super::append::append;
use super::super::db::{self, later, params};
use super::super::members::{self, Origin};
use super::super::sql;
use super::Settling;
use super::changes::{self, Made};
use super::count::after;

impl Settling<'_> {
    pub(super) fn write(&mut self, user: &SettledUser) -> db::Result<()> {
        self.happened(user)?;
        self.effects(user)?;
        for task in &user.tasks {
            let note = match &task.note {
                None => None,
                Some(text) => Some(self.text(text)?),
            };
            self.insert_task.execute(params![
                self.lease.run,
                user.seq,
                task.ordinal,
                task.status.code(),
                task.started.as_millisecond(),
                // Most tasks end as they begin, and a time is a fifth of the row.
                (task.completed != task.started).then(|| task.completed.as_millisecond()),
                note
            ])?;
        }
        let after = after(user);
        let started = user.started.map(jiff::Timestamp::as_millisecond);
        self.update_result.execute(params![
            self.lease.run,
            user.seq,
            after.status.code(),
            // A width that stays while it is not settled.
            started.or((!after.status.is_finished()).then_some(self.at)),
            self.at,
            after.tasks.failed,
            after.tasks.unprocessed
        ])?;
        self.outcome(user)
    }

    fn effects(&mut self, user: &SettledUser) -> db::Result<()> {
        let mut changed = false;
        let mut enabled = None;
        for (ordinal, change) in &user.effects {
            let task = Some((self.lease.run, user.seq, *ordinal));
            let origin = Origin { at: self.at, who: self.who, task };
            match change {
                // What is done most is written once, with all else about the person.
                Change::SetAccountEnabled { enabled: wanted } => {
                    let text = |value: bool| if value { "true" } else { "false" };
                    let mut row = origin.row(user.user);
                    row.attribute = Some(1);
                    let before: Option<bool> = match enabled {
                        Some(value) => Some(value),
                        None => {
                            self.known.person(self.connection, user.user)?.and_then(|person| person.enabled)
                        }
                    };
                    (row.before, row.after) = (before.map(text), Some(text(*wanted)));
                    append(self.connection, self.at, self.who, Activity::UpdateUser, row)?;
                    enabled = Some(*wanted);
                    changed = true;
                }
                Change::AddMember { group } => changed |= self.moves(user.user, *group, true, origin)?,
                Change::RemoveMember { group } => changed |= self.moves(user.user, *group, false, origin)?,
                other => {
                    // It may change others too.
                    self.known.forget();
                    changed |= changes::make(self.connection, user.user, other, origin)? == Made::Changed;
                }
            }
        }
        if let Some(enabled) = enabled {
            later(self.connection, sql::SET_ACCOUNT)?.execute(params![user.user, enabled])?;
        } else if changed {
            later(self.connection, sql::TOUCH_USER)?.execute([user.user])?;
        }
        self.known.changed(user.user);
        Ok(())
    }

    /// Puts somebody into a group, or takes them out of it; false if they were so already.
    fn moves(&mut self, user: i64, group: i64, member: bool, origin: Origin) -> db::Result<bool> {
        let is_so = match self.known.becomes(user, group, member) {
            Some(before) => before == member,
            None if member => return members::add(self.connection, group, user, origin),
            None => return members::remove(self.connection, group, user, origin),
        };
        if is_so {
            return Ok(false);
        }
        let (write, activity) = if member {
            (sql::ADD_MEMBER, Activity::AddMember)
        } else {
            (sql::REMOVE_MEMBER, Activity::RemoveMember)
        };
        later(self.connection, write)?.execute([user, group])?;
        members::record(self.connection, activity, group, user, origin)?;
        Ok(true)
    }

    /// The number of a text, which is kept once.
    fn text(&mut self, text: &str) -> db::Result<i64> {
        if let Some(number) = self.texts.get(text) {
            return Ok(*number);
        }
        self.connection
            .prepare_cached("INSERT INTO texts (text) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([text])?;
        let number = self
            .connection
            .prepare_cached("SELECT number FROM texts WHERE text = ?1")?
            .query_row([text], |row| row.get(0))?;
        self.texts.insert(text.to_owned(), number);
        Ok(number)
    }
}
