//! People from a CSV file, described by an import map.
//!
//! ```text
//! bytes ─► decode (encoding, BOM) ─► rows (physical lines, bounds) ─► split (cells, quotes)
//!                                                                        │
//! map text ─► map (+ source, dates) ── bound to the header ─► person ◄───┘
//!                                                               └─► FeedPerson or Rejection
//! ```
//!
//! A file is untrusted: whatever it holds, reading it ends, needs memory bounded by the longest row
//! (and a few bytes per employee id, to notice doubles), and costs at most a fixed amount per byte.

mod dates;
mod decode;
mod header;
mod map;
mod person;
mod rejected;
mod rows;
mod seen;
mod source;
mod split;
mod text;
mod value;

use std::io::Read;

use tenure_lifecycle::directory::feed::{Feed, FeedError, FeedPerson, FeedReader, Rejection};

pub use rejected::write_rejected;

use decode::TextStream;
use header::Header;
use map::ImportMap;
use person::People;
use rows::RowReader;

/// Reads CSV files by import maps written in TOML.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsvFeed;

impl FeedReader for CsvFeed {
    fn read<'a>(&self, map: &str, file: Box<dyn Read + Send + 'a>) -> Result<Feed<'a>, FeedError> {
        let map = ImportMap::parse(map).map_err(FeedError::Map)?;
        let name = map.feed.clone();
        let mut rows = RowReader::new(TextStream::new(file, map.encoding), map.delimiter);
        let header = read_header(&mut rows, map.encoding.name()).map_err(FeedError::File)?;
        let names = header.names().to_vec();
        let people = People::new(map, header).map_err(FeedError::File)?;
        let columns = people.columns();
        Ok(Feed { name, header: names, columns, rows: Box::new(Rows { rows, people }) })
    }
}

fn read_header(rows: &mut RowReader<'_>, encoding: &str) -> Result<Header, String> {
    loop {
        let row = rows.next_row().ok_or("it is empty")?;
        if let Some(fault) = row.fault {
            return Err(format!("line {}, the header: {fault}", row.line));
        }
        if !rows.cells().are_blank() {
            return Header::new(rows.cells(), encoding);
        }
    }
}

/// The rows below the header, as people.
struct Rows<'a> {
    rows: RowReader<'a>,
    people: People,
}

impl Iterator for Rows<'_> {
    type Item = Result<FeedPerson, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = self.rows.next_row()?;
            let cells = self.rows.cells();
            let is_broken = row.fault.is_some();
            let person = match row.fault {
                Some(reason) => Err(person::Fault { column: String::new(), reason }),
                None if cells.are_blank() => continue,
                None => self.people.person(row.line, cells),
            };
            return Some(person.map_err(|fault| Rejection {
                line: row.line,
                column: fault.column,
                reason: fault.reason,
                employee_id: if is_broken { None } else { self.people.whose(cells) },
                row: cells.iter().map(|cell| text::cut_to(cell, text::LONGEST_CELL).to_owned()).collect(),
            }));
        }
    }
}
