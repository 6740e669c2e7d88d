//! `$filter`: names in Graph's spelling, only what a property offers, values of the property's kind.

use tenure_lifecycle::expression::{Expression, Literal, Path, parse, parse_guid, parse_time};

use super::properties::{Kind, Properties, Property};
use crate::errors::GraphError;

/// Reads a filter.
pub(super) fn filter(text: &str, properties: &Properties) -> Result<Expression, GraphError> {
    let parsed = parse(text).map_err(|error| refused(format!("is not valid: {error}")))?;
    if parsed.lambda_depth() > 1 {
        return Err(refused("holds any or all inside another any or all, which is not supported"));
    }
    Reader { properties, scopes: vec![] }.read(&parsed)
}

fn refused(rule: impl std::fmt::Display) -> GraphError {
    GraphError::option("$filter", rule)
}

struct Reader<'a> {
    properties: &'a Properties,
    /// Variables of the lambdas around, each with its collection.
    scopes: Vec<(String, &'static Property)>,
}

impl Reader<'_> {
    fn read(&mut self, expression: &Expression) -> Result<Expression, GraphError> {
        Ok(match expression {
            Expression::And(parts) => Expression::And(self.each(parts)?),
            Expression::Or(parts) => Expression::Or(self.each(parts)?),
            Expression::Not(part) => Expression::Not(Box::new(self.read(part)?)),
            Expression::Compare { path, operator, literal } => {
                let (path, property) = self.property(path, operator.name())?;
                let literal =
                    if operator.is_function() { literal.clone() } else { value(property, literal)? };
                Expression::Compare { path, operator: *operator, literal }
            }
            Expression::In { path, literals } => {
                let (path, property) = self.property(path, "in")?;
                let literals =
                    literals.iter().map(|literal| value(property, literal)).collect::<Result<_, _>>()?;
                Expression::In { path, literals }
            }
            Expression::Any { collection, variable, body } => {
                let (collection, property) = self.property(collection, "any")?;
                let body = match body {
                    None => None,
                    Some(body) => {
                        self.scopes.push((variable.clone(), property));
                        let body = self.read(body);
                        self.scopes.pop();
                        Some(Box::new(body?))
                    }
                };
                Expression::Any { collection, variable: variable.clone(), body }
            }
            Expression::All { collection, variable, body } => {
                let (collection, property) = self.property(collection, "all")?;
                self.scopes.push((variable.clone(), property));
                let body = self.read(body);
                self.scopes.pop();
                Expression::All { collection, variable: variable.clone(), body: Box::new(body?) }
            }
        })
    }

    fn each(&mut self, parts: &[Expression]) -> Result<Vec<Expression>, GraphError> {
        parts.iter().map(|part| self.read(part)).collect()
    }

    /// The path in Graph's spelling and the property, if it offers the operator.
    fn property(&self, path: &Path, operator: &str) -> Result<(Path, &'static Property), GraphError> {
        let base = path.variable.as_ref().and_then(|variable| {
            self.scopes.iter().rev().find(|(known, _)| known == variable).map(|(_, collection)| *collection)
        });
        let mut name = path.segments.join("/");
        if let Some(base) = base {
            name = if name.is_empty() { base.name.to_owned() } else { format!("{}/{name}", base.name) };
        }
        let Some(property) = self.properties.find(&name) else {
            return Err(refused(format!(
                "names '{name}', which is not a property of {}",
                self.properties.of
            )));
        };
        let list_above = |above: &Property| {
            above.filter.contains(&"any")
                && property.name.strip_prefix(above.name).is_some_and(|rest| rest.starts_with('/'))
        };
        if base.is_none() && self.properties.list.iter().any(list_above) {
            return Err(refused(format!("can ask for '{}' only inside any(…) or all(…)", property.name)));
        }
        let is_list = property.filter.contains(&"any");
        let of_element = base.is_some_and(|base| base.name == property.name);
        // Where one lambda is offered, both are.
        let is_lambda = matches!(operator, "any" | "all");
        let operators = if is_lambda { is_list } else { property.filter.contains(&operator) };
        let offered = operators && (!is_list || of_element != is_lambda);
        if !offered {
            return Err(refused(format!("cannot use {operator} on '{}'", property.name)));
        }
        let skip = base.map_or(0, |base| base.name.split('/').count());
        let segments = property.name.split('/').skip(skip).map(str::to_owned).collect();
        Ok((Path { variable: path.variable.clone(), segments }, property))
    }
}

