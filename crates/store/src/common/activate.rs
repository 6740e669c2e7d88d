//! Making a run that somebody asked for: whom it is for is found in the transaction that admits them.

use std::collections::{BTreeMap, BTreeSet};

use tenure_lifecycle::audit::Entry;
use tenure_lifecycle::ids::{Epoch, Ordinal, RunNumber, Seq};
use tenure_lifecycle::ports::{Activation, Admission, Bound, NewRun, StoreError, Subject};
use tenure_lifecycle::run::{ExecutionType, Status, TaskChoice, UserChoice, Whom};
use tenure_lifecycle::workflow::Version;

use super::admit::{Queued, insert_run, queue};
use super::audit::append_entry;
use super::db::{self, Connection, params};
use super::rows::{database, json_numbers};
use super::workflows::version_of;
use super::{sweep, undo};

/// People by number, in directory order, each with the tasks that are chosen for them (`None` is all).
pub(super) type People = BTreeMap<i64, Option<BTreeSet<Ordinal>>>;

/// A run for these people; one transaction.
pub(super) fn activate(
    connection: &Connection,
    run: &NewRun,
    whom: &Whom,
    (most, bound): (usize, Option<Bound>),
    mut entry: Entry,
    epoch: Epoch,
) -> Result<Activation, StoreError> {
    let at = entry.at.as_millisecond();
    // A preview does nothing, so a disabled workflow has one too; and what a workflow did can be taken back although it is
    // disabled. What repeats failed tasks, or takes back, is about the version they are of.
    let still = connection
        .prepare_cached(
            "SELECT 1 FROM workflows
              WHERE number = ?1 AND deleted IS NULL AND (is_enabled = 1 OR ?3) AND (version = ?2 OR ?4)",
        )
        .and_then(|mut statement| {
            let preview = run.execution_type == ExecutionType::Preview;
            let earlier = whom.tasks() == TaskChoice::Failed;
            let undo = matches!(whom, Whom::Undo(..));
            statement.exists(params![run.workflow, run.version, preview || undo, earlier || undo])
        })
        .map_err(database)?;
    if !still {
        return Ok(Activation::Changed);
    }
    let (count, people) = people(connection, run, whom, most)?;
    if count == 0 {
        return Ok(Activation::Nobody);
    }
    if count > most {
        return Ok(Activation::TooMany);
    }
    if let Some(Bound { most, since, runs }) = bound {
        // In this transaction, so that two who ask at the same moment do not exceed it together.
        let recent = sweep::admitted_since(connection, run.workflow, since, runs)?;
        if recent.saturating_add(count as u64) > most {
            return Ok(Activation::HeldBack(count as u64));
        }
    }
    let open = insert_run(connection, run, epoch, at, false).map_err(database)?;
    let admitted = queue(connection, run, &open, people, at)?;
    let repeated: Vec<(RunNumber, Seq)> = match whom {
        Whom::Users(_) | Whom::Group(_) | Whom::Undo(..) => vec![],
        Whom::Results(results, _) => results.clone(),
        Whom::Run(of, _, _) => vec![(*of, 0)],
    };
    let mut link = connection
        .prepare_cached("INSERT INTO reprocessed (of, seq, run) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .map_err(database)?;
    for (of, seq) in repeated {
        link.execute([of, seq, open.number]).map_err(database)?;
    }
    if let Whom::Undo(of, on_record) = whom {
        let is_preview = run.execution_type == ExecutionType::Preview;
        undo::link(connection, *of, on_record, open.number, is_preview).map_err(database)?;
    }
    entry.after = Some(admitted.to_string());
    append_entry(connection, &entry, run.workflow, Some(open.number)).map_err(database)?;
    Ok(Activation::Admitted(Admission { run: open.number, epoch, admitted }))
}

/// The people; of too many, at least one more than may be.
fn people<'a>(
    connection: &Connection,
    run: &NewRun,
    whom: &'a Whom,
    most: usize,
) -> Result<(usize, Box<dyn Iterator<Item = Queued> + 'a>), StoreError> {
    let queued = |user: i64, chosen: Option<BTreeSet<Ordinal>>| Queued {
        subject: Subject { user, change: 0 },
        chosen: chosen.map(|chosen| chosen.into_iter().collect()),
    };
    let people = match whom {
        // Far too many to be copied, and in order already.
        Whom::Users(users) => {
            return Ok((users.len(), Box::new(users.iter().map(move |user| queued(*user, None)))));
        }
        Whom::Group(group) => members(connection, *group, most).map_err(database)?,
        Whom::Undo(of, on_record) => {
            let mut people = People::new();
            undo::people(connection, *of, on_record, &mut people).map_err(database)?;
            people
        }
        Whom::Results(results, tasks) => {
            let mut people = People::new();
            let choice = Choice::of(connection, run, *tasks)?;
            let mut subject = connection
                .prepare_cached(
                    "SELECT u.number FROM user_results q JOIN users u ON u.number = q.subject
                      WHERE q.run = ?1 AND q.seq = ?2 AND u.deleted IS NULL",
                )
                .map_err(database)?;
            for (of, seq) in results {
                let mut rows = subject.query([of, seq]).map_err(database)?;
                let Some(row) = rows.next().map_err(database)? else { continue };
                choice.add(connection, &mut people, row.get(0).map_err(database)?, (*of, *seq))?;
            }
            people
        }
        Whom::Run(of, tasks, users) => {
            let mut people = People::new();
            let choice = Choice::of(connection, run, *tasks)?;
            let statuses = match users {
                UserChoice::All => json_numbers(&Status::NAMES.map(|(_, code)| code)),
                UserChoice::Failed => {
                    json_numbers(&[Status::Failed.code(), Status::CompletedWithErrors.code()])
                }
            };
            let mut statement = connection
                .prepare_cached(
                    "SELECT u.number, q.seq FROM user_results q JOIN users u ON u.number = q.subject
                      WHERE q.run = ?1 AND q.reported = 0 AND u.deleted IS NULL
                        AND q.status IN (SELECT value FROM json_each(?2))",
                )
                .map_err(database)?;
            let mut rows = statement.query(params![of, statuses]).map_err(database)?;
            while let Some(row) = rows.next().map_err(database)? {
                let seq: Seq = row.get(1).map_err(database)?;
                choice.add(connection, &mut people, row.get(0).map_err(database)?, (*of, seq))?;
                if people.len() > most {
                    break;
                }
            }
            people
        }
    };
    Ok((people.len(), Box::new(people.into_iter().map(move |(user, chosen)| queued(user, chosen)))))
}

