//! Turns an expression into an SQL condition with the same truth, row by row, as evaluating it.
//!
//! Each condition is 0 or 1, never NULL, so it can stand under `NOT`. A bare column is compared with `IS`, or
//! with an order behind `IS NOT NULL`, so that an index on it can serve. What a user wrote reaches the
//! statement through parameters only.
//!
//! The conditions use functions that each database is given (`functions.rs`), and expect a database in UTF-8.

mod compare;

use std::borrow::Cow;

use super::db::types::Value as SqlValue;
use super::sql::ELEMENTS;

use tenure_lifecycle::expression::{Case, Expression, Operator, Path};

/// SQLite takes 32,766 parameters a statement; the rest is left to the statement around the condition.
const MOST_PARAMETERS: usize = 32_000;

/// A chain of more parts is nested in halves: SQLite bounds how deep an expression is.
const LONGEST_CHAIN: usize = 16;

/// A condition for a `WHERE`.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlFilter {
    /// The condition, with `?` for each parameter.
    pub text: String,
    /// The parameters, in the order of the text.
    pub parameters: Vec<SqlValue>,
}

/// Where the properties of a record are found in the rows.
pub trait Columns {
    /// The column of a property, `None` when it has none.
    fn column(&self, path: &[String]) -> Option<Column>;
}

/// A column, or any other SQL expression without parameters.
#[derive(Clone, Debug)]
pub struct Column {
    /// The expression, written with its table: `person.department`.
    pub sql: Cow<'static, str>,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds; NULL is no value in each of them.
#[derive(Clone, Copy, Debug)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// The member of an enumeration, stored as its code; every stored code is in the list.
    TextCode(&'static [(&'static str, i64)]),
    /// A whole number.
    Integer,
    /// 0 or 1.
    Boolean,
    /// Milliseconds since 1970.
    TimestampMillis,
    /// The 16 bytes of a guid.
    GuidBlob,
    /// A JSON array of strings.
    JsonStrings,
    /// A JSON array of objects.
    JsonObjects,
}

/// Why an expression has no SQL condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// No column holds the property.
    #[error("the property '{0}' cannot be searched")]
    Property(String),
    /// The members of an enumeration have no order.
    #[error("'{operator}' does not apply to the property '{path}', whose values have no order")]
    Order {
        /// The property.
        path: String,
        /// The operator.
        operator: Operator,
    },
    /// A lambda over something that holds one value.
    #[error("'{lambda}' does not apply to the property '{path}', which is not a collection")]
    NotACollection {
        /// The property.
        path: String,
        /// `any` or `all`.
        lambda: &'static str,
    },
    /// A lambda over a collection inside an element.
    #[error("the collection '{0}' lies inside another and cannot be searched")]
    NestedCollection(String),
    /// More values than a statement can take.
    #[error("the expression holds more than {MOST_PARAMETERS} values")]
    TooManyValues,
}

/// The SQL condition that holds for the rows for which the expression holds.
pub fn to_sql(expression: &Expression, columns: &dyn Columns, case: Case) -> Result<SqlFilter, Unsupported> {
    let mut writer =
        Writer { columns, case, scopes: vec![], lambdas: 0, text: String::new(), parameters: vec![] };
    writer.expression(expression)?;
    if writer.parameters.len() > MOST_PARAMETERS {
        return Err(Unsupported::TooManyValues);
    }
    Ok(SqlFilter { text: writer.text, parameters: writer.parameters })
}

/// Where a path leads in the SQL.
enum Operand {
    Column(Column),
    /// An element of an array of strings or objects, by its name in the subquery.
    Element {
        sql: String,
        kind: ColumnKind,
    },
    /// A property of an element: the element's name and a JSON path.
    Property {
        element: String,
        json_path: String,
    },
    /// Always null, as a property of a string is.
    Nothing,
}

/// A piece of SQL with its parameters.
#[derive(Clone, PartialEq)]
struct Term {
    sql: String,
    parameters: Vec<SqlValue>,
}

impl Term {
    fn bare(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), parameters: vec![] }
    }

    fn within(mut self, function: &str) -> Self {
        self.sql = format!("{function}({})", self.sql);
        self
    }
}

struct Writer<'a> {
    columns: &'a dyn Columns,
    case: Case,
    /// The lambdas around the current place: variable, name of the element, kind of the collection.
    scopes: Vec<(String, String, ColumnKind)>,
    lambdas: usize,
    text: String,
    parameters: Vec<SqlValue>,
}

