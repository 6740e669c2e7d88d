//! What is known of the people of a batch, asked for once for all of them where each question takes a while.
//!
//! Nobody else writes meanwhile, or nobody who touches these people, so what is known stays true until this batch itself changes
//! it. Where questions cost nothing nothing is asked beforehand, and whoever wants to know asks.

use std::collections::{HashMap, HashSet};

use tenure_lifecycle::effect::Change;
use tenure_lifecycle::ids::{RunNumber, Seq};
use tenure_lifecycle::ports::{Lease, PendingFate, SettledUser, Settlement, UserOutcome};

use super::super::db::{self, Connection, OptionalExtension as _};
use super::super::rows::json_numbers;
use super::super::sql;

/// How somebody is.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) version: i64,
    pub(super) enabled: Option<bool>,
}

/// A result whose subject is in flight because of it.
type Flight = (RunNumber, Seq);

#[derive(Default)]
pub(super) struct Known {
    people: HashMap<i64, Person>,
    /// Whether somebody is in a group.
    members: HashMap<(i64, i64), bool>,
    /// Whoever of the batch has called back.
    answered: Option<HashSet<Seq>>,
    /// Whoever of the batch is in flight.
    flights: Option<HashMap<i64, Flight>>,
}

impl Known {
    /// Locks the people of the batch who are changed, or of whom something is going to be in flight, so that what is asked of
    /// them from now on stays true until this batch is written: whoever changes them, or has them in flight, locks them too.
    /// All in the order of their numbers, so that no two wait for one another.
    pub(super) fn lock(&mut self, connection: &Connection, settlement: &Settlement) -> db::Result<()> {
        let is_touched =
            |user: &&SettledUser| !user.effects.is_empty() || matches!(user.outcome, UserOutcome::Outside(_));
        let touched = numbers(settlement.users.iter().filter(is_touched).map(|user| user.user));
        if let Some(lock) = sql::LOCK_PEOPLE.filter(|_| !touched.is_empty()) {
            self.people = people(connection, &touched, lock)?;
        }
        Ok(())
    }

    /// Asks, if that is better done for all; `unchanged` is that nobody has changed since the batch was loaded.
    pub(super) fn ask(
        &mut self,
        connection: &Connection,
        lease: &Lease,
        settlement: &Settlement,
        (unchanged, others_in_flight): (bool, bool),
    ) -> db::Result<()> {
        let known = self;
        if !sql::IS_FAR {
            return Ok(());
        }
        let users = &settlement.users;
        let effects =
            || users.iter().flat_map(|user| user.effects.iter().map(|(_, change)| (user.user, change)));
        if !unchanged || effects().any(|(_, change)| matches!(change, Change::SetAccountEnabled { .. })) {
            let managers = users.iter().filter_map(|user| user.manager).map(|(manager, _)| manager);
            let all = users.iter().map(|user| user.user).chain(managers);
            let asked = numbers(all.filter(|number| !known.people.contains_key(number)));
            if !asked.is_empty() {
                known.people.extend(people(connection, &asked, "")?);
            }
        }
        let pairs: Vec<[i64; 2]> = effects()
            .filter_map(|(user, change)| match change {
                Change::AddMember { group } | Change::RemoveMember { group } => Some([user, *group]),
                _ => None,
            })
            .collect();
        if !pairs.is_empty() {
            known.members = members(connection, &pairs)?;
        }
        let asks = |user: &&SettledUser| {
            user.pending != PendingFate::Kept || matches!(user.outcome, UserOutcome::Again { .. })
        };
        let seqs: Vec<Seq> = users.iter().filter(asks).map(|user| user.seq).collect();
        known.answered =
            Some(if seqs.is_empty() { HashSet::new() } else { answered(connection, lease, &seqs)? });
        if others_in_flight {
            let subjects: Vec<i64> = users.iter().map(|user| user.user).collect();
            known.flights = Some(flights(connection, &subjects)?);
        }
        Ok(())
    }

