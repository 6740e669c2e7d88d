//! Turns an expression into an SQL condition with the same truth, row by row, as evaluating it.
//!
//! Each condition is 0 or 1, never NULL, so it can stand under `NOT`. A bare column is compared with `IS`, or
//! with an order behind `IS NOT NULL`, so that an index on it can serve. What a user wrote reaches the
//! statement through parameters only.
//!
//! The conditions use the functions of [`register_functions`], and expect a database in UTF-8.

use std::borrow::Cow;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value as SqlValue, ValueRef};
use tenure_lifecycle::expression::{
    Case, Expression, Literal, Operator, Path, Value, fold, holds, members, parse_guid, parse_time,
};

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

/// Adds the functions that the conditions use: `fold(text)` for texts without letter case,
/// `time_of(text)` for the milliseconds of a date-time, `guid_of(text)` for the bytes of a guid.
///
/// Each is NULL for what is no text, or not such a text. They may be used in indexes.
pub fn register_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(c"fold", 1, flags, |context| {
        Ok(argument(context)?.map(|text| fold(text).into_owned()))
    })?;
    connection.create_scalar_function(c"time_of", 1, flags, |context| {
        Ok(argument(context)?.and_then(parse_time).map(jiff::Timestamp::as_millisecond))
    })?;
    connection.create_scalar_function(c"guid_of", 1, flags, |context| {
        Ok(argument(context)?.and_then(parse_guid).map(|guid| guid.as_bytes().to_vec()))
    })
}

