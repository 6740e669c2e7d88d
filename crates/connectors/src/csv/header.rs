//! The first row: which column stands where.

use super::decode::UNDECODABLE;
use super::split::Cells;
use super::text::{cut_to, shown, trimmed};

/// The names of the columns, without stray blanks.
#[derive(Clone, Debug)]
pub(super) struct Header {
    names: Vec<String>,
    folded: Vec<String>,
}

impl Header {
    /// Takes the header from the first row, unless that shows that the file is not what the map says.
    pub(super) fn new(cells: &Cells, encoding: &str) -> Result<Self, String> {
        if cells.text().contains('\0') {
            return Err(
                "the header holds NUL characters: it may be UTF-16, which the map does not say".into()
            );
        }
        if cells.text().contains(UNDECODABLE) {
            return Err(format!("the header is not {encoding} text"));
        }
        let names: Vec<String> = cells.iter().map(|cell| words(cut_to(cell, 200))).collect();
        let folded = names.iter().map(|name| name.to_lowercase()).collect();
        Ok(Self { names, folded })
    }

    /// The names, as the file spells them.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Where the column of that name stands; letter case and stray blanks do not matter.
    pub(super) fn position(&self, name: &str) -> Result<usize, String> {
        let wanted = words(name).to_lowercase();
        let mut found = (0..self.folded.len()).filter(|&index| self.folded[index] == wanted);
        match (found.next(), found.next()) {
            (Some(index), None) => Ok(index),
            (Some(_), Some(_)) => Err(format!("it has more than one column {}", shown(name))),
            (None, _) => Err(self.missing(name)),
        }
    }

    fn missing(&self, name: &str) -> String {
        let present: Vec<String> = self.names.iter().take(50).map(|name| shown(name)).collect();
        let hint = match self.names.as_slice() {
            [single] if single.contains([',', ';', '\t', '|']) => "; is the delimiter of the map right?",
            _ => "",
        };
        format!("it has no column {}; its columns are {}{hint}", shown(name), present.join(", "))
    }
}

fn words(name: &str) -> String {
    trimmed(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::split::cut;
    use super::*;

    fn header(text: &str) -> Result<Header, String> {
        let mut cells = Cells::default();
        cut(text, true, b',', &mut cells);
        Header::new(&cells, "UTF-8")
    }

    #[test]
    fn columns_are_found_despite_blanks_and_letter_case() {
        let header = header(" ID ,First\u{a0} Name,\u{feff}Ümlaut,").unwrap();
        assert_eq!(header.names(), ["ID", "First Name", "Ümlaut", ""]);
        assert_eq!(header.position("first name"), Ok(1));
        assert_eq!(header.position("ümLAUT "), Ok(2));
    }

    #[test]
    fn a_column_that_is_missing_or_twice_there_is_named() {
        let header = header("ID,Mail,mail").unwrap();
        assert_eq!(
            header.position("E-mail").unwrap_err(),
            "it has no column `E-mail`; its columns are `ID`, `Mail`, `mail`"
        );
        assert_eq!(header.position("Mail").unwrap_err(), "it has more than one column `Mail`");
    }

    #[test]
    fn a_wrong_delimiter_or_encoding_is_guessed() {
        assert!(
            header("ID;Name")
                .unwrap()
                .position("ID")
                .unwrap_err()
                .ends_with("is the delimiter of the map right?")
        );
        assert!(header("I\0D\0").unwrap_err().contains("UTF-16"));
        assert!(header("I\u{fffd}D").unwrap_err().contains("is not UTF-8 text"));
    }
}
