//! Brings the schema up to date, one numbered step at a time, each in its own transaction.

use rusqlite::Connection;

use super::meta;
use super::open::prepare;
use crate::open_error::{COMPATIBLE, OpenError};

/// Steps, in order; append only.
const STEPS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
    include_str!("migrations/0010.sql"),
    include_str!("migrations/0011.sql"),
    include_str!("migrations/0012.sql"),
    include_str!("migrations/0013.sql"),
    include_str!("migrations/0014.sql"),
    include_str!("migrations/0015.sql"),
];

/// The oldest schema whose Tenure may work with data that are as this one leaves them. A step that only adds leaves it, so that
/// a server can be put back; a step that takes away what the release before needs raises it to the number of the step.
const OLDEST: usize = 13;

/// Applies the steps the database has not seen.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let seen: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let seen = usize::try_from(seen).unwrap_or(usize::MAX);
    if seen > STEPS.len() {
        let oldest = meta::number(connection, COMPATIBLE)?;
        if oldest.is_some_and(|oldest| oldest <= STEPS.len() as i64) {
            return Ok(());
        }
        return Err(OpenError::Newer { found: seen, known: STEPS.len() });
    }
    for (step, sql) in STEPS.iter().enumerate().skip(seen) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step as i64 + 1)?;
        transaction.commit()?;
    }
    if meta::number(connection, COMPATIBLE)? != Some(OLDEST as i64) {
        meta::set_number(connection, COMPATIBLE, OLDEST as i64)?;
    }
    Ok(())
}

