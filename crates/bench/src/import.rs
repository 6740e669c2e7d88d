//! A directory that comes in from a file, and the same file again with some people changed.
//!
//! Beside the first import: the rows that it left in every table, inserted by plain prepared statements. Beside the second: each
//! row of the file looked up and compared one by one, and those that differ updated.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;
use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::operations::{Import, Lifecycle};

use crate::measure::{Output, peak_rss_mib, place, print, rounded};
use crate::setup::{NOW, caller, open};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// People in the file.
    #[arg(long, default_value_t = 1_000_000)]
    users: u64,
    /// Share of them who are somebody else when the file comes again.
    #[arg(long, default_value_t = 0.01)]
    share: f64,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    users: u64,
    users_per_second: f64,
    raw_users_per_second: f64,
    ratio: f64,
    peak_rss_mi_b: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SyncFigures {
    users: u64,
    changed: u64,
    seconds: f64,
    rows_per_second: f64,
    /// The same file once more, with nothing changed.
    unchanged_seconds: f64,
    naive_rows_per_second: f64,
    ratio: f64,
}

const MAP: &str = r#"
feed = "people"

[columns]
employeeId = "Id"
displayName = "Name"
userPrincipalName = "Login"
department = "Department"
jobTitle = "Title"
city = "City"
employeeHireDate = "Start"
manager = "Manager"
"#;

/// Rows of one transaction on the raw side, as in a chunk of an import.
const TOGETHER: usize = 1_000;

/// `import`: the first time.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let (ours, raw) = (place.path().join("engine"), place.path().join("raw"));
    std::fs::create_dir(&ours)?;
    std::fs::create_dir(&raw)?;
    let file = place.path().join("people.csv");
    write_file(&file, arguments.users, 0)?;
    drop(open(&raw)?);

    let seconds = {
        let (store, lifecycle) = open(&ours)?;
        let begun = Instant::now();
        import(&lifecycle, &file, (arguments.users, 0))?;
        let seconds = begun.elapsed().as_secs_f64();
        store.checkpoint()?;
        seconds
    };
    let peak = peak_rss_mib();
    let raw_seconds = copy_rows(&ours, &raw, arguments.users)?.as_secs_f64();
    let (rate, raw_rate) = (arguments.users as f64 / seconds, arguments.users as f64 / raw_seconds);
    let figures = Figures {
        users: arguments.users,
        users_per_second: rate.round(),
        raw_users_per_second: raw_rate.round(),
        ratio: rounded(rate / raw_rate),
        peak_rss_mi_b: rounded(peak),
    };
    print(&figures, arguments.output.json)
}

/// `sync`: the file again.
pub(crate) fn run_again(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let (ours, naive) = (place.path().join("engine"), place.path().join("naive"));
    std::fs::create_dir(&ours)?;
    std::fs::create_dir(&naive)?;
    let (first, again) = (place.path().join("first.csv"), place.path().join("again.csv"));
    let every = (1.0 / arguments.share.clamp(1e-9, 1.0)).round() as u64;
    let changed = arguments.users / every;
    write_file(&first, arguments.users, 0)?;
    write_file(&again, arguments.users, every)?;
    {
        let (store, lifecycle) = open(&ours)?;
        import(&lifecycle, &first, (arguments.users, 0))?;
        store.checkpoint()?;
    }
    std::fs::copy(ours.join("tenure.db"), naive.join("tenure.db"))?;

    let (_store, lifecycle) = open(&ours)?;
    let begun = Instant::now();
    import(&lifecycle, &again, (0, changed))?;
    let seconds = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    import(&lifecycle, &again, (0, 0))?;
    let unchanged = begun.elapsed().as_secs_f64();
    let naive_seconds = one_by_one(&naive, &again, changed)?.as_secs_f64();
    let (rate, naive_rate) = (arguments.users as f64 / seconds, arguments.users as f64 / naive_seconds);
    let figures = SyncFigures {
        users: arguments.users,
        changed,
        seconds: rounded(seconds),
        rows_per_second: rate.round(),
        unchanged_seconds: rounded(unchanged),
        naive_rows_per_second: naive_rate.round(),
        ratio: rounded(rate / naive_rate),
    };
    print(&figures, arguments.output.json)
}

/// A file of people with managers; where `changed` is not 0, every so many-th has another title.
fn write_file(path: &Path, users: u64, changed: u64) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "Id,Name,Login,Department,Title,City,Start,Manager")?;
    let mut line = String::new();
    for number in 1..=users {
        let manager = if number <= 10 { String::new() } else { (number / 10).to_string() };
        let title = if changed > 0 && number % changed == 0 { "Lead" } else { "Clerk" };
        let (department, city, day) = (number % 97, number % 31, number % 28 + 1);
        line.clear();
        writeln!(
            line,
            "{number},Person {number},person{number}@example.com,Department {department},{title},City {city},\
             2020-05-{day:02},{manager}"
        )?;
        file.write_all(line.as_bytes())?;
    }
    Ok(file.flush()?)
}

