//! HR files, each imported on its day.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use serde::Serialize;
use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::operations::{Import, Lifecycle};
use tenure_lifecycle::token::Caller;

use crate::commands::simulate::moment;
use crate::wrong_use::WrongUse;

/// The files, by when they come.
pub(crate) struct Feeds(Vec<Feed>);

struct Feed {
    at: Timestamp,
    file: PathBuf,
    map: String,
}

/// What came in with a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported {
    pub(crate) at: String,
    pub(crate) file: String,
    pub(crate) created: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
    pub(crate) missing: u64,
    /// Why nothing came in.
    pub(crate) stopped: Option<String>,
}

impl Feeds {
    /// Reads `FILE@DATE`, or `FILE` that is named for its day; every file and every map has to be there.
    pub(crate) fn of(
        written: &[String],
        map: Option<&Path>,
        within: (Timestamp, Timestamp),
    ) -> anyhow::Result<Self> {
        let mut feeds = written.iter().map(|text| feed(text, map)).collect::<anyhow::Result<Vec<_>>>()?;
        // Files of the same moment in the order in which they are named.
        feeds.sort_by_key(|feed| feed.at);
        if let Some(feed) = feeds.iter().find(|feed| feed.at < within.0 || feed.at > within.1) {
            let file = feed.file.display();
            return Err(WrongUse::error(format!(
                "{file} comes at {}, which is not between --from and --to",
                feed.at
            )));
        }
        Ok(Self(feeds))
    }

    /// The moments at which files come, up to that one and behind the first so many files.
    pub(crate) fn next(&self, done: usize, until: Timestamp) -> Option<Timestamp> {
        self.0.get(done).map(|feed| feed.at).filter(|at| *at <= until)
    }

    /// Imports the file at that place.
    pub(crate) fn import(
        &self,
        place: usize,
        lifecycle: &Lifecycle,
        caller: &Caller,
    ) -> anyhow::Result<Imported> {
        let Feed { file, map, .. } = &self.0[place];
        let name = file.display();
        let import = Import {
            reader: &CsvFeed,
            map,
            open: &|| Ok(Box::new(BufReader::new(File::open(file)?))),
            dry_run: false,
        };
        let report =
            lifecycle.import(caller, &import).with_context(|| format!("{name} cannot be imported"))?;
        Ok(Imported {
            at: lifecycle.now().to_string(),
            file: name.to_string(),
            created: report.created,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
            missing: report.missing,
            stopped: report.stopped,
        })
    }
}

fn feed(text: &str, map: Option<&Path>) -> anyhow::Result<Feed> {
    let (file, at) = when(text)?;
    if !file.is_file() {
        bail!("{} is no file", file.display());
    }
    let map = map.map_or_else(|| file.with_extension("toml"), Path::to_owned);
    let map = std::fs::read_to_string(&map).map_err(|error| {
        WrongUse::error(format!("the map {} cannot be read ({error}); --map names another", map.display()))
    })?;
    Ok(Feed { at, file, map })
}

fn when(text: &str) -> anyhow::Result<(PathBuf, Timestamp)> {
    if let Some((file, at)) = text.rsplit_once('@')
        && let Ok(at) = moment(at)
    {
        return Ok((file.into(), at));
    }
    let file = PathBuf::from(text);
    let named = file.file_stem().and_then(|stem| moment(stem.to_str()?).ok());
    let at = named.ok_or_else(|| {
        WrongUse::error(format!(
            "nobody says when {text} comes: write FILE@DATE, such as people.csv@2026-03-01"
        ))
    })?;
    Ok((file, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_its_day_by_name_or_behind_an_at() {
        let read =
            |text: &str| when(text).map(|(file, at)| (file.display().to_string(), at.to_string())).ok();
        let day = |file: &str, at: &str| Some((file.to_owned(), at.to_owned()));
        assert_eq!(read("in/2008-12-31.csv"), day("in/2008-12-31.csv", "2008-12-31T00:00:00Z"));
        assert_eq!(read("a@b.csv@2009-01-15"), day("a@b.csv", "2009-01-15T00:00:00Z"));
        assert_eq!(read("x.csv@2009-01-15T06:00:00Z"), day("x.csv", "2009-01-15T06:00:00Z"));
        assert_eq!((read("people.csv"), read("people.csv@soon")), (None, None));
    }
}
