//! One comparison as SQL.

use std::borrow::Cow;

use tenure_lifecycle::expression::{
    Case, Literal, Operator, Path, Value, fold, holds, members, parse_guid, parse_time,
};

use super::super::db::types::Value as SqlValue;
use super::super::sql;
use super::{Column, ColumnKind, Operand, Term, Unsupported, Writer};

impl Writer<'_> {
    pub(super) fn compare(
        &mut self,
        path: &Path,
        operator: Operator,
        literal: &Literal,
    ) -> Result<(), Unsupported> {
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
                    self.push(" IS NOT DISTINCT FROM ");
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

    pub(super) fn one_of(&mut self, path: &Path, literals: &[Literal]) -> Result<(), Unsupported> {
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
            (None, Literal::Integer(_) | Literal::Decimal(_)) => Some((
                property(
                    operand,
                    &format!(
                        "WHEN 'integer' THEN {} WHEN 'real' THEN {}",
                        sql::number("{}"),
                        sql::number("{}")
                    ),
                )?,
                number(literal)?,
            )),
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
                    let list = sql::bytes(&format!("',' || {} || ','", term.sql));
                    self.term(&Term { sql: format!(" AND instr({list}, "), ..term.clone() });
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
                let text = sql::bytes(&term.sql);
                self.term(&Term { sql: format!("(coalesce(instr({text}, "), ..term });
                self.parameter(bytes);
                self.push("), 0) > 0)");
            }
            _ => {
                let text = sql::bytes(&term.sql);
                let part = if operator == Operator::EndsWith {
                    sql::last(&text, "?")
                } else {
                    format!("substr({text}, 1, ?)")
                };
                self.term(&Term { sql: format!("({part} IS NOT DISTINCT FROM "), ..term });
                self.parameters.push(length);
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
