//! Decides whether an expression holds for a record.

use std::cmp::Ordering;

use super::{Case, Expression, Literal, Operator, Path, Value, fold};

/// Something that expressions are about: a person, a workflow, a result.
pub trait Record {
    /// The value at a path of property names; `None` when there is none, which counts as null.
    fn value(&self, path: &[String]) -> Option<Value<'_>>;
}

/// An object is a record of its properties.
impl Record for Value<'_> {
    fn value(&self, path: &[String]) -> Option<Value<'_>> {
        self.property(path).cloned()
    }
}

/// Whether the expression holds for the record.
pub fn evaluate(expression: &Expression, record: &dyn Record, case: Case) -> bool {
    View { record, case, scope: None }.holds(expression)
}

/// Whether one comparison holds for a value; `None` and `Value::Null` both stand for "no value".
///
/// | comparison | no value | a value |
/// |---|---|---|
/// | `eq null` | true | false |
/// | `ne null` | false | true |
/// | `eq v` | false | whether they are equal |
/// | `ne v` | true | the opposite of `eq v` |
/// | `gt ge lt le v` | false | by order |
/// | `gt ge lt le null` | false | false |
/// | `has`, functions | false | by text |
///
/// Values that cannot be compared (a number and a text) are not equal and have no order.
pub fn holds(value: Option<&Value<'_>>, operator: Operator, literal: &Literal, case: Case) -> bool {
    let value = value.filter(|value| !matches!(value, Value::Null));
    match operator {
        Operator::Eq => equals(value, literal, case),
        Operator::Ne => !equals(value, literal, case),
        Operator::Gt => order(value, literal, case) == Some(Ordering::Greater),
        Operator::Ge => matches!(order(value, literal, case), Some(Ordering::Greater | Ordering::Equal)),
        Operator::Lt => order(value, literal, case) == Some(Ordering::Less),
        Operator::Le => matches!(order(value, literal, case), Some(Ordering::Less | Ordering::Equal)),
        Operator::Has | Operator::StartsWith | Operator::EndsWith | Operator::Contains => {
            let (Some(Value::Text(value)), Literal::Text(literal)) = (value, literal) else { return false };
            match case {
                Case::Sensitive => text_holds(value, operator, literal),
                Case::Insensitive => text_holds(&fold(value), operator, &fold(literal)),
            }
        }
    }
}

/// Whether a value equals one of the literals.
pub(super) fn is_in(value: Option<&Value<'_>>, literals: &[Literal], case: Case) -> bool {
    literals.iter().any(|literal| holds(value, Operator::Eq, literal, case))
}

/// The members of a literal of `has`; it holds for no value when there are none.
pub fn members(literal: &str) -> impl Iterator<Item = &str> {
    literal.split(',').map(str::trim).filter(|member| !member.is_empty())
}

fn equals(value: Option<&Value<'_>>, literal: &Literal, case: Case) -> bool {
    match (value, literal) {
        (None, literal) => *literal == Literal::Null,
        (Some(value), literal) => value.order(literal, case) == Some(Ordering::Equal),
    }
}

fn order(value: Option<&Value<'_>>, literal: &Literal, case: Case) -> Option<Ordering> {
    value?.order(literal, case)
}

fn text_holds(value: &str, operator: Operator, literal: &str) -> bool {
    match operator {
        Operator::StartsWith => value.starts_with(literal),
        Operator::EndsWith => value.ends_with(literal),
        Operator::Contains => value.contains(literal),
        Operator::Has => {
            let mut wanted = members(literal).peekable();
            wanted.peek().is_some() && wanted.all(|member| value.split(',').any(|known| known == member))
        }
        Operator::Eq | Operator::Ne | Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => false,
    }
}

/// A record seen from one place of an expression.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) record: &'a dyn Record,
    pub(super) case: Case,
    pub(super) scope: Option<&'a Scope<'a>>,
}

/// What a lambda's variable stands for, and the scope around the lambda.
pub(super) struct Scope<'a> {
    pub(super) variable: &'a str,
    pub(super) element: &'a Value<'a>,
    pub(super) outer: Option<&'a Scope<'a>>,
}

