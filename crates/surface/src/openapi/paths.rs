//! An operation as OpenAPI describes it.

use serde_json::{Map, Value, json};

use super::SOME_ID;
use super::schemas::{list, list_name, reference, used};
use crate::Surface;
use crate::model::Model;
use crate::operation::{Answer, Content, Fields, Operation, State};
use crate::version::Version;

/// Query options of a list, with what they take and an example.
const OPTIONS: [(&str, &str, &str); 8] = [
    ("$top", "integer", "25"),
    ("$skip", "integer", "0"),
    ("$count", "boolean", "true"),
    ("$filter", "string", ""),
    ("$orderby", "string", "id"),
    ("$select", "string", "id"),
    ("$expand", "string", ""),
    ("$search", "string", "\"displayName:a\""),
];

/// The whole operation.
pub(super) fn operation(surface: &Surface, area: &str, operation: &Operation, version: Version) -> Value {
    let mut described = json!({
        "operationId": id(operation),
        "summary": summary(operation),
        "tags": [area],
        "parameters": parameters(&surface.model, operation),
        "responses": responses(&surface.model, operation, version),
    });
    let refuses = (operation.state == State::Refuses).then(|| "Refused".to_owned());
    let said: Vec<String> = refuses.into_iter().chain(operation.note.map(str::to_owned)).collect();
    if !said.is_empty() {
        described["description"] = json!(format!("{}.", said.join(": ")));
    }
    if let Some(content) = &operation.request {
        described["requestBody"] = request(surface, operation, content, version);
    }
    if is_public(operation) {
        described["security"] = json!([]);
    }
    described
}

/// Whether it answers without a token.
fn is_public(operation: &Operation) -> bool {
    ["/", "/$metadata", "/openapi.json"].contains(&operation.written)
}

fn id(operation: &Operation) -> String {
    let path = operation.written.replace("ig.", "").replace(['@', '{', '}', '$'], "");
    let name: String =
        path.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    format!("{}_{}", operation.method.to_ascii_lowercase(), name.trim_matches('_'))
}

fn summary(operation: &Operation) -> String {
    let path = operation.written.replacen("@live", "workflows/{}", 1).replacen(
        "@deleted",
        "deleted workflows/{}",
        1,
    );
    let path = path.replacen("@lcw", "lifecycleWorkflows", 1).replace("ig.", "");
    let words: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let named: Vec<&str> = words.iter().filter(|word| !word.starts_with('{')).copied().collect();
    let last =
        named.last().map_or("service document", |last| last.split_once('(').map_or(last, |(name, _)| name));
    let before = named.len().checked_sub(2).and_then(|place| named.get(place)).copied().unwrap_or(last);
    let by_key = words.last().is_some_and(|word| word.starts_with('{'));
    match (operation.method, last) {
        ("GET", "$count") => format!("Count {before}"),
        ("GET", _) if matches!(&operation.answer, Answer::Typed(of) if of.many) => format!("List {last}"),
        ("GET", _) if by_key => format!("Get one of {last}"),
        ("GET", _) => format!("Get {last}"),
        ("POST", "$ref") => format!("Add to {before}"),
        ("PUT", _) => format!("Set {before}"),
        ("DELETE", "$ref") => format!("Remove from {before}"),
        ("POST", _) if operation.status == 201 => format!("Create one of {last}"),
        ("POST", _) => last.to_owned(),
        ("PATCH", _) => format!("Update {last}"),
        (_, _) => format!("Delete {last}"),
    }
}

fn parameters(model: &Model, operation: &Operation) -> Vec<Value> {
    let path = operation.path();
    let in_path = path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| {
        let (schema, example) = match name {
            "startDateTime" => {
                (json!({ "type": "string", "format": "date-time" }), json!("2026-03-01T00:00:00Z"))
            }
            "endDateTime" => {
                (json!({ "type": "string", "format": "date-time" }), json!("2026-03-31T00:00:00Z"))
            }
            _ if name.ends_with("versionNumber") => {
                (json!({ "type": "integer", "format": "int32" }), json!(1))
            }
            _ => (json!({ "type": "string", "minLength": 1 }), json!(SOME_ID)),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": example })
    });
    let options: &[&str] = match (&operation.answer, operation.method) {
        (Answer::Typed(of), "GET") if of.many && model.is_entity(of.name) && !path.ends_with(')') => {
            &["$top", "$skip", "$count", "$filter", "$orderby", "$select", "$expand", "$search"]
        }
        (Answer::Typed(of), "GET") if model.is_entity(of.name) && !path.ends_with(')') => {
            &["$select", "$expand"]
        }
        (Answer::Number, "GET") => &["$filter", "$search"],
        _ => &[],
    };
    let structure = match &operation.answer {
        Answer::Typed(of) => model.structure(of.name),
        _ => None,
    };
    let in_query = options.iter().map(|name| {
        let example = structure.and_then(|of| of.examples.iter().find(|(option, _)| name[1..] == **option));
        match example {
            Some((_, example)) => {
                json!({ "name": name, "in": "query", "schema": { "type": "string" }, "example": example })
            }
            None => json!({ "$ref": format!("#/components/parameters/{}", &name[1..]) }),
        }
    });
    in_path.chain(in_query).collect()
}

