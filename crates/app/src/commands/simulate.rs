//! `tenure simulate`

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::configuration::Configuration;
use crate::output::{Output, Page};
use crate::simulate::{Callbacks, Feeds, Plan, Play, Stage};
use crate::wrong_use::WrongUse;

/// Play days with the real engine, on a copy of a data directory or on an empty one; nothing goes outside
/// (docs/simulate.md).
#[derive(Args, Debug)]
pub(crate) struct Simulate {
    /// Where the clock begins: a day, or a time such as 2026-03-01T08:00:00Z
    #[arg(long, value_name = "DATE", value_parser = moment)]
    from: Timestamp,
    /// Until when; a day is played to its end
    #[arg(long, value_name = "DATE", value_parser = end)]
    to: Timestamp,
    /// The data directory to copy, served or not; without one, an empty one is played on
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration: limits and organisation [default: ./tenure.toml if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Workflows to add, or to put in the place of those of the same name: files in Graph's JSON, or YAML
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// Let only these workflows run by themselves: names or ids
    #[arg(long, num_args = 1.., value_name = "W")]
    workflow: Vec<String>,
    /// HR files, each imported on its day: FILE@DATE, or a file that is named for its day
    #[arg(long, num_args = 1.., value_name = "FILE@DATE")]
    feed: Vec<String>,
    /// Which column of the files is which property [default: FILE.toml beside each file]
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// What those say who are called and waited for
    #[arg(long, value_name = "ANSWER", value_enum, default_value_t)]
    callbacks: Callbacks,
    /// Keep the copy in this directory, which has to be empty
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

impl Simulate {
    pub(crate) fn run(self, out: Output) -> anyhow::Result<()> {
        let Self { from, to, .. } = self;
        if to < from {
            return Err(WrongUse::error("--to lies before --from"));
        }
        let configuration = Configuration::read(self.config.as_deref())?;
        let feeds = Feeds::of(&self.feed, self.map.as_deref(), (from, to))?;
        if self.data.is_none() && self.workflows.is_none() {
            return Err(WrongUse::error(
                "there is nothing to play: name a data directory with --data, or workflows with --workflows",
            ));
        }
        let plan = Plan {
            data: self.data.as_deref(),
            workflows: self.workflows.as_deref(),
            only: &self.workflow,
            keep: self.keep.as_deref(),
            callbacks: self.callbacks,
            from,
        };
        let stage = Stage::set(&plan, configuration).context("the stage cannot be set")?;
        let mut progress = Progress::new(out);
        let mut first = true;
        out.part(
            &format!("{{\"from\":{},\"to\":{},\"days\":[", json!(from.to_string()), json!(to.to_string())),
            |_| {},
        )?;
        let totals = Play { from, to, feeds }.run(&stage, |day| {
            progress.at(stage.lifecycle.now());
            if day.is_empty() {
                return Ok(());
            }
            progress.clear();
            let comma = if std::mem::take(&mut first) { "" } else { "," };
            out.part(&format!("{comma}{}", serde_json::to_string(day)?), |page| day.tell(page))
        })?;
        progress.clear();
        stage.end()?;
        let kept = json!(self.keep.as_ref().map(|keep| keep.display().to_string()));
        out.part(&format!("],\"totals\":{},\"kept\":{kept}}}\n", serde_json::to_string(&totals)?), |page| {
            totals.tell(page);
            if let Some(keep) = &self.keep {
                tell_of_copy(page, keep.display());
            }
        })
    }
}

fn tell_of_copy(page: &mut Page, keep: impl std::fmt::Display) {
    page.line(format!(
        "The copy is in {keep}: `tenure serve --data {keep}` serves it, and sends nothing outside."
    ));
}

/// Which day it is, for people who watch.
struct Progress {
    shows: bool,
    days: u32,
}

impl Progress {
    fn new(out: Output) -> Self {
        Self { shows: !out.is_for_machines() && std::io::stderr().is_terminal(), days: 0 }
    }

    fn at(&mut self, now: Timestamp) {
        self.days += 1;
        if self.shows && self.days.is_multiple_of(10) {
            // Whoever does not see it has lost nothing.
            drop(write!(std::io::stderr(), "\r{}", now.strftime("%Y-%m-%d")));
        }
    }

    fn clear(&self) {
        if self.shows {
            drop(write!(std::io::stderr(), "\r          \r"));
        }
    }
}

/// A moment such as `2026-03-01T08:00:00Z`, or a day, which begins at midnight UTC.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    match day(text) {
        Some(start) => Ok(start),
        None if Date::strptime("%Y-%m-%d", text).is_ok() => {
            Err("lies after 9999-12-29, the last whole day that is reckoned with".to_owned())
        }
        None => text.parse().map(tenure_lifecycle::clock::whole_millis).map_err(|_| {
            // A time of day without an offset is refused: nobody can know which zone it is meant in.
            "expected a time such as 2026-03-01T08:00:00Z, or a day such as 2026-03-01".to_owned()
        }),
    }
}

/// The same; a day is meant with its end.
fn end(text: &str) -> Result<Timestamp, String> {
    let Some(start) = day(text) else { return moment(text) };
    let end = start.checked_add(SignedDuration::from_hours(24));
    end.and_then(|next| next.checked_sub(SignedDuration::from_millis(1)))
        .map_err(|_| "lies after 9999-12-29, the last whole day that is reckoned with".to_owned())
}

fn day(text: &str) -> Option<Timestamp> {
    let day = Date::strptime("%Y-%m-%d", text).ok()?;
    day.to_zoned_datetime(TimeZone::UTC).ok().map(|start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_at_midnight() {
        assert_eq!(moment("2008-12-31").unwrap().to_string(), "2008-12-31T00:00:00Z");
        assert_eq!(end("2008-12-31").unwrap().to_string(), "2008-12-31T23:59:59.999Z");
        assert_eq!(end("2026-03-01T08:00:00+02:00").unwrap().to_string(), "2026-03-01T06:00:00Z");
        for wrong in ["", "now", "2026-13-01", "2026-03-01T08:00:00"] {
            assert!(moment(wrong).is_err() && end(wrong).is_err(), "{wrong}");
        }
        assert!(end("9999-12-29").is_ok());
        for late in ["9999-12-30", "9999-12-31"] {
            assert!(end(late).unwrap_err().starts_with("lies after"), "{late}");
        }
    }
}