impl Writer<'_> {
    fn push(&mut self, sql: &str) {
        self.text.push_str(sql);
    }

    fn term(&mut self, term: &Term) {
        self.push(&term.sql);
        self.parameters.extend_from_slice(&term.parameters);
    }

    fn parameter(&mut self, value: SqlValue) {
        self.push("?");
        self.parameters.push(value);
    }

    fn constant(&mut self, truth: bool) {
        self.push(if truth { "TRUE" } else { "FALSE" });
    }

    fn expression(&mut self, expression: &Expression) -> Result<(), Unsupported> {
        match expression {
            Expression::And(parts) => self.chain(parts, " AND ", true),
            Expression::Or(parts) => self.chain(parts, " OR ", false),
            Expression::Not(part) => {
                self.push("NOT (");
                self.expression(part)?;
                self.push(")");
                Ok(())
            }
            Expression::Compare { path, operator, literal } => self.compare(path, *operator, literal),
            Expression::In { path, literals } => self.one_of(path, literals),
            Expression::Any { collection, variable, body } => {
                let element = self.elements(collection, "any", "EXISTS")?;
                if let Some(body) = body {
                    self.push(" WHERE ");
                    self.within(variable, element, body)?;
                }
                self.push(")");
                Ok(())
            }
            Expression::All { collection, variable, body } => {
                let element = self.elements(collection, "all", "NOT EXISTS")?;
                self.push(" WHERE NOT (");
                self.within(variable, element, body)?;
                self.push("))");
                Ok(())
            }
        }
    }

    fn chain(&mut self, parts: &[Expression], word: &str, when_empty: bool) -> Result<(), Unsupported> {
        if parts.is_empty() {
            self.constant(when_empty);
            return Ok(());
        }
        self.push("(");
        if parts.len() > LONGEST_CHAIN {
            let (first, second) = parts.split_at(parts.len() / 2);
            self.chain(first, word, when_empty)?;
            self.push(word);
            self.chain(second, word, when_empty)?;
        } else {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    self.push(word);
                }
                self.expression(part)?;
            }
        }
        self.push(")");
        Ok(())
    }

    /// Begins the subquery over the elements of a collection; gives the name of an element in it, and what the
    /// collection is.
    fn elements(
        &mut self,
        collection: &Path,
        lambda: &'static str,
        exists: &str,
    ) -> Result<(String, ColumnKind), Unsupported> {
        let not_one = || Unsupported::NotACollection { path: collection.to_string(), lambda };
        let column = match self.operand(collection)? {
            Operand::Column(column) => column,
            Operand::Property { .. } => return Err(Unsupported::NestedCollection(collection.to_string())),
            Operand::Element { .. } | Operand::Nothing => return Err(not_one()),
        };
        if !matches!(column.kind, ColumnKind::JsonStrings | ColumnKind::JsonObjects) {
            return Err(not_one());
        }
        self.lambdas += 1;
        let element = format!("element{}", self.lambdas);
        // The inner query hides the other columns of json_each from the names in the body.
        self.push(&format!(
            "{exists} (SELECT 1 FROM (SELECT value AS {element} FROM {ELEMENTS}({})) elements",
            column.sql
        ));
        Ok((element, column.kind))
    }

    /// The condition on one element.
    fn within(
        &mut self,
        variable: &str,
        (element, kind): (String, ColumnKind),
        body: &Expression,
    ) -> Result<(), Unsupported> {
        self.scopes.push((variable.to_owned(), element, kind));
        self.expression(body)?;
        self.scopes.pop();
        Ok(())
    }

    fn operand(&self, path: &Path) -> Result<Operand, Unsupported> {
        let unknown = || Unsupported::Property(path.to_string());
        let Some(variable) = &path.variable else {
            return self.columns.column(&path.segments).map(Operand::Column).ok_or_else(unknown);
        };
        let scope = self.scopes.iter().rev().find(|(known, _, _)| known == variable);
        let (_, element, kind) = scope.ok_or_else(unknown)?;
        if path.segments.is_empty() {
            return Ok(Operand::Element { sql: element.clone(), kind: *kind });
        }
        if !matches!(kind, ColumnKind::JsonObjects) {
            return Ok(Operand::Nothing);
        }
        let mut json_path = "$".to_owned();
        for name in &path.segments {
            if name.contains(['"', '\\']) {
                return Err(unknown());
            }
            json_path.push_str(&format!(".\"{name}\""));
        }
        Ok(Operand::Property { element: element.clone(), json_path })
    }
}
