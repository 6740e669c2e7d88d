//! One row of CSV text into its cells.

/// The cells of one row, kept in one piece of memory that the next row uses again.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at that place; empty if there is none.
    pub(super) fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        &self.text[start..end]
    }

    /// All of them in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The cells' text without what stands between them.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is said: a blank line, or delimiters only.
    pub(super) fn are_blank(&self) -> bool {
        super::text::trimmed(&self.text).is_empty()
    }
}

/// What stands at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A row, whose cells have been taken out.
    Row {
        /// Bytes up to where the next row starts.
        length: usize,
        /// Physical lines that it covers.
        lines: u64,
        /// What is wrong with its quotes.
        fault: Option<&'static str>,
    },
    /// Only a part of a row.
    Unfinished,
}

/// Quotes that do not end.
pub(super) const NOT_CLOSED: &str = "a quote is opened and not closed";
/// Quotes that end too early.
pub(super) const TEXT_AFTER_QUOTE: &str =
    "text follows a closing quote; a quote inside a quoted cell is written twice";

/// Takes the first row out of `text`; `ended` says that no more text will come.
///
/// A cell is quoted if its first character other than blanks is a quote; elsewhere a quote is an
/// ordinary character. Rows end with LF, CR LF or CR.
pub(super) fn cut(text: &str, ended: bool, delimiter: u8, cells: &mut Cells) -> Cut {
    cells.clear();
    let mut cutter = Cutter { text, ended, delimiter, at: 0, lines: 1, fault: None };
    loop {
        let after = if cutter.skip_to_quote() { cutter.quoted(cells) } else { cutter.plain(cells) };
        match after {
            After::Delimiter => {}
            After::Row => return Cut::Row { length: cutter.at, lines: cutter.lines, fault: cutter.fault },
            After::Unfinished => return Cut::Unfinished,
        }
    }
}

/// What follows a cell.
enum After {
    Delimiter,
    Row,
    Unfinished,
}

struct Cutter<'t> {
    text: &'t str,
    ended: bool,
    delimiter: u8,
    at: usize,
    lines: u64,
    fault: Option<&'static str>,
}

