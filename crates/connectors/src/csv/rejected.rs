//! Rejected rows as a file that people can look through in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use tenure_lifecycle::directory::feed::Rejection;

/// Writes the rejected rows as CSV: line, column and reason, then the cells as they came.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front; a row may have more
/// or fewer cells than the header, as it had in the file.
pub fn write_rejected(out: impl Write, header: &[String], rejections: &[Rejection]) -> io::Result<()> {
    let mut rows = ::csv::WriterBuilder::new().flexible(true).from_writer(out);
    let names = ["line", "column", "reason"].into_iter().chain(header.iter().map(String::as_str));
    write_row(&mut rows, names)?;
    for rejection in rejections {
        let line = rejection.line.to_string();
        let start = [line.as_str(), &rejection.column, &rejection.reason];
        write_row(&mut rows, start.into_iter().chain(rejection.row.iter().map(String::as_str)))?;
    }
    rows.flush()
}

fn write_row<'c>(
    rows: &mut ::csv::Writer<impl Write>,
    cells: impl Iterator<Item = &'c str>,
) -> io::Result<()> {
    for cell in cells {
        rows.write_field(harmless(cell).as_bytes())?;
    }
    rows.write_record(None::<&[u8]>)?;
    Ok(())
}

/// The cell, with an apostrophe in front if a spreadsheet would calculate with it. Blanks before the
/// sign do not count, as some programs drop them; the wide forms are what some locales type.
fn harmless(cell: &str) -> Cow<'_, str> {
    let first = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{cell}"))
        }
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(header: &[&str], row: &[&str]) -> String {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let reason = "`x` is not a date; expected \"ISO\", really".to_owned();
        let rejection =
            Rejection { line: 7, column: "Start, date".into(), reason, row: texts(row), employee_id: None };
        let mut out = Vec::new();
        write_rejected(&mut out, &texts(header), &[rejection]).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_carry_line_column_and_reason() {
        assert_eq!(
            written(&["ID", "First Name"], &["1", "Ada\nKing", "one more"]),
            "line,column,reason,ID,First Name\n\
             7,\"Start, date\",\"`x` is not a date; expected \"\"ISO\"\", really\",1,\"Ada\nKing\",one more\n"
        );
    }

    #[test]
    fn a_row_without_cells_and_a_header_without_names_are_fine() {
        assert!(written(&[], &[]).starts_with("line,column,reason\n7,"));
        assert!(written(&["", "b"], &[""]).starts_with("line,column,reason,,b\n7,"));
    }

    #[test]
    fn formulas_are_disarmed() {
        for cell in ["=1+1", "+49 30", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "\u{a0}=1", "＝1"] {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "a=1", "1-2", "'=1", "ada@example.com"] {
            assert_eq!(harmless(cell), cell);
        }
        assert!(
            written(&["=cmd()"], &["=HYPERLINK(\"http://x\")"])
                .contains(",\"'=HYPERLINK(\"\"http://x\"\")\"\n")
        );
        assert!(written(&["=cmd()"], &[]).starts_with("line,column,reason,'=cmd()\n"));
    }
}