fn argument<'a>(context: &'a Context<'_>) -> rusqlite::Result<Option<&'a str>> {
    match context.get_raw(0) {
        text @ ValueRef::Text(_) => {
            text.as_str().map(Some).map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))
        }
        _ => Ok(None),
    }
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
        self.push(if truth { "1" } else { "0" });
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
            "{exists} (SELECT 1 FROM (SELECT value AS {element} FROM json_each({}))",
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

    fn compare(&mut self, path: &Path, operator: Operator, literal: &Literal) -> Result<(), Unsupported> {
        let operand = self.operand(path)?;
        if let Operand::Column(Column { sql, kind: ColumnKind::TextCode(codes) }) = &operand {
            if operator.is_ordering() {
                return Err(Unsupported::Order { path: path.to_string(), operator });
            }
            return self.coded(sql, codes, operator, literal);
        }
        match operator {
            Operator::Ne => {
                self.push("NOT (");
                self.compare(path, Operator::Eq, literal)?;
                self.push(")");
            }
            Operator::Eq if *literal == Literal::Null => self.is_null(&operand),
            Operator::Eq => match self.comparable(&operand, literal) {
                Some((term, value)) => {
                    self.push("(");
                    self.term(&term);
                    self.push(" IS ");
                    self.parameter(value);
                    self.push(")");
                }
                None => self.constant(false),
            },
            Operator::Gt => self.order(&operand, " > ", literal),
            Operator::Ge => self.order(&operand, " >= ", literal),
            Operator::Lt => self.order(&operand, " < ", literal),
            Operator::Le => self.order(&operand, " <= ", literal),
            Operator::Has | Operator::StartsWith | Operator::EndsWith | Operator::Contains => {
                self.text_test(&operand, operator, literal);
            }
        }
        Ok(())
    }

    /// A test of an enumeration: the evaluator says which members fit, and their codes are looked for.
    fn coded(
        &mut self,
        column: &str,
        codes: &[(&str, i64)],
        operator: Operator,
        literal: &Literal,
    ) -> Result<(), Unsupported> {
        if operator == Operator::Ne {
            self.push("NOT (");
            self.coded(column, codes, Operator::Eq, literal)?;
            self.push(")");
            return Ok(());
        }
        if *literal == Literal::Null {
            self.is_null_or_false(column, operator);
            return Ok(());
        }
        let fits = |member: &str| holds(Some(&Value::text(member)), operator, literal, self.case);
        let fitting = codes.iter().filter(|(member, _)| fits(member));
        let values: Vec<SqlValue> = fitting.map(|(_, code)| SqlValue::Integer(*code)).collect();
        if values.is_empty() {
            self.constant(false);
        } else {
            self.members(&Term::bare(column), values);
        }
        Ok(())
    }

    fn is_null_or_false(&mut self, column: &str, operator: Operator) {
        if operator == Operator::Eq {
            self.push(&format!("({column} IS NULL)"));
        } else {
            self.constant(false);
        }
    }

    fn is_null(&mut self, operand: &Operand) {
        match operand {
            Operand::Column(column) => self.push(&format!("({} IS NULL)", column.sql)),
            Operand::Element { sql, .. } => self.push(&format!("({sql} IS NULL)")),
            Operand::Property { element, json_path } => {
                self.push(&format!("(json_extract({element}, "));
                self.parameter(SqlValue::Text(json_path.clone()));
                self.push(") IS NULL)");
            }
            Operand::Nothing => self.constant(true),
        }
    }

    fn order(&mut self, operand: &Operand, sign: &str, literal: &Literal) {
        let Some((term, value)) = self.comparable(operand, literal) else { return self.constant(false) };
        self.push("(");
        self.term(&term);
        self.push(" IS NOT NULL AND ");
        self.term(&term);
        self.push(sign);
        self.parameter(value);
        self.push(")");
    }

    /// `(term IS NOT NULL AND term IN (…))`
    fn members(&mut self, term: &Term, values: Vec<SqlValue>) {
        self.push("(");
        self.term(term);
        self.push(" IS NOT NULL AND ");
        self.term(term);
        self.push(" IN (");
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.parameter(value);
        }
        self.push("))");
    }

    fn one_of(&mut self, path: &Path, literals: &[Literal]) -> Result<(), Unsupported> {
        let operand = self.operand(path)?;
        let codes = match &operand {
            Operand::Column(Column { sql, kind: ColumnKind::TextCode(codes) }) => {
                Some((sql.as_ref(), *codes))
            }
            _ => None,
        };
        // Literals of one kind are looked for together.
        let mut groups: Vec<(Term, Vec<SqlValue>)> = vec![];
        for literal in literals {
            let found: Vec<(Term, SqlValue)> = match codes {
                Some((sql, codes)) => codes
                    .iter()
                    .filter(|(member, _)| holds(Some(&Value::text(member)), Operator::Eq, literal, self.case))
                    .map(|(_, code)| (Term::bare(sql), SqlValue::Integer(*code)))
                    .collect(),
                None => self.comparable(&operand, literal).into_iter().collect(),
            };
            for (term, value) in found {
                match groups.iter_mut().find(|(known, _)| *known == term) {
                    Some((_, values)) => values.push(value),
                    None => groups.push((term, vec![value])),
                }
            }
        }
        let or_null = literals.contains(&Literal::Null);
        self.push("(");
        let mut joined = false;
        for (term, values) in groups {
            if joined {
                self.push(" OR ");
            }
            self.members(&term, values);
            joined = true;
        }
        if or_null {
            if joined {
                self.push(" OR ");
            }
            self.is_null(&operand);
        } else if !joined {
            self.constant(false);
        }
        self.push(")");
        Ok(())
    }

    /// What to compare for a literal that is not null: SQL that is NULL when the value is of another kind, and
    /// the parameter. `None` when no value of the operand can equal such a literal.
    fn comparable(&self, operand: &Operand, literal: &Literal) -> Option<(Term, SqlValue)> {
        let kind = match operand {
            Operand::Column(column) => Some(column.kind),
            Operand::Element { kind: ColumnKind::JsonStrings, .. } => Some(ColumnKind::Text),
            Operand::Element { .. } | Operand::Nothing => return None,
            Operand::Property { .. } => None,
        };
        match (kind, literal) {
            (_, Literal::Null) => None,
            (Some(ColumnKind::Text) | None, Literal::Text(text)) => {
                let term = text_of(operand)?;
                Some(match self.case {
                    Case::Sensitive => (term, SqlValue::Text(text.clone())),
                    Case::Insensitive => (term.within("fold"), SqlValue::Text(fold(text).into_owned())),
                })
            }
            (Some(ColumnKind::Text) | None, Literal::Timestamp(time)) => {
                Some((text_of(operand)?.within("time_of"), SqlValue::Integer(time.as_millisecond())))
            }
            (Some(ColumnKind::Text) | None, Literal::Guid(guid)) => {
                Some((text_of(operand)?.within("guid_of"), SqlValue::Blob(guid.as_bytes().to_vec())))
            }
            (None, Literal::Integer(_) | Literal::Decimal(_)) => {
                Some((property(operand, "WHEN 'integer' THEN {} WHEN 'real' THEN {}")?, number(literal)?))
            }
            (None, Literal::Boolean(truth)) => Some((
                property(operand, "WHEN 'true' THEN 1 WHEN 'false' THEN 0")?,
                SqlValue::Integer(i64::from(*truth)),
            )),
            (Some(kind), literal) => {
                let Operand::Column(column) = operand else { return None };
                let value = match (kind, literal) {
                    (ColumnKind::Integer, literal) => number(literal)?,
                    (ColumnKind::Boolean, Literal::Boolean(truth)) => SqlValue::Integer(i64::from(*truth)),
                    (ColumnKind::TimestampMillis, Literal::Timestamp(time)) => {
                        SqlValue::Integer(time.as_millisecond())
                    }
                    (ColumnKind::TimestampMillis, Literal::Text(text)) => {
                        SqlValue::Integer(parse_time(text)?.as_millisecond())
                    }
                    (ColumnKind::GuidBlob, Literal::Guid(guid)) => SqlValue::Blob(guid.as_bytes().to_vec()),
                    (ColumnKind::GuidBlob, Literal::Text(text)) => {
                        SqlValue::Blob(parse_guid(text)?.as_bytes().to_vec())
                    }
                    _ => return None,
                };
                Some((Term::bare(column.sql.as_ref()), value))
            }
        }
    }

    /// `has` and the functions, byte by byte: texts may hold wildcards and zero bytes.
    fn text_test(&mut self, operand: &Operand, operator: Operator, literal: &Literal) {
        let (Some(term), Literal::Text(literal)) = (text_of(operand), literal) else {
            return self.constant(false);
        };
        let (term, literal) = match self.case {
            Case::Sensitive => (term, Cow::Borrowed(literal.as_str())),
            Case::Insensitive => (term.within("fold"), fold(literal)),
        };
        let length = SqlValue::Integer(literal.len() as i64);
        let bytes = SqlValue::Blob(literal.as_bytes().to_vec());
        match operator {
            Operator::Has => {
                let wanted: Vec<String> = members(&literal).map(|member| format!(",{member},")).collect();
                if wanted.is_empty() {
                    return self.constant(false);
                }
                self.push("(");
                self.term(&term);
                self.push(" IS NOT NULL");
                for member in wanted {
                    self.push(" AND instr(CAST(',' || ");
                    self.term(&term);
                    self.push(" || ',' AS BLOB), ");
                    self.parameter(SqlValue::Blob(member.into_bytes()));
                    self.push(") > 0");
                }
                self.push(")");
            }
            _ if literal.is_empty() => {
                self.push("(");
                self.term(&term);
                self.push(" IS NOT NULL)");
            }
            Operator::Contains => {
                self.push("(coalesce(instr(CAST(");
                self.term(&term);
                self.push(" AS BLOB), ");
                self.parameter(bytes);
                self.push("), 0) > 0)");
            }
            _ => {
                let from_end = operator == Operator::EndsWith;
                self.push("(substr(CAST(");
                self.term(&term);
                self.push(if from_end { " AS BLOB), -" } else { " AS BLOB), 1, " });
                self.parameter(length);
                self.push(") IS ");
                self.parameter(bytes);
                self.push(")");
            }
        }
    }
}