impl Cutter<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn find(&self, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.iter().position(|&byte| wanted(byte)).map(|offset| self.at + offset)
    }

    /// Moves past the opening quote if the cell has one.
    fn skip_to_quote(&mut self) -> bool {
        let mut at = self.at;
        while let Some(blank @ (b' ' | b'\t')) = self.byte(at)
            && blank != self.delimiter
        {
            at += 1;
        }
        let quoted = self.byte(at) == Some(b'"');
        if quoted {
            self.at = at + 1;
        }
        quoted
    }

    fn quoted(&mut self, cells: &mut Cells) -> After {
        loop {
            let from = self.at;
            let Some(at) = self.find(|byte| matches!(byte, b'"' | b'\n' | b'\r')) else {
                return self.never_closed(from, cells);
            };
            let next = self.byte(at + 1);
            if next.is_none() && !self.ended {
                return After::Unfinished;
            }
            match (self.byte(at), next) {
                (Some(b'"'), Some(b'"')) => {
                    cells.text.push_str(&self.text[from..=at]);
                    self.at = at + 2;
                }
                (Some(b'"'), _) => {
                    cells.text.push_str(&self.text[from..at]);
                    self.at = at + 1;
                    let rest = cells.text.len();
                    let after = self.plain(cells);
                    self.check_rest(rest, cells);
                    return after;
                }
                (first, second) => {
                    let pair = first == Some(b'\r') && second == Some(b'\n');
                    self.at = at + 1 + usize::from(pair);
                    self.lines += 1;
                    cells.text.push_str(&self.text[from..self.at]);
                }
            }
        }
    }

    fn never_closed(&mut self, from: usize, cells: &mut Cells) -> After {
        if !self.ended {
            return After::Unfinished;
        }
        cells.text.push_str(&self.text[from..]);
        cells.end_cell();
        self.at = self.text.len();
        self.fault = Some(NOT_CLOSED);
        After::Row
    }

    /// Blanks after a closing quote are dropped; anything else is a fault and stays visible.
    fn check_rest(&mut self, rest: usize, cells: &mut Cells) {
        if super::text::trimmed(&cells.text[rest..]).is_empty() {
            cells.text.truncate(rest);
            if let Some(end) = cells.ends.last_mut() {
                *end = rest;
            }
        } else {
            self.fault = Some(TEXT_AFTER_QUOTE);
        }
    }

    /// Takes everything up to the delimiter or the end of the line.
    fn plain(&mut self, cells: &mut Cells) -> After {
        let from = self.at;
        let delimiter = self.delimiter;
        let at = self.find(|byte| byte == delimiter || matches!(byte, b'\n' | b'\r'));
        let end = at.unwrap_or(self.text.len());
        let found = self.byte(end);
        let open_end = found.is_none() || (found == Some(b'\r') && self.byte(end + 1).is_none());
        if open_end && !self.ended {
            return After::Unfinished;
        }
        cells.text.push_str(&self.text[from..end]);
        cells.end_cell();
        let pair = found == Some(b'\r') && self.byte(end + 1) == Some(b'\n');
        self.at = end + usize::from(found.is_some()) + usize::from(pair);
        if found == Some(delimiter) { After::Delimiter } else { After::Row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(text: &str) -> (Vec<String>, Cut) {
        let mut cells = Cells::default();
        let cut = cut(text, true, b',', &mut cells);
        (cells.iter().map(str::to_owned).collect(), cut)
    }

    fn row(length: usize, lines: u64, fault: Option<&'static str>) -> Cut {
        Cut::Row { length, lines, fault }
    }

    #[test]
    fn rows_end_with_any_line_break() {
        for text in ["a,b\nc", "a,b\rc", "a,b\r\nc", "a,b"] {
            let (cells, cut) = cells_of(text);
            assert_eq!(cells, ["a", "b"], "{text:?}");
            assert_eq!(cut, row(text.trim_end_matches('c').len(), 1, None), "{text:?}");
        }
    }

    #[test]
    fn quoted_cells_hold_delimiters_quotes_and_lines() {
        let (cells, cut) = cells_of("\"a,\"\"b\"\"\",\"c\r\nd\re\",\nnext");
        assert_eq!(cells, ["a,\"b\"", "c\r\nd\re", ""]);
        assert_eq!(cut, row(20, 3, None));
    }

    #[test]
    fn blanks_around_quotes_do_not_matter() {
        assert_eq!(cells_of("  \"a,b\" \u{a0}, \"c\" ,d").0, ["a,b", "c", "d"]);
    }

    #[test]
    fn a_quote_inside_a_plain_cell_is_a_character() {
        assert_eq!(cells_of("5\" pipe,b"), (vec!["5\" pipe".into(), "b".into()], row(9, 1, None)));
    }

    #[test]
    fn broken_quotes_are_told() {
        let (cells, cut) = cells_of("\"a\"b,c\n");
        assert_eq!(cells, ["ab", "c"]);
        assert_eq!(cut, row(7, 1, Some(TEXT_AFTER_QUOTE)));
        assert_eq!(cells_of("a,\"b\nc").1, row(6, 2, Some(NOT_CLOSED)));
    }

    #[test]
    fn a_part_of_a_row_is_unfinished_wherever_it_is_cut() {
        let text = "a,\"b\"\"c\r\n\" ,d\r\n";
        let mut cells = Cells::default();
        for end in 0..text.len() {
            assert_eq!(cut(&text[..end], false, b',', &mut cells), Cut::Unfinished, "{end}");
        }
        assert_eq!(cut(text, true, b',', &mut cells), row(text.len(), 2, None));
        assert_eq!(cut(&format!("{text}x"), false, b',', &mut cells), row(text.len(), 2, None));
    }

    #[test]
    fn a_tab_can_be_the_delimiter() {
        let mut cells = Cells::default();
        cut("a\t\t \"b\tc\"", true, b'\t', &mut cells);
        assert_eq!(cells.iter().collect::<Vec<_>>(), ["a", "", "b\tc"]);
    }
}
