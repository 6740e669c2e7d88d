//! Where the map takes a value from: one column, or a template over several.

use std::borrow::Cow;

use super::header::Header;
use super::split::Cells;
use super::text::{ascii, cleaned, shown};

/// What a template does to the cell it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Lower,
    Upper,
    Ascii,
    Trim,
}

impl Function {
    fn named(name: &str) -> Result<Self, String> {
        match name {
            "lower" => Ok(Self::Lower),
            "upper" => Ok(Self::Upper),
            "ascii" => Ok(Self::Ascii),
            "trim" => Ok(Self::Trim),
            _ => Err(format!("unknown function {}; there are lower, upper, ascii and trim", shown(name))),
        }
    }

    fn of(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Ascii => ascii(text),
            Self::Trim => text.trim().to_owned(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<Column> {
    Text(String),
    Cell { column: Column, functions: Vec<Function> },
}

/// One column or a template such as `{First|ascii|lower}.{Last|ascii|lower}@example.com`; columns are
/// given by name until a header says where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source<Column>(Vec<Piece<Column>>);

impl Source<String> {
    /// Reads a source as the map writes it. A text without braces is the name of a column.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if !text.contains(['{', '}']) {
            return Ok(Self(vec![Piece::Cell { column: column_name(text)?, functions: Vec::new() }]));
        }
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = behind;
                continue;
            }
            let end = rest.find('}').filter(|_| brace == "{");
            let end =
                end.ok_or_else(|| format!("a {} without its counterpart in {}", shown(brace), shown(text)))?;
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(placeholder(&rest[..end])?);
            rest = &rest[end + 1..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
            return Err(format!("{} names no column; a fixed value belongs into [defaults]", shown(text)));
        }
        Ok(Self(pieces))
    }

    /// Looks the columns up in a header.
    pub(super) fn bind(self, header: &Header) -> Result<Source<usize>, String> {
        let bound = self.0.into_iter().map(|piece| match piece {
            Piece::Text(text) => Ok(Piece::Text(text)),
            Piece::Cell { column, functions } => {
                Ok(Piece::Cell { column: header.position(&column)?, functions })
            }
        });
        bound.collect::<Result<_, _>>().map(Source)
    }
}

fn column_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("the name of a column is missing".into()) } else { Ok(name.to_owned()) }
}

fn placeholder(text: &str) -> Result<Piece<String>, String> {
    let mut parts = text.split('|');
    let column = column_name(parts.next().unwrap_or_default())?;
    let functions = parts.map(|part| Function::named(part.trim())).collect::<Result<_, _>>()?;
    Ok(Piece::Cell { column, functions })
}

impl Source<usize> {
    /// The value for one row, cleaned; empty if every cell it is made of is empty.
    pub(super) fn text<'r>(&self, cells: &'r Cells) -> Result<Cow<'r, str>, String> {
        if let [Piece::Cell { column, functions }] = self.0.as_slice()
            && functions.is_empty()
        {
            return cleaned(cells.get(*column));
        }
        let mut text = String::new();
        let mut is_empty = true;
        for piece in &self.0 {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Cell { column, functions } => {
                    let cell = cleaned(cells.get(*column))?;
                    is_empty &= cell.is_empty();
                    text.push_str(&functions.iter().fold(cell, |cell, function| function.of(&cell).into()));
                }
            }
        }
        if is_empty {
            Ok(Cow::Borrowed(""))
        } else {
            cleaned(&text).map(|text| Cow::Owned(text.into_owned()))
        }
    }

    /// The columns it is made of, for a message.
    pub(super) fn columns(&self, header: &Header) -> String {
        let names = self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Cell { column, .. } => header.names().get(*column).map(String::as_str),
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::split::cut;
    use super::*;

    fn filled(source: &str, row: &str) -> Result<String, String> {
        let mut cells = Cells::default();
        cut("First,Last", true, b',', &mut cells);
        let header = Header::new(&cells, "UTF-8").unwrap();
        let source = Source::parse(source)?.bind(&header)?;
        cut(row, true, b',', &mut cells);
        source.text(&cells).map(Cow::into_owned)
    }

    #[test]
    fn a_plain_text_names_a_column() {
        assert_eq!(filled("Last", "Ada,  King "), Ok("King".into()));
    }

    #[test]
    fn a_template_joins_cells() {
        assert_eq!(filled("{First} {Last}", "Ada,King"), Ok("Ada King".into()));
        assert_eq!(filled("{First} {Last}", ",King"), Ok("King".into()));
        assert_eq!(filled("{ last | upper }, {First|trim}", "Ada,King"), Ok("KING, Ada".into()));
        assert_eq!(filled("{{{First}}}", "Ada,"), Ok("{Ada}".into()));
        let login = "{First|ascii|lower}.{Last|ascii|lower}@example.com";
        assert_eq!(filled(login, "Zoë,D'Ångelo"), Ok("zoe.dangelo@example.com".into()));
    }

    #[test]
    fn a_template_of_empty_cells_is_empty() {
        assert_eq!(filled("{First}.{Last}@example.com", " ,\u{a0}"), Ok(String::new()));
    }

    #[test]
    fn a_wrong_template_is_explained() {
        for (source, message) in [
            ("{First", "a `{` without its counterpart in `{First`"),
            ("First}", "a `}` without its counterpart in `First}`"),
            ("{}", "the name of a column is missing"),
            ("  ", "the name of a column is missing"),
            ("{First|shout}", "unknown function `shout`; there are lower, upper, ascii and trim"),
            ("{{fixed}}", "`{{fixed}}` names no column; a fixed value belongs into [defaults]"),
            ("{Given}", "it has no column `Given`; its columns are `First`, `Last`"),
        ] {
            assert_eq!(filled(source, "a,b"), Err(message.to_owned()), "{source}");
        }
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(filled("{First} x", "a\0b,").unwrap_err().contains("control character"));
    }
}