/// The operand when it is a text, NULL when it is anything else; `None` when it is never one.
fn text_of(operand: &Operand) -> Option<Term> {
    match operand {
        Operand::Column(Column { sql, kind: ColumnKind::Text }) => Some(Term::bare(sql.as_ref())),
        Operand::Element { sql, kind: ColumnKind::JsonStrings } => Some(Term::bare(sql.as_str())),
        Operand::Property { .. } => property(operand, "WHEN 'text' THEN {}"),
        Operand::Column(_) | Operand::Element { .. } | Operand::Nothing => None,
    }
}

/// A property of a JSON object, by what type it has there; `{}` in a branch stands for the value.
fn property(operand: &Operand, branches: &str) -> Option<Term> {
    let Operand::Property { element, json_path } = operand else { return None };
    let uses = 1 + branches.matches("{}").count();
    let branches = branches.replace("{}", &format!("json_extract({element}, ?)"));
    Some(Term {
        sql: format!("(CASE json_type({element}, ?) {branches} END)"),
        parameters: vec![SqlValue::Text(json_path.clone()); uses],
    })
}

fn number(literal: &Literal) -> Option<SqlValue> {
    match literal {
        Literal::Integer(value) => Some(SqlValue::Integer(*value)),
        Literal::Decimal(value) => Some(SqlValue::Real(*value)),
        _ => None,
    }
}
