//! Writes expressions so that they parse to the same again.

use std::fmt;

use super::{Expression, Literal, Operator, Path};

/// The expression in Graph's spelling. It can be longer than the text that was parsed (dates become
/// date-times), but is nested no deeper.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => joined(f, parts, " and ", |part| matches!(part, Self::And(_) | Self::Or(_))),
            // `and` binds tighter, and parentheses would nest deeper than what was parsed.
            Self::Or(parts) => joined(f, parts, " or ", |part| matches!(part, Self::Or(_))),
            Self::Not(part) => write!(f, "not ({part})"),
            Self::Compare { path, operator, literal } if operator.is_function() => {
                write!(f, "{operator}({path},{literal})")
            }
            Self::Compare { path, operator, literal } => write!(f, "{path} {operator} {literal}"),
            Self::In { path, literals } => {
                write!(f, "{path} in (")?;
                for (index, literal) in literals.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "," };
                    write!(f, "{separator}{literal}")?;
                }
                f.write_str(")")
            }
            Self::Any { collection, body: None, .. } => write!(f, "{collection}/any()"),
            Self::Any { collection, variable, body: Some(body) } => {
                write!(f, "{collection}/any({variable}:{body})")
            }
            Self::All { collection, variable, body } => write!(f, "{collection}/all({variable}:{body})"),
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expression],
    word: &str,
    needs_parentheses: impl Fn(&Expression) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        let separator = if index == 0 { "" } else { word };
        if needs_parentheses(part) {
            write!(f, "{separator}({part})")?;
        } else {
            write!(f, "{separator}{part}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.variable.iter().chain(&self.segments);
        for (index, name) in names.enumerate() {
            let separator = if index == 0 { "" } else { "/" };
            write!(f, "{separator}{name}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            // The debug form keeps the point or the exponent that makes it a decimal.
            Self::Decimal(value) => write!(f, "{value:?}"),
            Self::Text(value) => quoted(f, value),
            Self::Timestamp(value) => write!(f, "{value}"),
            Self::Guid(value) => write!(f, "{value}"),
        }
    }
}

/// Writes a text in single quotes, its own doubled.
pub(super) fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}
