//! Taking back what a run did: what is on record of it, and whether somebody has taken it back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::ids::{Ordinal, RunNumber, Seq};
use tenure_lifecycle::run::{OnRecord, Status};

use super::activate::People;
use super::db::{self, Connection, OptionalExtension as _, params};
use super::rows::json_numbers;

/// What tasks do, as it is on record.
const DONE: [Activity; 20] = [
    Activity::UpdateUser,
    Activity::DeleteUser,
    Activity::RestoreUser,
    Activity::AddMember,
    Activity::RemoveMember,
    Activity::AssignLicense,
    Activity::RemoveLicense,
    Activity::RevokeSessions,
    Activity::SendMail,
    Activity::IssuePass,
    Activity::DeletePass,
    Activity::CallExtension,
    Activity::AssignPackage,
    Activity::EndAssignment,
    Activity::CancelRequest,
    Activity::AddAgentSponsor,
    Activity::RemoveAgentSponsor,
    Activity::ReopenAssignment,
    Activity::ReopenRequest,
    Activity::RequestPackage,
];

/// What the tasks of a run did, or of one of its results.
pub(super) fn on_record(
    connection: &Connection,
    run: RunNumber,
    seq: Option<Seq>,
) -> db::Result<Vec<OnRecord>> {
    // The entries lie together, and what lies between them is looked at too: an index would be written for every change that
    // any run makes, and this is asked rarely.
    connection
        .prepare_cached(
            "SELECT seq, ordinal, number FROM audit
              WHERE number > (SELECT coalesce(change_from, 0) FROM runs WHERE number = ?1)
                AND number <= (SELECT coalesce(change_to, 9223372036854775807) FROM runs WHERE number = ?1)
                AND run = ?1 AND seq IS NOT NULL AND ordinal IS NOT NULL AND (seq = ?2 OR ?2 IS NULL)
                AND activity IN (SELECT value FROM json_each(?3))",
        )?
        .query_map(params![run, seq, json_numbers(&DONE.map(Activity::code))], |row| {
            Ok(OnRecord { seq: row.get(0)?, ordinal: row.get(1)?, change: row.get(2)? })
        })?
        .collect()
}

/// Adds the people for whom something is on record that nobody has taken back, or is about to, with the tasks that did it.
pub(super) fn people(
    connection: &Connection,
    of: RunNumber,
    on_record: &[OnRecord],
    people: &mut People,
) -> db::Result<()> {
    let mut by_seq: BTreeMap<Seq, BTreeSet<Ordinal>> = BTreeMap::new();
    for one in on_record {
        by_seq.entry(one.seq).or_default().insert(one.ordinal);
    }
    // A result that came to nothing, or whose turn never came, has taken nothing back.
    let mut taken = connection.prepare_cached(
        "SELECT n.value FROM undone d JOIN user_results r ON r.run = d.run AND r.seq = d.seq
          CROSS JOIN chosen_tasks c ON c.run = d.run AND c.seq = d.seq
          CROSS JOIN json_each(c.ordinals) n
           LEFT JOIN task_results t ON t.run = d.run AND t.seq = d.seq AND t.ordinal = n.value
          WHERE d.of = ?1 AND d.of_seq = ?2 AND (r.status IN (?3, ?4) OR t.status = ?5)",
    )?;
    let mut subject = connection
        .prepare_cached("SELECT subject FROM user_results WHERE run = ?1 AND seq = ?2 AND reported = 0")?;
    for (seq, mut ordinals) in by_seq {
        let under_way = [Status::Queued, Status::InProgress].map(Status::code);
        let mut rows = taken.query(params![of, seq, under_way[0], under_way[1], Status::Completed.code()])?;
        while let Some(row) = rows.next()? {
            ordinals.remove(&row.get(0)?);
        }
        // A result may have been deleted since.
        let user: Option<i64> = subject.query_row([of, seq], |row| row.get(0)).optional()?.flatten();
        if let Some(user) = user.filter(|_| !ordinals.is_empty()) {
            people.entry(user).or_default().get_or_insert_default().extend(ordinals);
        }
    }
    Ok(())
}

/// Notes what each result of a new run takes back. A preview takes nothing back, it only looks.
pub(super) fn link(
    connection: &Connection,
    of: RunNumber,
    on_record: &[OnRecord],
    run: RunNumber,
    is_preview: bool,
) -> db::Result<()> {
    connection.execute("UPDATE runs SET undoes = ?2 WHERE number = ?1", [run, of])?;
    let admitted: HashMap<Seq, (Seq, BTreeSet<Ordinal>)> = connection
        .prepare_cached(
            "SELECT o.seq, q.seq, c.ordinals FROM user_results q
               JOIN chosen_tasks c ON c.run = q.run AND c.seq = q.seq
               JOIN user_results o ON o.subject = q.subject AND o.run = ?2
              WHERE q.run = ?1",
        )?
        .query_map([run, of], |row| {
            let ordinals: String = row.get(2)?;
            let ordinals = serde_json::from_str(&ordinals).unwrap_or_default();
            Ok((row.get(0)?, (row.get(1)?, ordinals)))
        })?
        .collect::<db::Result<_>>()?;
    let mut change =
        connection.prepare_cached("INSERT INTO undo_changes (run, seq, change) VALUES (?1, ?2, ?3)")?;
    for one in on_record {
        if let Some((seq, chosen)) = admitted.get(&one.seq)
            && chosen.contains(&one.ordinal)
        {
            change.execute([run, *seq, one.change])?;
        }
    }
    if is_preview {
        return Ok(());
    }
    let mut undone =
        connection.prepare_cached("INSERT INTO undone (of, of_seq, run, seq) VALUES (?1, ?2, ?3, ?4)")?;
    for (of_seq, (seq, _)) in admitted {
        undone.execute([of, of_seq, run, seq])?;
    }
    Ok(())
}

/// Forgets what a run that is taken away took back, and what was taken back of it.
pub(super) fn forget(connection: &Connection, run: RunNumber) -> db::Result<()> {
    for sql in [
        "DELETE FROM undo_changes WHERE run = ?1",
        "DELETE FROM undone WHERE run = ?1",
        "DELETE FROM undone WHERE of = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([run])?;
    }
    Ok(())
}
