//! Summaries over any range of a long history, over the whole API in process, beside counting the rows.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use serde_json::Value as Json;
use std::time::Instant;

use crate::history;
use crate::measure::{Output, median, place, print, rounded};
use crate::serve::api;
use crate::setup::{Work, company, now, open};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many results the workflow has, a run of 100,000 each day.
    #[arg(long, default_value_t = 10_000_000)]
    results: u64,
    /// How many ranges are asked for.
    #[arg(long, default_value_t = 500)]
    ranges: u64,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    results: u64,
    /// The first one ever asked for.
    first_millis: f64,
    median_millis: f64,
    longest_millis: f64,
    /// Counting the rows of the same ranges; a few of them.
    counted_median_millis: f64,
}

const PEOPLE: u64 = 100_000;
/// Ranges that are counted too: that takes long.
const COUNTED: u64 = 5;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let people = PEOPLE.min(arguments.results);
    let workflow = {
        let (store, lifecycle) = open(place.path())?;
        company(store.as_ref(), &lifecycle, people, Work::Bookkeeping, false)?
    };
    history::write(place.path(), workflow.number, people, arguments.results)?;
    let days = arguments.results.div_ceil(people) as i64;
    let (store, lifecycle) = open(place.path())?;
    store.checkpoint()?;
    let api = api(Arc::clone(&lifecycle), place.path())?;
    let raw = Connection::open_with_flags(place.path().join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;

    let (mut times, mut counted) = (Vec::new(), Vec::new());
    for number in 0..arguments.ranges {
        // From within one day to within another, all over the history.
        let (one, other) = ((number * 7_919) as i64 % days, (number * 104_729) as i64 % days);
        let at = |day: i64, hours| {
            now() - SignedDuration::from_hours(24 * (days - day)) + SignedDuration::from_hours(hours)
        };
        let (start, end) = (at(one.min(other), -5), at(one.max(other), 5));
        let path = format!(
            "/v1.0/identityGovernance/lifecycleWorkflows/workflows/{}/userProcessingResults/\
             summary(startDateTime={start},endDateTime={end})",
            workflow.id
        );
        let (body, took) = api.get(&path)?;
        times.push(took);
        if number < COUNTED {
            let begun = Instant::now();
            let found = count(&raw, workflow.number, start, end)?;
            counted.push(begun.elapsed().as_secs_f64() * 1_000.0);
            let answer: Json = serde_json::from_slice(&body)?;
            anyhow::ensure!(answer["totalUsers"] == found, "{answer} for {found} users");
        }
    }
    let figures = Figures {
        results: arguments.results,
        first_millis: rounded(times[0]),
        median_millis: rounded(median(times.clone())),
        longest_millis: rounded(times[1..].iter().copied().fold(0.0, f64::max)),
        counted_median_millis: rounded(median(counted)),
    };
    print(&figures, arguments.output.json)
}

/// The users of a range, counted.
fn count(connection: &Connection, workflow: i64, start: Timestamp, end: Timestamp) -> rusqlite::Result<i64> {
    connection.query_row(
        "SELECT count(*) FROM runs r JOIN user_results q ON q.run = r.number
          WHERE r.workflow = ?1 AND r.scheduled >= ?2 AND r.scheduled < ?3 AND q.status IN (2, 3, 5)",
        [workflow, start.as_millisecond(), end.as_millisecond()],
        |row| row.get(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_summed_up_is_what_is_there() {
        run(&Arguments { results: 6_000, ranges: 20, output: Output::default() }).unwrap();
    }
}