impl View<'_> {
    pub(super) fn holds(&self, expression: &Expression) -> bool {
        match expression {
            Expression::And(parts) => parts.iter().all(|part| self.holds(part)),
            Expression::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Expression::Not(part) => !self.holds(part),
            Expression::Compare { path, operator, literal } => {
                self.with_value(path, |value| holds(value, *operator, literal, self.case))
            }
            Expression::In { path, literals } => {
                self.with_value(path, |value| is_in(value, literals, self.case))
            }
            Expression::Any { collection, variable, body } => self.with_value(collection, |value| {
                let Some(Value::List(elements)) = value else { return false };
                match body {
                    None => !elements.is_empty(),
                    Some(body) => {
                        elements.iter().any(|element| self.within(variable, element).view().holds(body))
                    }
                }
            }),
            Expression::All { collection, variable, body } => self.with_value(collection, |value| {
                let Some(Value::List(elements)) = value else { return true };
                elements.iter().all(|element| self.within(variable, element).view().holds(body))
            }),
        }
    }

    /// Looks the value of a path up and hands it on.
    pub(super) fn with_value<T>(&self, path: &Path, then: impl FnOnce(Option<&Value<'_>>) -> T) -> T {
        match &path.variable {
            None => then(self.record.value(&path.segments).as_ref()),
            Some(variable) => {
                let mut scope = self.scope;
                while let Some(here) = scope {
                    if here.variable == variable {
                        return then(here.element.property(&path.segments));
                    }
                    scope = here.outer;
                }
                then(None)
            }
        }
    }

    /// The same view inside a lambda, for one element.
    pub(super) fn within<'b>(&'b self, variable: &'b str, element: &'b Value<'b>) -> Inner<'b> {
        Inner { record: self.record, case: self.case, scope: Scope { variable, element, outer: self.scope } }
    }
}

/// A view together with its innermost scope.
pub(super) struct Inner<'a> {
    record: &'a dyn Record,
    case: Case,
    scope: Scope<'a>,
}

