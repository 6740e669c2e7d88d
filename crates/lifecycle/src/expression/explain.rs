//! Says why an expression holds for a record, or why not.

use super::evaluate::{Record, View, holds, is_in};
use super::{Case, Expression, Value};

/// As many elements of a collection are explained one by one.
const ELEMENTS: usize = 20;

/// One part of an expression, whether it holds, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The part, as text.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// For a clause about a property: the value that it found, `Null` for none.
    pub seen: Option<Value<'static>>,
    /// The parts that it is made of, all of them evaluated. For a lambda: its body for each of the first 20
    /// elements.
    pub parts: Vec<Explanation>,
}

/// Evaluates every part of the expression and keeps what it came to.
pub fn explain(expression: &Expression, record: &dyn Record, case: Case) -> Explanation {
    View { record, case, scope: None }.explain(expression)
}

impl View<'_> {
    fn explain(&self, expression: &Expression) -> Explanation {
        let text = expression.to_string();
        match expression {
            Expression::And(parts) => {
                let parts = self.explain_all(parts);
                Explanation { text, holds: parts.iter().all(|part| part.holds), seen: None, parts }
            }
            Expression::Or(parts) => {
                let parts = self.explain_all(parts);
                Explanation { text, holds: parts.iter().any(|part| part.holds), seen: None, parts }
            }
            Expression::Not(part) => {
                let part = self.explain(part);
                Explanation { text, holds: !part.holds, seen: None, parts: vec![part] }
            }
            Expression::Compare { path, operator, literal } => self.with_value(path, |value| Explanation {
                text,
                holds: holds(value, *operator, literal, self.case),
                seen: Some(seen(value)),
                parts: vec![],
            }),
            Expression::In { path, literals } => self.with_value(path, |value| Explanation {
                text,
                holds: is_in(value, literals, self.case),
                seen: Some(seen(value)),
                parts: vec![],
            }),
            Expression::Any { collection, variable, body } => {
                let holds = self.holds(expression);
                self.with_value(collection, |value| {
                    let parts = body
                        .as_ref()
                        .map_or_else(Vec::new, |body| self.explain_elements(value, variable, body));
                    Explanation { text, holds, seen: Some(seen(value)), parts }
                })
            }
            Expression::All { collection, variable, body } => {
                let holds = self.holds(expression);
                self.with_value(collection, |value| {
                    let parts = self.explain_elements(value, variable, body);
                    Explanation { text, holds, seen: Some(seen(value)), parts }
                })
            }
        }
    }

    fn explain_elements(
        &self,
        collection: Option<&Value<'_>>,
        variable: &str,
        body: &Expression,
    ) -> Vec<Explanation> {
        let Some(Value::List(elements)) = collection else { return vec![] };
        let elements = elements.iter().take(ELEMENTS);
        elements.map(|element| self.within(variable, element).view().explain(body)).collect()
    }

    fn explain_all(&self, parts: &[Expression]) -> Vec<Explanation> {
        parts.iter().map(|part| self.explain(part)).collect()
    }
}

fn seen(value: Option<&Value<'_>>) -> Value<'static> {
    value.map_or(Value::Null, |value| value.clone().into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn lines(explanation: &Explanation, indent: usize, into: &mut Vec<String>) {
        let seen = explanation.seen.as_ref().map_or(String::new(), |seen| format!(" [{seen}]"));
        into.push(format!("{:indent$}{}: {}{seen}", "", explanation.text, explanation.holds));
        for part in &explanation.parts {
            lines(part, indent + 2, into);
        }
    }

    #[test]
    fn each_clause_tells_its_truth_and_what_it_saw() {
        let record = Value::Object(vec![
            ("department".into(), Value::text("Sales")),
            ("tags".into(), Value::List(vec![Value::text("a"), Value::text("b")])),
        ]);
        let rule = "(department eq 'Sales' or city in ('Rome')) and not (tags/any(t: t eq 'b'))";
        let explanation = explain(&parse(rule).unwrap(), &record, Case::Sensitive);
        let mut text = vec![];
        lines(&explanation, 0, &mut text);
        assert_eq!(
            text,
            [
                "(department eq 'Sales' or city in ('Rome')) and not (tags/any(t:t eq 'b')): false",
                "  department eq 'Sales' or city in ('Rome'): true",
                "    department eq 'Sales': true ['Sales']",
                "    city in ('Rome'): false [null]",
                "  not (tags/any(t:t eq 'b')): false",
                "    tags/any(t:t eq 'b'): true [['a', 'b']]",
                "      t eq 'b': false ['a']",
                "      t eq 'b': true ['b']",
            ]
        );
    }
}