fn members(connection: &Connection, group: i64, most: usize) -> db::Result<People> {
    let mut statement = connection.prepare_cached(
        "SELECT m.user FROM memberships m JOIN users u ON u.number = m.user JOIN groups g ON g.number = m.grp
          WHERE m.grp = ?1 AND u.deleted IS NULL AND g.deleted IS NULL
          LIMIT ?2",
    )?;
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    statement.query_map([group, limit], |row| Ok((row.get(0)?, None)))?.collect()
}

/// Which tasks are run again.
enum Choice {
    All,
    /// What did not succeed, of these.
    Failed(BTreeSet<Ordinal>),
}

impl Choice {
    fn of(connection: &Connection, run: &NewRun, tasks: TaskChoice) -> Result<Self, StoreError> {
        Ok(match tasks {
            TaskChoice::All => Self::All,
            TaskChoice::Failed => {
                let version = version_of(connection, run.workflow, run.version)?;
                let enabled = version.iter().flat_map(Version::enabled_tasks);
                Self::Failed(enabled.map(|task| task.execution_sequence).collect())
            }
        })
    }

    /// Adds somebody, unless there is nothing to repeat for them.
    fn add(
        &self,
        connection: &Connection,
        people: &mut People,
        user: i64,
        result: (RunNumber, Seq),
    ) -> Result<(), StoreError> {
        let Self::Failed(tasks) = self else {
            people.insert(user, None);
            return Ok(());
        };
        let mut left = match chosen_before(connection, result)? {
            Some(chosen) => chosen.into_iter().filter(|ordinal| tasks.contains(ordinal)).collect(),
            None => tasks.clone(),
        };
        let mut done = connection
            .prepare_cached("SELECT ordinal FROM task_results WHERE run = ?1 AND seq = ?2 AND status = ?3")
            .map_err(database)?;
        let mut rows = done.query(params![result.0, result.1, Status::Completed.code()]).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            left.remove(&row.get(0).map_err(database)?);
        }
        if !left.is_empty() {
            people.entry(user).or_insert_with(|| Some(BTreeSet::new())).get_or_insert_default().extend(left);
        }
        Ok(())
    }
}

/// The tasks that a result was limited to itself.
fn chosen_before(
    connection: &Connection,
    (run, seq): (RunNumber, Seq),
) -> Result<Option<Vec<Ordinal>>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT o.value FROM chosen_tasks c, json_each(c.ordinals) o WHERE c.run = ?1 AND c.seq = ?2",
        )
        .map_err(database)?;
    let chosen: Vec<Ordinal> =
        statement.query_map([run, seq], |row| row.get(0)).and_then(Iterator::collect).map_err(database)?;
    Ok((!chosen.is_empty()).then_some(chosen))
}
