//! `$search`: texts to be found in properties, as a condition like that of `$filter`.
//!
//! ```text
//! "displayName:ann"                       text inside that property
//! ann                                     text inside displayName or description
//! "displayName:ann" OR "mail:ann@"        AND, OR, NOT, parentheses; AND between terms may be left out
//! ```

use tenure_lifecycle::expression::{Expression, Literal, Operator, Path};

use super::properties::{Kind, Properties, Property};
use crate::errors::GraphError;

/// The longest text, in characters.
const LONGEST: usize = 2_048;
/// The deepest nesting of parentheses and `NOT`.
const DEEPEST: usize = 32;
/// Where a text is looked for when no property is named.
const DEFAULT: [&str; 3] = ["displayName", "description", "name"];

/// Reads `$search`.
pub(super) fn search(text: &str, properties: &Properties) -> Result<Expression, GraphError> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(refused(format!("is longer than {LONGEST} characters")));
    }
    let mut reader = Reader { rest: text, properties };
    let condition = reader.alternatives(0)?;
    match reader.word() {
        None => Ok(condition),
        Some(word) => Err(refused(format!("has '{word}' where it has no meaning"))),
    }
}

fn refused(rule: impl std::fmt::Display) -> GraphError {
    GraphError::option("$search", rule)
}

struct Reader<'a> {
    rest: &'a str,
    properties: &'a Properties,
}

impl<'a> Reader<'a> {
    /// The next word: a parenthesis, a quote that opens a phrase, or everything up to the next of these or a space.
    fn word(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        let length = match first {
            '(' | ')' | '"' => 1,
            _ => self
                .rest
                .find(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '"'))
                .unwrap_or(self.rest.len()),
        };
        Some(&self.rest[..length])
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.word() == Some(wanted);
        if found {
            self.rest = &self.rest[wanted.len()..];
        }
        found
    }

    fn alternatives(&mut self, depth: usize) -> Result<Expression, GraphError> {
        let mut parts = vec![self.conditions(depth)?];
        while self.take("OR") {
            parts.push(self.conditions(depth)?);
        }
        Ok(joined(parts, Expression::Or))
    }

    fn conditions(&mut self, depth: usize) -> Result<Expression, GraphError> {
        let mut parts = vec![self.condition(depth)?];
        loop {
            let another = self.take("AND");
            match self.word() {
                None | Some("OR" | ")") if !another => return Ok(joined(parts, Expression::And)),
                _ => parts.push(self.condition(depth)?),
            }
        }
    }

    fn condition(&mut self, depth: usize) -> Result<Expression, GraphError> {
        if depth > DEEPEST {
            return Err(refused(format!("is nested deeper than {DEEPEST} levels")));
        }
        if self.take("NOT") {
            return Ok(Expression::Not(Box::new(self.condition(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.alternatives(depth + 1)?;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err(refused("has a parenthesis that is not closed"))
            };
        }
        if self.take("\"") {
            let text = self.phrase()?;
            return self.term(&text);
        }
        match self.word() {
            None | Some("AND" | "OR" | ")") => Err(refused("must hold a text")),
            Some(word) => {
                self.rest = &self.rest[word.len()..];
                self.term(word)
            }
        }
    }

    /// What stands up to the closing quote; a backslash takes the next letter as it is.
    fn phrase(&mut self) -> Result<String, GraphError> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((place, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[place + 1..];
                    return Ok(text);
                }
                '\\' => text.extend(letters.next().map(|(_, letter)| letter)),
                _ => text.push(letter),
            }
        }
        Err(refused("has a quote that is not closed"))
    }

    /// `property:text`, or a text alone.
    fn term(&self, text: &str) -> Result<Expression, GraphError> {
        let named = text.split_once(':').filter(|(name, _)| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphabetic() || letter == '/')
        });
        let (places, text) = match named {
            Some((name, text)) => match self.properties.find(name).filter(|found| searchable(found)) {
                Some(property) => (vec![property.name], text),
                None => {
                    let rule = format!("cannot look into '{name}' of {}", self.properties.of);
                    return Err(refused(rule));
                }
            },
            None => {
                let known = |name: &&str| self.properties.find(name).is_some_and(searchable);
                (DEFAULT.into_iter().filter(known).collect(), text)
            }
        };
        if places.is_empty() {
            return Err(refused(format!("is not supported for {}", self.properties.of)));
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(refused("must hold a text"));
        }
        let contains = |name: &str| Expression::Compare {
            path: Path { variable: None, segments: name.split('/').map(str::to_owned).collect() },
            operator: Operator::Contains,
            literal: Literal::Text(text.to_owned()),
        };
        Ok(joined(places.into_iter().map(contains).collect(), Expression::Or))
    }
}

fn joined(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

/// Whether texts are looked for in a property: where `contains` is offered, and in descriptions.
fn searchable(property: &'static Property) -> bool {
    (property.kind == Kind::Text
        && property.filter.contains(&"contains")
        && !property.name.starts_with("assignedPlans/"))
        || property.name == "description"
}

#[cfg(test)]
mod tests {
    use super::super::properties::operators;
    use super::*;

    const PROPERTIES: Properties = Properties {
        of: "a thing",
        list: &[
            Property::ordered("id", Kind::Id, operators::EQUALITY),
            Property::ordered("displayName", Kind::Text, operators::TEXT),
            Property::shown("description"),
            Property::ordered("mail", Kind::Text, operators::TEXT),
        ],
    };

    fn read(text: &str) -> Result<String, String> {
        search(text, &PROPERTIES).map(|found| found.to_string()).map_err(|error| error.message)
    }

    #[test]
    fn terms_are_looked_for_where_they_say() {
        for (text, expected) in [
            ("\"displayName:it's\"", "contains(displayName,'it''s')"),
            ("\"DISPLAYNAME: big shop \"", "contains(displayName,'big shop')"),
            ("mail:x", "contains(mail,'x')"),
            ("ann", "contains(displayName,'ann') or contains(description,'ann')"),
            ("\"10:30\"", "contains(displayName,'10:30') or contains(description,'10:30')"),
            (r#""mail:a \"b\" \\""#, r#"contains(mail,'a "b" \')"#),
            ("mail:a OR NOT mail:b", "contains(mail,'a') or not (contains(mail,'b'))"),
            ("mail:a mail:b OR mail:c", "contains(mail,'a') and contains(mail,'b') or contains(mail,'c')"),
            (
                "\"mail:a\" AND (\"mail:b\" OR \"mail:c\")",
                "contains(mail,'a') and (contains(mail,'b') or contains(mail,'c'))",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_searched_is_named() {
        let deep = "(".repeat(100);
        let long = "x".repeat(3_000);
        for (text, named) in [
            ("", "a text"),
            ("\"\"", "a text"),
            ("mail:", "a text"),
            ("\"shoe:4\"", "'shoe'"),
            ("id:4", "'id'"),
            ("\"mail:x", "quote"),
            ("(mail:x", "parenthesis"),
            ("mail:x)", "')'"),
            ("mail:x AND", "a text"),
            ("OR mail:x", "a text"),
            ("NOT", "a text"),
            (deep.as_str(), "32 levels"),
            (long.as_str(), "2048"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.starts_with("$search") && message.contains(named), "{text}: {message}");
        }
        let nothing = Properties { of: "a run", list: &PROPERTIES.list[..1] };
        assert!(search("x", &nothing).unwrap_err().message.contains("a run"));
    }
}
