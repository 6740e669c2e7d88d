//! The cells of one row into one person.

use std::borrow::Cow;

use tenure_lifecycle::directory::feed::FeedPerson;
use tenure_lifecycle::directory::{Attribute, Value};

use super::dates::Dates;
use super::decode::UNDECODABLE;
use super::header::Header;
use super::map::{Field, ImportMap};
use super::seen::Seen;
use super::source::Source;
use super::split::Cells;
use super::text::{LONGEST_CELL, cut_to, shown};
use super::value;

/// Why a row is no person.
pub(super) struct Fault {
    /// The column at fault; empty if it is the row.
    pub(super) column: String,
    pub(super) reason: String,
}

/// A map bound to the header of a file.
pub(super) struct People {
    header: Header,
    encoding: &'static str,
    employee_id: Source<usize>,
    employee_id_attribute: &'static Attribute,
    manager: Option<Source<usize>>,
    fields: Vec<Field<usize>>,
    constants: Vec<(&'static Attribute, Value)>,
    dates: Dates,
    seen: Seen,
}

impl People {
    /// Finds the columns that the map names.
    pub(super) fn new(map: ImportMap, header: Header) -> Result<Self, String> {
        let fields = map.fields.into_iter().map(|field| field.bind(&header)).collect::<Result<_, _>>()?;
        Ok(Self {
            encoding: map.encoding.name(),
            employee_id: map.employee_id.bind(&header)?,
            employee_id_attribute: map.employee_id_attribute,
            manager: map.manager.map(|source| source.bind(&header)).transpose()?,
            fields,
            constants: map.constants,
            dates: map.dates,
            seen: Seen::default(),
            header,
        })
    }

    /// Which column each property comes from.
    pub(super) fn columns(&self) -> Vec<(&'static str, String)> {
        let mut columns = vec![(self.employee_id_attribute.name, self.employee_id.columns(&self.header))];
        columns.extend(self.manager.iter().map(|source| ("manager", source.columns(&self.header))));
        columns.extend(
            self.fields.iter().map(|field| (field.attribute.name, field.source.columns(&self.header))),
        );
        columns
    }

    /// Whose row it is, if that can be read in a row that cannot be read otherwise.
    pub(super) fn whose(&self, cells: &Cells) -> Option<String> {
        let is_whole = cells.len() == self.header.names().len();
        let id = is_whole.then(|| self.employee_id.text(cells).ok()).flatten()?.into_owned();
        Some(id).filter(|id| !id.is_empty() && !id.contains(UNDECODABLE))
    }

    /// Reads a row.
    pub(super) fn person(&mut self, line: u64, cells: &Cells) -> Result<FeedPerson, Fault> {
        self.check(cells)?;
        let employee_id = self.filled(&self.employee_id, cells)?;
        if employee_id.is_empty() {
            return Err(self.fault(&self.employee_id, "is empty".into()));
        }
        if let Some(first) = self.seen.note(&employee_id, line) {
            let reason = format!("{} is also on line {first}", shown(&employee_id));
            return Err(self.fault(&self.employee_id, reason));
        }
        let mut set = Vec::with_capacity(self.fields.len() + self.constants.len() + 1);
        set.push((self.employee_id_attribute, Value::Text(employee_id.clone())));
        for field in &self.fields {
            let value = field.source.text(cells).and_then(|text| self.value(field, &text));
            set.push((field.attribute, value.map_err(|reason| self.fault(&field.source, reason))?));
        }
        set.extend(self.constants.iter().cloned());
        let manager = self.manager.as_ref().map(|source| self.filled(source, cells)).transpose()?;
        // Who heads the company is often entered as their own manager.
        let manager_employee_id =
            manager.map(|id| Some(id).filter(|id| !id.is_empty() && *id != employee_id));
        Ok(FeedPerson { line, employee_id, set, manager_employee_id, row: cells.iter().collect() })
    }

    /// What holds for every cell, mapped or not: a row that is broken anywhere may be shifted.
    fn check(&self, cells: &Cells) -> Result<(), Fault> {
        let (have, want) = (cells.len(), self.header.names().len());
        if have != want {
            let reason = format!("has {have} cells where the header has {want}");
            return Err(Fault { column: String::new(), reason });
        }
        let is_long = |cell: &str| cut_to(cell, LONGEST_CELL).len() < cell.len();
        for (cell, name) in cells.iter().zip(self.header.names()) {
            let reason = if cell.contains(UNDECODABLE) {
                format!("holds bytes that are not {} text", self.encoding)
            } else if is_long(cell) {
                format!("is longer than {LONGEST_CELL} characters")
            } else {
                continue;
            };
            return Err(Fault { column: name.clone(), reason });
        }
        Ok(())
    }

    fn value(&self, field: &Field<usize>, text: &str) -> Result<Value, String> {
        if text.is_empty() {
            return Ok(field.default.clone());
        }
        let named = if field.texts.is_empty() { None } else { field.texts.get(&text.to_lowercase()) };
        match named {
            Some(value) => Ok(value.clone()),
            None => value::parse(field.attribute, text, &self.dates),
        }
    }

    fn filled(&self, source: &Source<usize>, cells: &Cells) -> Result<String, Fault> {
        source.text(cells).map(Cow::into_owned).map_err(|reason| self.fault(source, reason))
    }

    fn fault(&self, source: &Source<usize>, reason: String) -> Fault {
        Fault { column: source.columns(&self.header), reason }
    }
}
