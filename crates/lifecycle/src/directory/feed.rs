//! People coming in from an HR system: what a feed reader hands over and what an import answers.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::{Attribute, Value};

/// One person as a feed describes them.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPerson {
    /// Line of the file on which the row begins, from 1 (the header).
    pub line: u64,
    /// The key by which people are found again.
    pub employee_id: String,
    /// Attributes the feed states; an empty cell is `Null`.
    pub set: Vec<(&'static Attribute, Value)>,
    /// The manager's employee id: not stated, or stated and perhaps empty.
    pub manager_employee_id: Option<Option<String>>,
    /// The row's cells as they came.
    pub row: Cells,
}

/// The cells of a row, in one piece: most rows are fine, and nobody asks for them again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    /// Where in the text each ends.
    ends: Vec<usize>,
}

impl<'a> FromIterator<&'a str> for Cells {
    fn from_iter<I: IntoIterator<Item = &'a str>>(cells: I) -> Self {
        let mut all = Self::default();
        for cell in cells {
            all.text.push_str(cell);
            all.ends.push(all.text.len());
        }
        all
    }
}

impl Cells {
    /// Each by itself.
    pub fn to_vec(&self) -> Vec<String> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text[start..*end].to_owned()).collect()
    }
}

/// A row that cannot go in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    /// Line of the file on which the row begins, from 1 (the header).
    pub line: u64,
    /// The column at fault, as the file names it.
    pub column: String,
    /// What is wrong with it.
    pub reason: String,
    /// The row's cells as they came.
    pub row: Vec<String>,
    /// Whose row it is, if that can be read.
    #[serde(skip)]
    pub employee_id: Option<String>,
}

/// Why a file cannot be read as a feed at all.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The map is no map.
    #[error("the import map is not valid: {0}")]
    Map(String),
    /// The file is no CSV or lacks a column that the map names.
    #[error("the file is not readable as a feed: {0}")]
    File(String),
}

/// The rows of one feed, in order.
pub type FeedRows<'a> = Box<dyn Iterator<Item = Result<FeedPerson, Rejection>> + 'a>;

/// Turns a file into people; the connectors crate has the one for CSV.
pub trait FeedReader: Send + Sync {
    /// Reads `file` by `map`; rows come one at a time, so a feed of any size needs little memory.
    fn read<'a>(&self, map: &str, file: Box<dyn Read + Send + 'a>) -> Result<Feed<'a>, FeedError>;
}

/// An opened feed.
pub struct Feed<'a> {
    /// The feed's name: people it brought are its own, and their absence from a later file is noticed.
    pub name: String,
    /// The header of the file.
    pub header: Vec<String>,
    /// Which column each property comes from, as the file names it; `manager` is one of them.
    pub columns: Vec<(&'static str, String)>,
    /// The rows.
    pub rows: FeedRows<'a>,
}

/// What an import did or, as a dry run or when stopped, would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// The feed.
    pub feed: String,
    /// Nothing was changed because only a preview was asked for.
    pub dry_run: bool,
    /// Nothing was changed because too much was wrong; says what and the bound.
    pub stopped: Option<String>,
    /// Rows read.
    pub rows: u64,
    /// People that were not known.
    pub created: u64,
    /// People of whom something changed.
    pub changed: u64,
    /// People of whom nothing changed.
    pub unchanged: u64,
    /// Rows of people who are deleted here and can be restored; they are left alone.
    #[serde(default)]
    pub deleted: u64,
    /// Rows that did not go in.
    pub rejected: u64,
    /// People whom this feed brought earlier and who are not in the file; they stay as they are.
    pub missing: u64,
    /// The header of the file.
    pub header: Vec<String>,
    /// The rejected rows.
    pub rejections: Vec<Rejection>,
}
