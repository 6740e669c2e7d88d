//! Examples of request bodies: what `openapi.json` shows and what the walk sends.
//!
//! A key of `bodies.json` is a method and the end of a path, without `ig.`; the longest that fits is taken. `{user-id}` and
//! the like inside a text stand for what the reader has to put there, `{unique}` for something that nobody else uses.

use serde_json::{Map, Value};

use crate::Fault;
use crate::operation::Operation;

/// Examples of request bodies.
#[derive(Debug)]
pub struct Bodies(Map<String, Value>);

impl Bodies {
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        let fault = |line, reason: String| Fault { file: "bodies.json", line, reason };
        serde_json::from_str(text).map(Self).map_err(|error| fault(error.line(), error.to_string()))
    }

    /// The example for an operation, with every `{name}` in its texts replaced.
    pub fn of(&self, operation: &Operation, replace: &dyn Fn(&str) -> String) -> Option<Value> {
        let path = operation.path().replace("microsoft.graph.identityGovernance.", "");
        let fits = |key: &&String| {
            let (method, end) = key.split_once(' ').unwrap_or_default();
            method == operation.method && path.strip_suffix(end).is_some_and(|rest| rest.ends_with('/'))
        };
        let key = self.0.keys().filter(fits).max_by_key(|key| key.len())?;
        self.0.get(key).map(|body| replaced(body, replace))
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

fn replaced(value: &Value, replace: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(replaced_text(text, replace)),
        Value::Array(items) => items.iter().map(|item| replaced(item, replace)).collect(),
        Value::Object(map) => {
            map.iter().map(|(name, value)| (name.clone(), replaced(value, replace))).collect()
        }
        other => other.clone(),
    }
}

fn replaced_text(text: &str, replace: &dyn Fn(&str) -> String) -> String {
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    let Some((name, after)) = rest.split_once('}') else { return text.to_owned() };
    format!("{before}{}{}", replace(name), replaced_text(after, replace))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Surface;
    use crate::operation::operations;

    fn find<'a>(surface: &'a Surface, method: &str, written: &str) -> &'a Operation<'static> {
        let mut all = surface.areas.iter().flat_map(|area| &area.operations);
        all.find(|operation| operation.method == method && operation.written == written).unwrap()
    }

    #[test]
    fn the_longest_end_that_fits_is_taken_and_names_are_replaced() {
        let surface = Surface::embedded().unwrap();
        let of = |method, written| {
            surface.bodies.of(find(&surface, method, written), &|name| format!("<{name}>")).unwrap()
        };
        assert_eq!(of("POST", "@live/ig.activate"), json!({ "subjects": [{ "id": "<user-id>" }] }));
        assert_eq!(of("PUT", "/users/{user-id}/manager/$ref"), json!({ "@odata.id": "users/<user-id>" }));
    }

    #[test]
    fn every_example_belongs_to_an_operation() {
        let surface = Surface::embedded().unwrap();
        let all: Vec<_> = surface.areas.iter().flat_map(|area| &area.operations).collect();
        for key in surface.bodies.keys() {
            let (method, end) = key.split_once(' ').unwrap();
            let fits = |operation: &&&Operation| {
                let path = operation.path().replace("microsoft.graph.identityGovernance.", "");
                operation.method == method && path.ends_with(&format!("/{end}"))
            };
            assert!(all.iter().any(|operation| fits(&operation)), "{key}");
        }
    }

    #[test]
    fn every_operation_that_takes_a_body_has_an_example() {
        for area in operations(crate::OPERATIONS).unwrap() {
            for operation in area.operations.iter().filter(|operation| operation.request.is_some()) {
                let surface = Surface::embedded().unwrap();
                let upload = operation.request == Some(crate::Content::Form);
                let there = surface.bodies.of(operation, &str::to_owned).is_some();
                assert!(there || upload, "{} {}", operation.method, operation.written);
            }
        }
    }
}