/// The value as the property holds it.
fn value(property: &Property, literal: &Literal) -> Result<Literal, GraphError> {
    let wrong =
        |expected: &str| Err(refused(format!("compares '{}' with what is not {expected}", property.name)));
    Ok(match (property.kind, literal) {
        (_, Literal::Null) => Literal::Null,
        (Kind::Id, Literal::Guid(_)) => literal.clone(),
        (Kind::Id, Literal::Text(text)) => parse_guid(text).map_or_else(|| literal.clone(), Literal::Guid),
        (Kind::Id, _) => return wrong("an id"),
        (Kind::Text | Kind::Texts, Literal::Text(_)) => literal.clone(),
        (Kind::Text | Kind::Texts, Literal::Guid(guid)) => Literal::Text(guid.to_string()),
        (Kind::Text | Kind::Texts, _) => return wrong("a text in single quotes"),
        (Kind::Boolean, Literal::Boolean(_)) => literal.clone(),
        (Kind::Boolean, _) => return wrong("true or false"),
        (Kind::Integer, Literal::Integer(_) | Literal::Decimal(_)) => literal.clone(),
        (Kind::Integer, _) => return wrong("a number"),
        (Kind::DateTime, Literal::Timestamp(_)) => literal.clone(),
        (Kind::DateTime, Literal::Text(text)) => match parse_time(text) {
            Some(time) => Literal::Timestamp(time),
            None => return wrong("a date-time such as 2026-03-01T08:00:00Z"),
        },
        (Kind::DateTime, _) => return wrong("a date-time such as 2026-03-01T08:00:00Z"),
        (Kind::Enum(members), Literal::Text(text)) => {
            Literal::Text(member(property, members, text)?.to_owned())
        }
        (Kind::Flags(members), Literal::Text(text)) => {
            let flags: Result<Vec<&str>, GraphError> =
                text.split(',').map(|flag| member(property, members, flag.trim())).collect();
            Literal::Text(flags?.join(","))
        }
        (Kind::Enum(members) | Kind::Flags(members), _) => {
            return wrong(&format!("one of {} in single quotes", members.join(", ")));
        }
        (Kind::Other, _) => literal.clone(),
    })
}

fn member(property: &Property, members: &[&'static str], text: &str) -> Result<&'static str, GraphError> {
    // One page of Graph writes previewMode for preview.
    let text = if text.eq_ignore_ascii_case("previewMode") { "preview" } else { text };
    members.iter().copied().find(|member| member.eq_ignore_ascii_case(text)).ok_or_else(|| {
        refused(format!("compares '{}' with '{text}'; it is one of {}", property.name, members.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::super::properties::operators;
    use super::*;

    const PROPERTIES: Properties = Properties {
        of: "a thing",
        list: &[
            Property::ordered("id", Kind::Id, operators::EQUALITY),
            Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
            Property::ordered("status", Kind::Enum(&["inProgress", "preview"]), operators::EQUALITY),
            Property::filtered("category", Kind::Flags(&["joiner", "leaver"]), operators::FLAGS),
            Property::filtered("subject/id", Kind::Id, operators::EQUALITY),
            Property::filtered("otherMails", Kind::Texts, operators::ELEMENTS),
            Property::ordered("version", Kind::Integer, operators::ORDER),
            Property::shown("tasks"),
        ],
    };

    fn read(text: &str) -> Result<String, String> {
        filter(text, &PROPERTIES).map(|filter| filter.to_string()).map_err(|error| error.message)
    }

    #[test]
    fn names_and_values_get_graphs_spelling() {
        for (text, expected) in [
            ("STATUS eq 'inprogress'", "status eq 'inProgress'"),
            ("status in ('previewMode')", "status in ('preview')"),
            ("createddatetime ge '2026-03-01T00:00:00Z'", "createdDateTime ge 2026-03-01T00:00:00Z"),
            ("Subject/ID eq 'abc'", "subject/id eq 'abc'"),
            ("category has 'Leaver, joiner'", "category has 'leaver,joiner'"),
            ("othermails/any(m:startswith(m,'a'))", "otherMails/any(m:startsWith(m,'a'))"),
            ("othermails/ALL(m:m ne 'a')", "otherMails/all(m:m ne 'a')"),
            ("createdDateTime eq null", "createdDateTime eq null"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        for (text, named) in [
            ("shoeSize eq 4", "shoeSize"),
            ("status gt 'preview'", "gt on 'status'"),
            ("status eq 'soon'", "inProgress, preview"),
            ("version eq 'x'", "'version'"),
            ("createdDateTime gt 'soon'", "'createdDateTime'"),
            ("tasks/any()", "any on 'tasks'"),
            ("version/all(x:x eq 1)", "all on 'version'"),
            ("tasks eq null", "'tasks'"),
            ("otherMails eq 'x'", "eq on 'otherMails'"),
            ("otherMails/any(a:otherMails/all(b:b ne 'x'))", "inside another"),
            ("version eq", "position"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.starts_with("$filter") && message.contains(named), "{text}: {message}");
        }
    }
}
