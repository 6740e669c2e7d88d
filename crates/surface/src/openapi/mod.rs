//! `openapi.json`: OpenAPI 3.0 of what is served; operations that are to come are not in it.

mod paths;
mod schemas;

use serde_json::{Map, Value, json};

use crate::Surface;
use crate::operation::State;
use crate::version::Version;

/// An id for examples.
pub(crate) const SOME_ID: &str = "6f1c2f8e-4f8e-4b0a-9d5e-1f0a9c3b7d21";

/// The whole document.
pub(crate) fn document(surface: &Surface, version: Version) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut areas = vec![];
    for area in &surface.areas {
        let served = area.operations.iter().filter(|of| of.is_in(version) && of.state != State::ToCome);
        for operation in served {
            let path = paths.entry(operation.path()).or_insert_with(|| json!({}));
            path[operation.method.to_ascii_lowercase()] =
                paths::operation(surface, area.name, operation, version);
            if !areas.contains(&area.name) {
                areas.push(area.name);
            }
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Tenure",
            "version": version.to_string(),
            "description": "Lifecycle workflows, served as Microsoft Graph serves them. Path segments and property names are \
                read in any letter case; actions and functions answer by short and by qualified name.",
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "servers": [{ "url": format!("/{version}") }],
        "security": [{ "bearer": [] }],
        "tags": areas.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": {
                "type": "http", "scheme": "bearer",
                "description": "A token of Tenure's own, or one of the configured issuer.",
            } },
            "parameters": paths::shared_parameters(),
            "responses": { "error": {
                "description": "A refusal, in Graph's shape.",
                "headers": { "request-id": { "schema": { "type": "string" } } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/error" } } },
            } },
            "schemas": schemas::all(&surface.model, version),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value of `$ref` in a document.
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).filter(|text| text.starts_with('#')));
                map.values().for_each(|value| references(value, found));
            }
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_names_of_operations_are_unique() {
        let surface = Surface::embedded().unwrap();
        for version in Version::ALL {
            let document = document(&surface, version);
            let mut found = vec![];
            references(&document, &mut found);
            assert!(found.len() > 200, "{}", found.len());
            for reference in found {
                assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
            }
            let paths = document["paths"].as_object().unwrap().values();
            let mut ids: Vec<&str> = paths
                .flat_map(|path| path.as_object().unwrap().values())
                .map(|operation| operation["operationId"].as_str().unwrap())
                .collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all);
        }
    }

    #[test]
    fn a_path_declares_each_of_its_parameters() {
        let surface = Surface::embedded().unwrap();
        let document = document(&surface, Version::Beta);
        for (path, operations) in document["paths"].as_object().unwrap() {
            let named: Vec<&str> =
                path.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect();
            for operation in operations.as_object().unwrap().values() {
                let parameters = operation["parameters"].as_array().unwrap();
                let declared =
                    parameters.iter().filter(|of| of["in"] == "path").map(|of| of["name"].as_str().unwrap());
                assert_eq!(declared.collect::<Vec<_>>(), named, "{path}");
            }
        }
    }
}
