//! `tenure directory import`

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use tenure_connectors::csv::write_rejected;
use tenure_lifecycle::directory::feed::ImportReport;

use crate::client::{Client, Upload};
use crate::output::{Output, Page};
use crate::wrong_use::WrongUse;

/// Import people from a CSV file (docs/import.md).
#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The file
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Which column is which property [default: FILE.toml beside the file]
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let map_path = self.map_path()?;
        let map = std::fs::read_to_string(&map_path)
            .with_context(|| format!("the map {} cannot be read", map_path.display()))?;
        let cannot = || format!("{} cannot be read", self.file.display());
        let file = File::open(&self.file).with_context(cannot)?;
        if file.metadata().with_context(cannot)?.is_dir() {
            bail!("{} is a directory", self.file.display());
        }
        let upload = Upload::new().text("map", map).file("file", &self.file, file).end();
        let path = format!("/v1.0/directory/tenure.import?dryRun={}", self.dry_run);
        let answer = client.upload(&path, upload)?;
        let report: ImportReport = serde_json::from_value(answer)
            .context("the server answered with something other than a report")?;

        out.say(&report, |page| {
            self.tell(&report, page);
            Ok(())
        })?;
        if !report.rejections.is_empty() {
            let path = self.rejected_path();
            let write = || write_rejected(File::create(&path)?, &report.header, &report.rejections);
            write()
                .with_context(|| format!("the rejected rows could not be written to {}", path.display()))?;
        }
        match &report.stopped {
            Some(reason) => bail!("THE IMPORT WAS STOPPED and nothing was changed: {reason}"),
            None => Ok(()),
        }
    }

    fn map_path(&self) -> anyhow::Result<PathBuf> {
        if let Some(map) = &self.map {
            return Ok(map.clone());
        }
        let beside = self.file.with_extension("toml");
        if beside.is_file() {
            return Ok(beside);
        }
        Err(WrongUse::error(format!(
            "no map says which column is which property: name one with --map, or put it at {}; \
             docs/import.md and examples/maps show how one looks",
            beside.display()
        )))
    }

    fn rejected_path(&self) -> PathBuf {
        self.file.with_extension("rejected.csv")
    }

    fn tell(&self, report: &ImportReport, page: &mut Page) {
        if report.stopped.is_some() {
            page.line("Stopped: nothing was changed. It would have been:");
        } else if report.dry_run {
            page.line("Dry run: nothing was changed. It would have been:");
        }
        page.facts(&[
            ("feed", report.feed.clone()),
            ("rows", report.rows.to_string()),
            ("created", report.created.to_string()),
            ("changed", report.changed.to_string()),
            ("unchanged", report.unchanged.to_string()),
            ("deleted", report.deleted.to_string()),
            ("rejected", report.rejected.to_string()),
            ("missing", report.missing.to_string()),
        ]);
        if report.missing > 0 {
            page.line("Missing people were in an earlier file of this feed and are not in this one; they stay as they are.");
        }
        if report.deleted > 0 {
            page.line("Deleted people are in this file and were deleted here; they are left alone.");
        }
        let rejected = self.rejected_path();
        if !report.rejections.is_empty() {
            page.line(format!("{} in {}", kept(report), rejected.display()));
        } else if exists(&rejected) {
            page.line(format!("{} is of an earlier import.", rejected.display()));
        }
    }
}

fn exists(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

fn kept(report: &ImportReport) -> String {
    let kept = report.rejections.len();
    if kept as u64 == report.rejected {
        "The rejected rows are".to_owned()
    } else {
        format!("The first {kept} of the rejected rows are")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(file: &str, map: Option<&str>) -> Import {
        Import { file: file.into(), map: map.map(Into::into), dry_run: false }
    }

    #[test]
    fn files_beside_the_feed_share_its_name() {
        assert_eq!(import("in/people.csv", None).rejected_path(), Path::new("in/people.rejected.csv"));
        assert_eq!(import("in/people.csv", Some("m.toml")).map_path().unwrap(), Path::new("m.toml"));
        let missing = import("in/people.csv", None).map_path().unwrap_err();
        assert!(missing.is::<WrongUse>() && missing.to_string().contains("in/people.toml"));
    }
}
