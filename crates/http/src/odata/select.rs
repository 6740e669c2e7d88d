//! `$select`.

use serde_json::{Map, Value};

use super::properties::Properties;
use crate::errors::GraphError;

/// The properties that an answer shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection(Option<Vec<String>>);

impl Selection {
    /// Reads `$select`; names get Graph's spelling, unknown ones are refused.
    pub(crate) fn parse(text: Option<&str>, properties: &Properties) -> Result<Self, GraphError> {
        let Some(text) = text else { return Ok(Self(None)) };
        let mut names: Vec<String> = vec![];
        for name in text.split(',').map(str::trim) {
            if name == "*" {
                for property in properties.list {
                    push(&mut names, property.name.split('/').next().unwrap_or_default());
                }
                continue;
            }
            let top = name.split('/').next().unwrap_or_default();
            let Some(known) = properties.top(top) else {
                let rule = format!("names '{name}', which is not a property of {}", properties.of);
                return Err(GraphError::option("$select", rule));
            };
            push(&mut names, known);
        }
        Ok(Self(Some(names)))
    }

    /// Whether a property is shown; `default` says so when nothing is selected.
    pub(crate) fn shows(&self, name: &str, default: bool) -> bool {
        self.0.as_ref().map_or(default, |names| names.iter().any(|known| known == name))
    }

    /// Whether anything is selected.
    pub(crate) fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// Takes away what is not selected. Annotations and what was expanded stay.
    pub(crate) fn apply(&self, item: &mut Map<String, Value>, expanded: &[&'static str]) {
        let Some(names) = &self.0 else { return };
        item.retain(|name, _| {
            let base = name.split('@').next().unwrap_or_default();
            base.is_empty() || names.iter().any(|known| known == base) || expanded.contains(&base)
        });
    }

    /// What `@odata.context` says of it: `(id,displayName)`.
    pub(crate) fn in_context(&self) -> String {
        self.0.as_ref().map_or_else(String::new, |names| format!("({})", names.join(",")))
    }
}

fn push(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|have| have == name) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::properties::Property;
    use super::*;

    const PROPERTIES: Properties = Properties {
        of: "a thing",
        list: &[Property::shown("id"), Property::shown("subject/id"), Property::shown("tasks")],
    };

    #[test]
    fn only_what_is_selected_stays() {
        let selection = Selection::parse(Some("ID, subject/id"), &PROPERTIES).unwrap();
        assert_eq!(selection.in_context(), "(id,subject)");
        let mut item = json!({"@odata.type": "x", "id": 1, "subject": {}, "tasks": [], "tasks@odata.context": "y", "task": 2});
        let item = item.as_object_mut().unwrap();
        selection.apply(item, &["task"]);
        assert_eq!(json!(item), json!({"@odata.type": "x", "id": 1, "subject": {}, "task": 2}));
        assert_eq!(Selection::parse(Some("*,id"), &PROPERTIES).unwrap().in_context(), "(id,subject,tasks)");
        assert!(Selection::parse(Some("shoe"), &PROPERTIES).unwrap_err().message.contains("'shoe'"));
    }
}
