//! Scope rules: which attributes they may name and how these compare (behaviour §2).

use crate::directory::{Kind, PLAN_MEMBERS, User, attribute};
use crate::expression::{
    Case, Explanation, Expression, Literal, Operator, ParseError, Test, evaluate, explain, parse,
};
use crate::limits::Limits;

/// A scope rule that has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule(Expression);

/// Why a text is no scope rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// It does not follow the grammar.
    #[error(transparent)]
    Syntax(#[from] ParseError),
    /// It names what rules cannot be about.
    #[error("'{0}' is not an attribute that a rule can be about")]
    Unknown(String),
    /// A lambda stands inside another.
    #[error("'any' and 'all' cannot stand inside another 'any' or 'all'")]
    Nested,
    /// It compares an attribute with a value of another kind.
    #[error("'{attribute}' is compared with what is not {expected}")]
    Value {
        /// The attribute.
        attribute: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// It compares an attribute as this one cannot be.
    #[error("'{attribute}' cannot be compared with {operator}")]
    Operator {
        /// The attribute.
        attribute: String,
        /// The operator.
        operator: &'static str,
    },
}

impl Rule {
    /// Reads a rule; names are accepted in any letter case.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let parsed = parse(text)?;
        if parsed.lambda_depth() > 1 {
            return Err(RuleError::Nested);
        }
        let rule = parsed.map_paths(&mut |path: &[String]| spell(path))?;
        for clause in rule.clauses() {
            let name = clause.path.join("/");
            let refused = |operator| RuleError::Operator { attribute: name.clone(), operator };
            let kind = kind_of(&clause.path).ok_or_else(|| RuleError::Unknown(name.clone()))?;
            let is_list = matches!(kind, Kind::Texts | Kind::Plans) && !clause.of_element;
            match clause.test {
                Test::Any | Test::All if is_list => {}
                Test::Any | Test::All => return Err(refused(clause.test.name())),
                _ if is_list => return Err(refused(clause.test.name())),
                Test::In(literals) => {
                    literals.iter().try_for_each(|literal| fits_kind(&name, kind, literal))?;
                }
                Test::Compare(Operator::Eq | Operator::Ne, literal) => fits_kind(&name, kind, literal)?,
                Test::Compare(Operator::StartsWith | Operator::EndsWith | Operator::Contains, _)
                    if kind != Kind::Boolean && kind != Kind::DateTime => {}
                Test::Compare(operator, literal) if operator.is_ordering() && kind == Kind::DateTime => {
                    fits_kind(&name, kind, literal)?;
                }
                Test::Compare(operator, _) => return Err(refused(operator.name())),
            }
        }
        Ok(Self(rule))
    }

    /// Whether the rule describes the person.
    pub fn fits(&self, user: &User, limits: &Limits) -> bool {
        evaluate(&self.0, user, case(limits))
    }

    /// What each part of the rule says of the person.
    pub fn explain(&self, user: &User, limits: &Limits) -> Explanation {
        explain(&self.0, user, case(limits))
    }

    /// The rule as an expression, names in Graph's spelling.
    pub fn expression(&self) -> &Expression {
        &self.0
    }
}

fn case(limits: &Limits) -> Case {
    if limits.scope_rules_ignore_case { Case::Insensitive } else { Case::Sensitive }
}

/// Refuses a value that an attribute of that kind never has: a rule with it would fit nobody, or everybody.
fn fits_kind(attribute: &str, kind: Kind, literal: &Literal) -> Result<(), RuleError> {
    let wrong = |expected| Err(RuleError::Value { attribute: attribute.to_owned(), expected });
    match (kind, literal) {
        (_, Literal::Null)
        | (Kind::Boolean, Literal::Boolean(_))
        | (Kind::DateTime, Literal::Timestamp(_))
        | (Kind::Text | Kind::Texts | Kind::Plans, Literal::Text(_) | Literal::Guid(_)) => Ok(()),
        (Kind::Boolean, _) => wrong("true, false or null"),
        (Kind::DateTime, _) => wrong("a date-time such as 2026-03-01T08:00:00Z"),
        (Kind::Text | Kind::Texts | Kind::Plans, _) => wrong("a text in single quotes"),
    }
}

fn spell(path: &[String]) -> Result<Vec<String>, RuleError> {
    let name = path.join("/");
    let unknown = || RuleError::Unknown(name.clone());
    if let Some(known) = attribute(&name) {
        return Ok(known.name.split('/').map(str::to_owned).collect());
    }
    match path {
        [first, member] if first.eq_ignore_ascii_case("assignedPlans") => {
            let member =
                PLAN_MEMBERS.iter().find(|known| known.eq_ignore_ascii_case(member)).ok_or_else(unknown)?;
            Ok(vec!["assignedPlans".to_owned(), (*member).to_owned()])
        }
        _ => Err(unknown()),
    }
}

fn kind_of(path: &[String]) -> Option<Kind> {
    match attribute(&path.join("/")) {
        Some(known) => Some(known.kind),
        None => (path.len() == 2 && path[0] == "assignedPlans").then_some(Kind::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_the_documentation_are_rules() {
        for rule in [
            "(department eq 'Marketing')",
            "(department in ('Marketing','Sales'))",
            "(accountEnabled in (true))",
            "(otherMails/any(p:startsWith(p,'Av')))",
            "(department eq 'Marketing') or (not (city eq 'Redmond'))",
            "(otherMails/all(p:endsWith(p,'@example.com')))",
            "(assignedPlans/any(a:a/capabilityStatus eq 'Enabled'))",
            "(EMPLOYEEORGDATA/costcenter eq '12')",
            "(employeeHireDate gt 2026-03-01) and (department eq null)",
        ] {
            assert!(Rule::parse(rule).is_ok(), "{rule}: {:?}", Rule::parse(rule));
        }
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        for (rule, attribute, expected) in [
            ("accountEnabled eq 'true'", "accountEnabled", "true, false"),
            ("accountEnabled in (true,1)", "accountEnabled", "true, false"),
            ("department eq 5", "department", "single quotes"),
            ("department ne true", "department", "single quotes"),
            ("employeeHireDate gt '2026-03-01'", "employeeHireDate", "2026-03-01T08:00:00Z"),
            ("employeeHireDate eq 2026", "employeeHireDate", "2026-03-01T08:00:00Z"),
            ("otherMails/any(m:m eq true)", "otherMails", "single quotes"),
        ] {
            let error = Rule::parse(rule).unwrap_err().to_string();
            assert!(error.contains(attribute) && error.contains(expected), "{rule}: {error}");
        }
    }

    #[test]
    fn what_no_rule_can_be_about_is_named() {
        assert_eq!(Rule::parse("shoeSize eq 4"), Err(RuleError::Unknown("shoeSize".to_owned())));
        assert!(matches!(Rule::parse("department gt 'a'"), Err(RuleError::Operator { .. })));
        assert!(matches!(Rule::parse("startsWith(accountEnabled,'t')"), Err(RuleError::Operator { .. })));
        let nested = "otherMails/any(a:otherMails/all(b:b ne 'x'))";
        assert_eq!(Rule::parse(nested), Err(RuleError::Nested));
        assert!(matches!(Rule::parse("department eq"), Err(RuleError::Syntax(_))));
    }
}