fn import(lifecycle: &Lifecycle, file: &Path, expected: (u64, u64)) -> anyhow::Result<()> {
    let open = || Ok(Box::new(File::open(file)?) as Box<dyn std::io::Read + Send>);
    let import = Import { reader: &CsvFeed, map: MAP, open: &open, dry_run: false };
    let report = lifecycle.import(&caller(), &import)?;
    let found = (report.created, report.changed);
    anyhow::ensure!(found == expected, "created and changed are {found:?}: {:?}", report.rejections.first());
    Ok(())
}

/// Inserts the rows of one directory into another, with as many people in a transaction as an import has; how long the inserting
/// took.
fn copy_rows(from: &Path, to: &Path, users: u64) -> anyhow::Result<Duration> {
    let (from, to) = (Connection::open(from.join("tenure.db"))?, Connection::open(to.join("tenure.db"))?);
    to.set_prepared_statement_cache_capacity(64);
    to.pragma_update(None, "synchronous", "FULL")?;
    to.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    to.pragma_update(None, "cache_size", -8_192)?;
    let count = |connection: &Connection, table: &str| {
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
    };
    let mut names = from.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut tables = Vec::new();
    for name in names {
        if count(&from, &name)? > count(&to, &name)? {
            tables.push(name);
        }
    }
    let mut readers = Vec::new();
    for table in &tables {
        readers.push((from.prepare(&format!("SELECT * FROM {table}"))?, count(&from, table)? as u64));
    }
    let mut cursors = Vec::new();
    for (statement, rows) in &mut readers {
        let columns = statement.column_count();
        let places = vec!["?"; columns].join(", ");
        cursors.push((statement.query([])?, *rows, columns, places));
    }
    let mut took = Duration::ZERO;
    let chunks = users.div_ceil(TOGETHER as u64);
    for chunk in 0..chunks {
        let mut rows: Vec<Vec<Vec<Value>>> = Vec::new();
        for (cursor, count, columns, _) in &mut cursors {
            let wanted = *count * (chunk + 1) / chunks - *count * chunk / chunks;
            let mut found = Vec::new();
            for _ in 0..wanted {
                let Some(row) = cursor.next()? else { break };
                found.push((0..*columns).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?);
            }
            rows.push(found);
        }
        let begun = Instant::now();
        to.execute_batch("BEGIN IMMEDIATE")?;
        for ((table, rows), (.., places)) in tables.iter().zip(&rows).zip(&cursors) {
            let mut insert = to.prepare_cached(&format!("INSERT INTO {table} VALUES ({places})"))?;
            for row in rows {
                insert.execute(params_from_iter(row))?;
            }
        }
        to.execute_batch("COMMIT")?;
        took += begun.elapsed();
    }
    for table in &tables {
        anyhow::ensure!(count(&from, table)? == count(&to, table)?, "not all rows of {table} were copied");
    }
    Ok(took)
}

/// Looks each row of the file up, compares it, and writes those that differ.
fn one_by_one(directory: &Path, file: &Path, changed: u64) -> anyhow::Result<Duration> {
    let connection = Connection::open(directory.join("tenure.db"))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    let begun = Instant::now();
    let mut written = 0;
    let mut lines = BufReader::new(File::open(file)?).lines();
    let header = lines.next().transpose()?.unwrap_or_default();
    let names: HashMap<&str, usize> =
        header.split(',').enumerate().map(|(place, name)| (name, place)).collect();
    let read = ["Name", "Login", "Department", "Title", "City"].map(|name| names[name]);
    let mut find = connection.prepare("SELECT number, attributes FROM users WHERE employee_id = ?1")?;
    let mut update =
        connection.prepare("UPDATE users SET attributes = ?2, version = version + 1 WHERE number = ?1")?;
    let mut log =
        connection.prepare("INSERT INTO audit (at, activity, target, attribute) VALUES (?1, 2, ?2, ?3)")?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for (place, line) in lines.enumerate() {
        let line = line?;
        let cells: Vec<&str> = line.split(',').collect();
        let (number, text): (i64, String) =
            find.query_row([cells[names["Id"]]], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut attributes: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)?;
        let known = ["displayName", "userPrincipalName", "department", "jobTitle", "city"];
        let mut differs = false;
        for (attribute, cell) in known.into_iter().zip(read.map(|cell| cells[cell])) {
            if attributes.get(attribute).and_then(serde_json::Value::as_str) != Some(cell) {
                attributes.insert(attribute.to_owned(), cell.into());
                differs = true;
            }
        }
        if differs {
            update.execute(params![number, serde_json::to_string(&attributes)?])?;
            log.execute(params![NOW, number, 1])?;
            written += 1;
        }
        if place % TOGETHER == TOGETHER - 1 {
            connection.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        }
    }
    connection.execute_batch("COMMIT")?;
    anyhow::ensure!(written == changed, "{written} of {changed} differ");
    Ok(begun.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_do_the_same_with_a_small_file() {
        let arguments = Arguments { users: 3_000, share: 0.01, output: Output::default() };
        run(&arguments).unwrap();
        run_again(&arguments).unwrap();
    }
}
