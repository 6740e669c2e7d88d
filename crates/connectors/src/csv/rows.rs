//! Rows of a file one after the other, with the lines they start on and bounds that hold.

use std::io;

use super::decode::TextStream;
use super::split::{Cells, Cut, cut};
use super::text::{LONGEST_CELL, cut_to};

/// Bytes of text that a row may have.
pub(super) const LONGEST_ROW: usize = 64 * 1024;

/// How often in one file a row with broken quotes is read again from its second line. A quote that is
/// never closed then costs one line and not all that follows; the bound keeps hostile files linear.
const SECOND_LOOKS: u32 = 200;

/// One row; its cells are with the reader.
pub(super) struct Row {
    /// The physical line on which it starts, from 1.
    pub(super) line: u64,
    /// Why the text is no row.
    pub(super) fault: Option<String>,
}

/// Cuts a text into rows.
pub(super) struct RowReader<'a> {
    stream: TextStream<'a>,
    delimiter: u8,
    buffer: String,
    /// Where the next row starts in the buffer, and on which line.
    at: usize,
    line: u64,
    ended: bool,
    second_looks: u32,
    cells: Cells,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(stream: TextStream<'a>, delimiter: u8) -> Self {
        let (buffer, cells) = (String::new(), Cells::default());
        Self { stream, delimiter, buffer, at: 0, line: 1, ended: false, second_looks: SECOND_LOOKS, cells }
    }

    /// The cells of the row last read.
    pub(super) fn cells(&self) -> &Cells {
        &self.cells
    }

    /// The next row, blank ones included; nothing after the last.
    pub(super) fn next_row(&mut self) -> Option<Row> {
        loop {
            let rest = &self.buffer[self.at..];
            let cut = match (rest.is_empty(), self.ended) {
                (true, true) => return None,
                (true, false) => Cut::Unfinished,
                (false, ended) => cut(rest, ended, self.delimiter, &mut self.cells),
            };
            match cut {
                Cut::Unfinished if rest.len() <= LONGEST_ROW => {
                    if let Err(error) = self.fill() {
                        return Some(self.broken_off(&error));
                    }
                }
                Cut::Unfinished => return Some(self.reject_long_row()),
                Cut::Row { length, .. } if length > LONGEST_ROW => return Some(self.reject_long_row()),
                Cut::Row { lines, fault: Some(fault), .. } if lines > 1 && self.second_looks > 0 => {
                    return Some(self.reject_first_line(fault));
                }
                Cut::Row { length, lines, fault } => {
                    return Some(self.take(length, lines, fault.map(str::to_owned)));
                }
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.ended = !self.stream.pull(&mut self.buffer)?;
        Ok(())
    }

    /// Moves on behind `length` bytes, which are `lines` lines.
    fn take(&mut self, length: usize, lines: u64, fault: Option<String>) -> Row {
        let line = self.line;
        self.at += length;
        self.line += lines;
        Row { line, fault }
    }

    fn broken_off(&mut self, error: &io::Error) -> Row {
        self.buffer.clear();
        (self.at, self.ended) = (0, true);
        self.show("");
        let fault =
            format!("the file cannot be read further ({error}); this row and those after it are unknown");
        Row { line: self.line, fault: Some(fault) }
    }

    /// Gives up the line on which a row starts and reads on at the next.
    fn reject_first_line(&mut self, fault: &str) -> Row {
        let rest = &self.buffer[self.at..];
        let (end, next) = line_end(rest, self.ended).unwrap_or((rest.len(), rest.len()));
        let first = cut_to(&rest[..end], LONGEST_ROW).to_owned();
        self.show(&first);
        self.second_looks -= 1;
        self.take(next, 1, Some(format!("{fault}; reading goes on at the next line")))
    }

    fn reject_long_row(&mut self) -> Row {
        let rest = &self.buffer[self.at..];
        let spans_lines = line_end(rest, self.ended).is_some_and(|(end, _)| end <= LONGEST_ROW);
        if spans_lines && self.second_looks > 0 {
            let fault = format!("a quote is opened and not closed within {LONGEST_ROW} bytes");
            return self.reject_first_line(&fault);
        }
        let start = cut_to(rest, LONGEST_CELL).to_owned();
        let line = self.line;
        if spans_lines {
            self.skip_lines();
        } else if let Err(error) = self.skip_line() {
            return self.broken_off(&error);
        }
        self.show(&start);
        let last = self.line.saturating_sub(1).max(line);
        let fault =
            format!("the row is longer than {LONGEST_ROW} bytes; lines {line} to {last} are left out");
        Row { line, fault: Some(fault) }
    }

    /// Leaves out the whole lines among the bytes that a row may have.
    fn skip_lines(&mut self) {
        let bound = self.at + LONGEST_ROW;
        while self.at < bound
            && let Some((_, next)) = line_end(&self.buffer[self.at..], self.ended)
            && self.at + next <= bound + 2
        {
            self.at += next;
            self.line += 1;
        }
    }

    /// Leaves out one line of any length.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some((_, next)) = line_end(&self.buffer[self.at..], self.ended) {
                self.take(next, 1, None);
                return Ok(());
            }
            // A CR at the end may be the first half of a line break.
            let half = usize::from(self.buffer.ends_with('\r') && !self.ended);
            self.at = self.buffer.len() - half;
            if self.ended {
                self.line += 1;
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Makes a piece of text the present cells, so that a rejected row can be shown.
    fn show(&mut self, text: &str) {
        cut(text, true, self.delimiter, &mut self.cells);
    }
}

/// Where the first line ends and where the next one starts.
fn line_end(text: &str, ended: bool) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => Some((end, end + 2)),
        (Some(b'\r'), None) if !ended => None,
        _ => Some((end, end + 1)),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>, Option<String>)> {
        let mut reader = RowReader::new(TextStream::new(Box::new(text.as_bytes()), encoding_rs::UTF_8), b',');
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row() {
            rows.push((row.line, reader.cells().iter().map(str::to_owned).collect(), row.fault));
        }
        rows
    }

    fn lines(text: &str) -> Vec<u64> {
        rows(text).into_iter().map(|(line, ..)| line).collect()
    }

    #[test]
    fn lines_are_physical_lines() {
        assert_eq!(lines("a\n\nb,\"x\ny\"\r\nc\rd"), [1, 2, 3, 5, 6]);
        assert_eq!(lines(""), Vec::<u64>::new());
    }

    #[test]
    fn many_rows_across_pieces_come_whole() {
        let text = (0..50_000).fold(String::new(), |mut text, n| {
            writeln!(text, "{n},\"näme\n{n}\",x").unwrap();
            text
        });
        let rows = rows(&text);
        assert_eq!(rows.len(), 50_000);
        for (n, (line, cells, fault)) in rows.iter().enumerate() {
            assert_eq!((*line, fault), (2 * n as u64 + 1, &None));
            assert_eq!(cells, &[n.to_string(), format!("näme\n{n}"), "x".to_owned()]);
        }
    }

    #[test]
    fn a_quote_never_closed_costs_one_line() {
        for padding in [10, 100_000] {
            let text = format!("1,\"a,b\n2,c\n{}3,d\n", "4,e\n".repeat(padding));
            let rows = rows(&text);
            assert_eq!(rows.len(), padding + 3);
            let faults: Vec<_> = rows.iter().filter(|row| row.2.is_some()).collect();
            assert_eq!(faults.len(), 1);
            assert_eq!((faults[0].0, &faults[0].1), (1, &vec!["1".to_owned(), "a,b".to_owned()]));
            assert_eq!(rows[1].1, ["2", "c"]);
        }
    }

    #[test]
    fn a_quote_closed_by_a_later_row_costs_the_lines_at_fault() {
        let rows = rows("1,\"a,b\n2,c\n3,\"d,e\"\n4,f\n");
        let faulty: Vec<u64> = rows.iter().filter(|row| row.2.is_some()).map(|row| row.0).collect();
        assert_eq!(faulty, [1]);
        assert_eq!(rows[2].1, ["3", "d,e"]);
        assert_eq!(rows.len(), 4);
    }

    #[test]
    fn a_line_without_end_is_left_out() {
        let rows = rows(&format!("1\n{}\r\n3\n", "x".repeat(1_000_000)));
        assert_eq!(
            rows.iter().map(|row| (row.0, row.2.is_some())).collect::<Vec<_>>(),
            [(1, false), (2, true), (3, false)]
        );
        assert_eq!(rows[1].1[0].len(), LONGEST_CELL);
    }

    #[test]
    fn second_looks_run_out() {
        // Every line opens a quote that the next one closes and opens again.
        let text = "x\",\"\n".repeat(200_000);
        let rows = rows(&text);
        assert!(rows.iter().all(|row| row.2.is_some()));
        assert!(
            rows.len() > SECOND_LOOKS as usize && rows.len() < 2 * SECOND_LOOKS as usize,
            "{}",
            rows.len()
        );
    }

    #[test]
    fn a_file_that_breaks_off_says_so_and_ends() {
        struct Breaks(bool);
        impl io::Read for Breaks {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("gone"));
                }
                into[..4].copy_from_slice(b"a\nb\n");
                Ok(4)
            }
        }
        let mut reader = RowReader::new(TextStream::new(Box::new(Breaks(false)), encoding_rs::UTF_8), b',');
        let row = reader.next_row().unwrap();
        assert!(row.fault.unwrap().contains("cannot be read further (gone)"));
        assert!(reader.next_row().is_none());
    }
}
