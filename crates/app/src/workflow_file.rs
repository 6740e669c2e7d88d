//! A workflow as a file, JSON or YAML, in the shape that `POST …/workflows` takes; with groups by name:
//! `{{group:All employees}}`.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow, bail};
use serde_json::Value as Json;
use tenure_lifecycle::ids::GroupId;
use tenure_lifecycle::workflow::NewWorkflow;

/// What a placeholder of a group begins with.
const GROUP: &str = "{{group:";

/// The document of a file. JSON is YAML too.
pub(crate) fn document(text: &str) -> anyhow::Result<Json> {
    serde_saphyr::from_str(text).map_err(|error| anyhow!("{error}"))
}

/// The names of the groups that a document names, each once.
pub(crate) fn group_names(document: &Json) -> Vec<String> {
    let mut names = Vec::new();
    each_text(document, &mut |text| {
        for rest in text.split(GROUP).skip(1) {
            if let Some((name, _)) = rest.split_once("}}")
                && !names.iter().any(|known: &String| known == name.trim())
            {
                names.push(name.trim().to_owned());
            }
        }
    });
    names
}

/// Reads a document; `groups` are those that it may name.
pub(crate) fn read(mut document: Json, groups: &HashMap<String, GroupId>) -> anyhow::Result<NewWorkflow> {
    put_ids(&mut document, groups)?;
    tenure_http::read_workflow(&document).map_err(|error| anyhow!("{error}"))
}

/// Reads a file; `groups` are those that it may name.
pub(crate) fn parse(text: &str, groups: &HashMap<String, GroupId>) -> anyhow::Result<NewWorkflow> {
    read(document(text)?, groups)
}

fn each_text(value: &Json, look: &mut dyn FnMut(&str)) {
    match value {
        Json::String(text) => look(text),
        Json::Array(items) => items.iter().for_each(|item| each_text(item, look)),
        Json::Object(properties) => properties.values().for_each(|value| each_text(value, look)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Replaces `{{group:NAME}}` in every text by the group's id; other placeholders are those of mails and stay.
fn put_ids(value: &mut Json, groups: &HashMap<String, GroupId>) -> anyhow::Result<()> {
    match value {
        Json::String(text) => {
            while let Some(start) = text.find(GROUP) {
                let Some(length) = text[start..].find("}}") else {
                    bail!("'{text}' has a placeholder without an end");
                };
                let name = text[start + GROUP.len()..start + length].trim();
                let id = groups.get(name).with_context(|| format!("there is no group '{name}'"))?;
                text.replace_range(start..start + length + 2, &id.to_string());
            }
            Ok(())
        }
        Json::Array(items) => items.iter_mut().try_for_each(|item| put_ids(item, groups)),
        Json::Object(properties) => properties.values_mut().try_for_each(|value| put_ids(value, groups)),
        Json::Null | Json::Bool(_) | Json::Number(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> HashMap<String, GroupId> {
        HashMap::from([("A".to_owned(), GroupId(uuid::Uuid::from_u128(10)))])
    }

    #[test]
    fn groups_are_named_by_name() {
        let mut value = serde_json::json!({ "a": ["{{group:A}},{{group: A }}", "{{userDisplayName}}"] });
        assert_eq!(group_names(&value), ["A"]);
        put_ids(&mut value, &groups()).unwrap();
        let id = uuid::Uuid::from_u128(10);
        assert_eq!(value, serde_json::json!({ "a": [format!("{id},{id}"), "{{userDisplayName}}"] }));
        let unknown = put_ids(&mut serde_json::json!("{{group:B}}"), &groups()).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no group 'B'");
        assert!(put_ids(&mut serde_json::json!("{{group:B"), &groups()).is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = parse("category: joiner\ndisplayName: x\nisEnabled: perhaps\n", &groups()).unwrap_err();
        assert!(error.to_string().contains("isEnabled"), "{error}");
        let file = r#"{"category": "joiner", "displayName": "x", "executionConditions": null, "tasks": [], "colour": 1}"#;
        let error = parse(file, &groups()).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