impl Inner<'_> {
    pub(super) fn view(&self) -> View<'_> {
        View { record: self.record, case: self.case, scope: Some(&self.scope) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn sample() -> Value<'static> {
        let plan = |service: &'static str, status: &'static str| {
            Value::Object(vec![
                ("service".into(), Value::text(service)),
                ("capabilityStatus".into(), Value::text(status)),
                ("servicePlanId".into(), Value::text("41781FB2-bc02-4b7c-bd55-b576c07bb09d")),
            ])
        };
        Value::Object(vec![
            ("department".into(), Value::text("Marketing")),
            ("accountEnabled".into(), Value::Boolean(true)),
            ("version".into(), Value::Integer(3)),
            ("score".into(), Value::Decimal(2.5)),
            ("nothing".into(), Value::Null),
            ("category".into(), Value::text("joiner,leaver")),
            ("hired".into(), Value::Timestamp("2024-03-01T08:00:00.0004Z".parse().unwrap())),
            ("hiredText".into(), Value::text("2024-03-01T09:00:00+01:00")),
            ("id".into(), Value::Guid("41781fb2-bc02-4b7c-bd55-b576c07bb09d".parse().unwrap())),
            ("org".into(), Value::Object(vec![("costCenter".into(), Value::text("C1"))])),
            ("tags".into(), Value::List(vec![Value::text("blue"), Value::text("red")])),
            ("none".into(), Value::List(vec![])),
            ("plans".into(), Value::List(vec![plan("exchange", "Enabled"), plan("teams", "Deleted")])),
        ])
    }

    fn check(rule: &str, case: Case) -> bool {
        evaluate(&parse(rule).unwrap(), &sample(), case)
    }

    #[test]
    fn the_truth_table_for_missing_values() {
        let table = [
            ("nothing eq null", true),
            ("missing eq null", true),
            ("missing/deeper eq null", true),
            ("nothing ne null", false),
            ("department eq null", false),
            ("department ne null", true),
            ("nothing eq 'v'", false),
            ("nothing ne 'v'", true),
            ("nothing gt 5", false),
            ("nothing ge 5", false),
            ("nothing lt 5", false),
            ("nothing le 5", false),
            ("not (nothing gt 5)", true),
            ("version gt null", false),
            ("version le null", false),
            ("nothing ge null", false),
            ("nothing in ('v')", false),
            ("nothing in ('v',null)", true),
            ("department in ('v',null)", false),
            ("not nothing in ('v')", true),
            ("startsWith(nothing,'')", false),
            ("endsWith(nothing,'')", false),
            ("contains(nothing,'')", false),
            ("not contains(nothing,'')", true),
            ("nothing has 'x'", false),
            ("nothing/any(t: t ne 'x')", false),
            ("none/any(t: t ne 'x')", false),
            ("none/any()", false),
            ("nothing/all(t: t eq 'x')", true),
            ("none/all(t: t eq 'x')", true),
            ("none/all(t: t ne 'x')", true),
            ("not (none/all(t: t eq 'x'))", false),
            ("tags/all(t: t eq 'blue')", false),
            ("tags/all(t: t ne 'x')", true),
            ("tags/any()", true),
            ("not (none/any(t: t eq 'x'))", true),
        ];
        for (rule, expected) in table {
            assert_eq!(check(rule, Case::Sensitive), expected, "{rule}");
            assert_eq!(check(rule, Case::Insensitive), expected, "{rule}");
        }
    }

    #[test]
    fn values_of_different_kinds_differ_and_have_no_order() {
        for path in ["department", "accountEnabled", "version", "hired", "id", "tags", "plans"] {
            for literal in ["'x'", "7e0", "false", "2000-01-01", "fab81fb2-bc02-4b7c-bd55-b576c07bb09d"] {
                assert!(!check(&format!("{path} eq {literal}"), Case::Insensitive), "{path} {literal}");
                assert!(check(&format!("{path} ne {literal}"), Case::Insensitive), "{path} {literal}");
            }
        }
        for rule in ["department gt 1", "version lt 'x'", "hired gt 5", "tags ge 'a'", "hired lt 'soon'"] {
            assert!(!check(rule, Case::Sensitive), "{rule}");
            assert!(check(&format!("not ({rule})"), Case::Sensitive), "{rule}");
        }
    }

    #[test]
    fn values_are_compared_by_what_they_mean() {
        for rule in [
            "version eq 3.0",
            "version lt 3.5",
            "3.5 gt version",
            "score gt 2",
            "score eq 2.5",
            "accountEnabled gt false",
            "hired eq 2024-03-01T08:00:00Z",
            "hired eq '2024-03-01T09:00:00+01:00'",
            "hired ge 2024-03-01",
            "hiredText eq 2024-03-01T08:00:00Z",
            "hiredText lt 2024-03-02",
            "id eq '41781FB2-BC02-4B7C-BD55-B576C07BB09D'",
            "id in (41781fb2-bc02-4b7c-bd55-b576c07bb09d)",
            "org/costCenter eq 'C1'",
            "category has 'leaver'",
            "category has 'leaver, joiner'",
            "tags/any(t: startsWith(t,'bl') and department eq 'Marketing')",
            "plans/any(p: p/service eq 'teams' and p/capabilityStatus ne 'Enabled')",
            "plans/any(p: p/servicePlanId eq 41781fb2-bc02-4b7c-bd55-b576c07bb09d)",
            "tags/any(t: plans/any(p: t eq 'red' and p/service eq 'teams'))",
            "tags/all(t: t in ('blue','red') and department eq 'Marketing')",
            "plans/all(p: p/service ne 'yammer' and tags/any(t: t eq 'red'))",
            "department/all(d: d eq 'Sales')",
            "startsWith(department,'Mark') eq true",
            "not (department eq 'Sales') and endsWith(department,'ing')",
        ] {
            assert!(check(rule, Case::Sensitive), "{rule}");
        }
        for rule in [
            "category has 'leaver,mover'",
            "category has ''",
            "category has 'leave'",
            "plans/any(p: p/service eq 'exchange' and p/capabilityStatus ne 'Enabled')",
            "department/any(d: d eq 'Marketing')",
            "contains(version,'3')",
        ] {
            assert!(!check(rule, Case::Sensitive), "{rule}");
        }
    }

    #[test]
    fn letter_case_counts_only_when_asked_for() {
        for rule in ["department eq 'MARKETING'", "contains(department,'KET')", "tags/any(t: t eq 'Blue')"] {
            assert!(!check(rule, Case::Sensitive), "{rule}");
            assert!(check(rule, Case::Insensitive), "{rule}");
        }
    }
}