/// The tables, with nothing in them.
pub(crate) fn new_in_memory() -> Result<Connection, OpenError> {
    let mut connection = Connection::open_in_memory()?;
    prepare(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a later Tenure left can be worked with if it says so, and is left as it is.
    #[test]
    fn a_later_schema_is_taken_if_it_is_compatible() {
        let mut connection = new_in_memory().unwrap();
        let later = STEPS.len() + 1;
        connection.pragma_update(None, "user_version", later as i64).unwrap();
        for (oldest, is_taken) in [(STEPS.len(), true), (STEPS.len() - 1, true), (later, false)] {
            meta::set_number(&connection, COMPATIBLE, oldest as i64).unwrap();
            match migrate(&mut connection) {
                Ok(()) => assert!(is_taken, "{oldest}"),
                Err(OpenError::Newer { found, known }) => {
                    assert_eq!((found, known, is_taken), (later, STEPS.len(), false));
                }
                Err(error) => panic!("{error}"),
            }
            assert_eq!(meta::number(&connection, COMPATIBLE).unwrap(), Some(oldest as i64));
        }
        connection.execute("DELETE FROM meta WHERE key = ?1", [COMPATIBLE]).unwrap();
        assert!(
            matches!(migrate(&mut connection), Err(OpenError::Newer { .. })),
            "before there was such a word"
        );
    }

    /// What a summary of days says after rows were there before the step that brought it, and after rows that came later.
    #[test]
    fn days_count_what_was_there_before_them() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let run = |connection: &Connection, scheduled: i64, status: i64| {
            connection
                .execute(
                    "INSERT INTO runs (epoch, workflow, version, type, scheduled, created, updated, status, open, tasks,
                                       next_seq, leased_to, users_total, users_queued, users_in_progress,
                                       users_successful, users_with_errors, users_failed, users_canceled, tasks_total,
                                       tasks_failed, tasks_unprocessed)
                     VALUES (1, 1, 1, 0, ?1, 0, 0, ?2, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
                    [scheduled, status],
                )
                .unwrap();
            let number = connection.last_insert_rowid();
            connection
                .execute(
                    "INSERT INTO task_reports (run, ordinal, total, successful, failed, in_progress, updated)
                     VALUES (?1, 1, 4, 2, 1, 0, 0)",
                    [number],
                )
                .unwrap();
            number
        };
        let rows = |connection: &Connection, sql: &str| -> Vec<Vec<i64>> {
            let mut statement = connection.prepare(sql).unwrap();
            let columns = statement.column_count();
            let read = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
            statement.query_map([], read).unwrap().map(Result::unwrap).collect()
        };
        for (scheduled, status) in [(0, 2), (86_399_999, 2), (86_400_000, 5), (-1, 2)] {
            run(&connection, scheduled, status);
        }
        migrate(&mut connection).unwrap();
        const RUNS: &str = "SELECT day, status, runs FROM run_days WHERE runs <> 0 ORDER BY 1, 2";
        const REPORTS: &str = "SELECT day, total, successful, failed FROM report_days ORDER BY 1";
        assert_eq!(rows(&connection, RUNS), [[-1, 2, 1], [0, 2, 2], [1, 5, 1]]);
        assert_eq!(rows(&connection, REPORTS), [[-1, 4, 2, 1], [0, 8, 4, 2], [1, 4, 2, 1]]);
        let number = run(&connection, 5, 0);
        connection.execute("UPDATE runs SET status = 2 WHERE number = ?1", [number]).unwrap();
        connection.execute("UPDATE task_reports SET successful = 3 WHERE run = ?1", [number]).unwrap();
        assert_eq!(rows(&connection, RUNS), [[-1, 2, 1], [0, 2, 3], [1, 5, 1]]);
        assert_eq!(rows(&connection, REPORTS), [[-1, 4, 2, 1], [0, 12, 7, 3], [1, 4, 2, 1]]);
    }

    /// What the tasks of a definition did, before and after the step that counts it by day.
    #[test]
    fn days_of_a_definition_count_what_was_there_before_them() {
        let mut connection = Connection::open_in_memory().unwrap();
        for step in &STEPS[..2] {
            connection.execute_batch(step).unwrap();
        }
        connection.pragma_update(None, "user_version", 2).unwrap();
        connection
            .execute(
                "INSERT INTO versions (workflow, version, created, created_by, modified, modified_by, display_name,
                                       is_enabled, is_scheduling_enabled, conditions, tasks)
                 VALUES (1, 1, 0, x'', 0, x'', 'w', 1, 1, '{}', ?1)",
                [r#"[{"taskDefinitionId": "a"}, {"taskDefinitionId": "b"}, {"taskDefinitionId": "a"}]"#],
            )
            .unwrap();
        let run = |connection: &Connection, scheduled: i64| {
            connection
                .execute(
                    "INSERT INTO runs (epoch, workflow, version, type, scheduled, created, updated, status, open, tasks,
                                       next_seq, leased_to, users_total, users_queued, users_in_progress,
                                       users_successful, users_with_errors, users_failed, users_canceled, tasks_total,
                                       tasks_failed, tasks_unprocessed)
                     VALUES (1, 1, 1, 0, ?1, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
                    [scheduled],
                )
                .unwrap();
            let number = connection.last_insert_rowid();
            for ordinal in 1..=4 {
                connection
                    .execute(
                        "INSERT INTO task_reports (run, ordinal, total, successful, failed, in_progress, updated)
                         VALUES (?1, ?2, 10, ?2, 1, 0, 0)",
                        [number, ordinal],
                    )
                    .unwrap();
            }
            number
        };
        let rows = |connection: &Connection| -> Vec<(i64, String, i64, i64, i64)> {
            let mut statement = connection
                .prepare("SELECT day, definition, total, successful, failed FROM task_days ORDER BY 1, 2")
                .unwrap();
            let read = |row: &rusqlite::Row<'_>| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            };
            statement.query_map([], read).unwrap().map(Result::unwrap).collect()
        };
        run(&connection, -1);
        run(&connection, 0);
        migrate(&mut connection).unwrap();
        let (a, b) = ("a".to_owned(), "b".to_owned());
        let before = (-1, a.clone(), 20, 4, 2);
        let expected = vec![
            before.clone(),
            (-1, b.clone(), 10, 2, 1),
            (0, a.clone(), 20, 4, 2),
            (0, b.clone(), 10, 2, 1),
        ];
        assert_eq!(rows(&connection), expected);
        let number = run(&connection, 86_399_999);
        connection
            .execute("UPDATE task_reports SET failed = 5 WHERE run = ?1 AND ordinal <> 2", [number])
            .unwrap();
        assert_eq!(rows(&connection)[2..], [(0, a.clone(), 40, 8, 12), (0, b.clone(), 20, 4, 2)]);
        connection.execute("DELETE FROM task_reports WHERE run = ?1", [number]).unwrap();
        assert_eq!(rows(&connection), expected);
    }
}