/// Query options that lists share, by name without `$`.
pub(super) fn shared_parameters() -> Value {
    let of = |(name, kind, example): (&str, &str, &str)| {
        let mut schema = json!({ "type": kind });
        if name == "$top" {
            schema["minimum"] = json!(1);
            schema["maximum"] = json!(999);
        } else if name == "$skip" {
            schema["minimum"] = json!(0);
        }
        let mut parameter = json!({ "name": name, "in": "query", "schema": schema });
        if let Ok(example) = serde_json::from_str::<Value>(example) {
            parameter["example"] = if kind == "string" { json!(example) } else { example };
        } else if !example.is_empty() {
            parameter["example"] = json!(example);
        }
        (name[1..].to_owned(), parameter)
    };
    Value::Object(OPTIONS.into_iter().map(of).collect::<Map<_, _>>())
}

fn request(surface: &Surface, operation: &Operation, content: &Content, version: Version) -> Value {
    if *content == Content::Form {
        return json!({ "required": true, "content": { "multipart/form-data": { "schema": {
            "type": "object", "required": ["map", "file"],
            "properties": { "map": { "type": "string" }, "file": { "type": "string", "format": "binary" } },
        } } } });
    }
    let schema = match content {
        Content::Object(of) => {
            let required = required(&surface.model, of.name, version);
            match operation.method {
                "POST" if !required.is_empty() => {
                    json!({ "allOf": [reference(of.name), { "required": required }] })
                }
                _ => reference(of.name),
            }
        }
        Content::Fields(fields) => parameters_of_action(&surface.model, fields, version),
        Content::Json | Content::Form => json!({ "type": "object" }),
    };
    let mut media = json!({ "schema": schema });
    let sample = |name: &str| if name == "unique" { "1".to_owned() } else { SOME_ID.to_owned() };
    if let Some(example) = surface.bodies.of(operation, &sample) {
        media["example"] = example;
    }
    json!({ "required": true, "content": { "application/json": media } })
}

fn required<'a>(model: &Model<'a>, name: &str, version: Version) -> Vec<&'a str> {
    let all = model.properties(name, version);
    all.into_iter().filter(|property| property.required).map(|property| property.name).collect()
}

fn parameters_of_action(model: &Model, fields: &Fields, version: Version) -> Value {
    let properties: Map<_, _> =
        fields.iter().map(|(name, of)| ((*name).to_owned(), used(model, *of, version))).collect();
    json!({ "type": "object", "properties": properties })
}

fn responses(model: &Model, operation: &Operation, version: Version) -> Value {
    let mut success = json!({ "description": "Done." });
    let content = match &operation.answer {
        Answer::Nothing => None,
        Answer::Typed(of) if of.many && model.is_entity(of.name) => Some((
            "application/json",
            json!({ "$ref": format!("#/components/schemas/{}", list_name(of.name)) }),
        )),
        Answer::Typed(of) if of.many => Some(("application/json", list(model, *of, version))),
        Answer::Typed(of) => Some(("application/json", reference(of.name))),
        Answer::Number => Some(("text/plain", json!({ "type": "integer", "format": "int32" }))),
        Answer::Json => Some(("application/json", json!({ "type": "object" }))),
        Answer::Xml => Some(("application/xml", json!({ "type": "string" }))),
    };
    if let Some((kind, schema)) = content {
        success["content"] = json!({ kind: { "schema": schema } });
    }
    let error = json!({ "$ref": "#/components/responses/error" });
    let mut responses = Map::new();
    responses.insert(operation.status.to_string(), success);
    responses.insert("4XX".to_owned(), error.clone());
    responses.insert("5XX".to_owned(), error);
    Value::Object(responses)
}