    /// Somebody may have changed in a way that is not followed here.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    pub(super) fn person(&self, connection: &Connection, number: i64) -> db::Result<Option<Person>> {
        if let Some(known) = self.people.get(&number) {
            return Ok(Some(*known));
        }
        connection
            .prepare_cached("SELECT version, account_enabled FROM users WHERE number = ?1")?
            .query_row([number], |row| Ok(Person { version: row.get(0)?, enabled: row.get(1)? }))
            .optional()
    }

    /// Somebody is not as they were.
    pub(super) fn changed(&mut self, number: i64) {
        self.people.remove(&number);
    }

    /// Whether somebody is in a group, if that is known; then they are in it from now on, or are not.
    pub(super) fn becomes(&mut self, user: i64, group: i64, member: bool) -> Option<bool> {
        self.members.get_mut(&(user, group)).map(|known| std::mem::replace(known, member))
    }

    pub(super) fn is_answered(&self, connection: &Connection, run: RunNumber, seq: Seq) -> db::Result<bool> {
        if let Some(answered) = &self.answered {
            return Ok(answered.contains(&seq));
        }
        connection
            .prepare_cached("SELECT 1 FROM pending WHERE run = ?1 AND seq = ?2 AND answer IS NOT NULL")?
            .exists([run, seq])
    }

    /// Because of what somebody is in flight.
    pub(super) fn flight(&self, connection: &Connection, subject: i64) -> db::Result<Option<Flight>> {
        if let Some(flights) = &self.flights {
            return Ok(flights.get(&subject).copied());
        }
        connection
            .prepare_cached("SELECT run, seq FROM in_flight WHERE subject = ?1")?
            .query_row([subject], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    }

    /// Somebody is in flight because of a result from now on.
    pub(super) fn takes_off(&mut self, subject: i64, of: Flight) {
        if let Some(flights) = &mut self.flights {
            flights.insert(subject, of);
        }
    }

    /// Somebody is not in flight because of a result any more.
    pub(super) fn lands(&mut self, subject: i64, of: Flight) {
        if let Some(flights) = &mut self.flights
            && flights.get(&subject) == Some(&of)
        {
            flights.remove(&subject);
        }
    }
}

/// Each once, from low to high.
fn numbers(of: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = of.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// How people are; `lock` locks them in this order, or does not.
fn people(connection: &Connection, numbers: &[i64], lock: &str) -> db::Result<HashMap<i64, Person>> {
    connection
        .prepare_cached(&format!(
            "SELECT u.number, u.version, u.account_enabled
               FROM json_each(?1) n CROSS JOIN users u ON u.number = n.value {lock}"
        ))?
        .query_map([json_numbers(numbers)], |row| {
            Ok((row.get(0)?, Person { version: row.get(1)?, enabled: row.get(2)? }))
        })?
        .collect()
}

/// Whether they are in these groups.
fn members(connection: &Connection, pairs: &[[i64; 2]]) -> db::Result<HashMap<(i64, i64), bool>> {
    let mut known: HashMap<(i64, i64), bool> =
        pairs.iter().map(|[user, group]| ((*user, *group), false)).collect();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT m.user, m.grp FROM {} p CROSS JOIN memberships m ON m.user = p.one AND m.grp = p.other",
        sql::pairs("?1")
    ))?;
    let mut rows = statement.query([serde_json::to_string(pairs).unwrap_or_default()])?;
    while let Some(row) = rows.next()? {
        known.insert((row.get(0)?, row.get(1)?), true);
    }
    Ok(known)
}

fn answered(connection: &Connection, lease: &Lease, seqs: &[Seq]) -> db::Result<HashSet<Seq>> {
    connection
        .prepare_cached(
            "SELECT p.seq FROM json_each(?2) n CROSS JOIN pending p ON p.run = ?1 AND p.seq = n.value
              WHERE p.answer IS NOT NULL",
        )?
        .query_map((lease.run, json_numbers(seqs)), |row| row.get(0))?
        .collect()
}

fn flights(connection: &Connection, subjects: &[i64]) -> db::Result<HashMap<i64, Flight>> {
    connection
        .prepare_cached(
            "SELECT f.subject, f.run, f.seq FROM json_each(?1) n CROSS JOIN in_flight f ON f.subject = n.value",
        )?
        .query_map([json_numbers(subjects)], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
        .collect()
}
