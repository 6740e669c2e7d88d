//! Schemas of types, of lists of them and of errors.

use serde_json::{Map, Value, json};

use crate::model::{Model, Property, Shape, Structure, Type, TypeRef, qualified};
use crate::version::Version;

/// All schemas of a version, by name.
pub(super) fn all(model: &Model, version: Version) -> Value {
    let mut schemas = Map::new();
    for of in model.types(version) {
        schemas.insert(qualified(of.name), schema(model, of, version));
        if model.is_entity(of.name) {
            schemas.insert(
                list_name(of.name),
                list(model, TypeRef { name: of.name, many: true, nullable: false }, version),
            );
        }
    }
    schemas.insert("error".to_owned(), error());
    Value::Object(schemas)
}

/// Where the schema of a list of an entity is.
pub(super) fn list_name(name: &str) -> String {
    format!("{}CollectionResponse", qualified(name))
}

/// The schema of a list that is no list of entities.
pub(super) fn list(model: &Model, of: TypeRef, version: Version) -> Value {
    json!({ "type": "object", "required": ["value"], "properties": {
        "@odata.context": { "type": "string" },
        "@odata.count": { "type": "integer", "format": "int64" },
        "@odata.nextLink": { "type": "string" },
        "value": { "type": "array", "items": one(model, TypeRef { many: false, nullable: false, ..of }, version) },
    } })
}

/// The schema of a type where it is used.
pub(super) fn used(model: &Model, of: TypeRef, version: Version) -> Value {
    if of.many {
        return json!({ "type": "array", "items": one(model, TypeRef { many: false, nullable: false, ..of }, version) });
    }
    one(model, of, version)
}

fn one(model: &Model, of: TypeRef, version: Version) -> Value {
    let mut schema = match of.name {
        "String" => json!({ "type": "string" }),
        "Boolean" => json!({ "type": "boolean" }),
        "Int32" => json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX }),
        "Int64" => json!({ "type": "integer", "format": "int64" }),
        "DateTimeOffset" => json!({ "type": "string", "format": "date-time" }),
        "Duration" => json!({ "type": "string", "format": "duration" }),
        "Guid" => json!({ "type": "string", "format": "uuid" }),
        name => return named(model, name, of.nullable, version),
    };
    if of.nullable {
        schema["nullable"] = json!(true);
    }
    schema
}

/// A complex type that has derived ones is one of them; entities are always spoken of by their own name.
fn named(model: &Model, name: &str, nullable: bool, version: Version) -> Value {
    let kinds = if model.is_entity(name) { vec![] } else { model.concrete(name, version) };
    let own = [name];
    let kinds = if kinds.is_empty() { &own } else { kinds.as_slice() };
    let mut choices: Vec<Value> = kinds.iter().map(|name| reference(name)).collect();
    match choices.as_mut_slice() {
        [only] if !nullable => only.take(),
        _ => {
            if nullable {
                choices.push(json!({ "type": "object", "nullable": true, "maxProperties": 0 }));
            }
            json!({ "anyOf": choices })
        }
    }
}

/// A reference to the schema of a type.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", qualified(name)) })
}

fn schema(model: &Model, of: &Type, version: Version) -> Value {
    let mut schema = match &of.shape {
        Shape::Enumeration { flags: true, .. } => json!({ "type": "string" }),
        Shape::Enumeration { members, .. } => {
            let members =
                members.iter().filter(|member| version.has(member.beta_only)).map(|member| member.name);
            json!({ "type": "string", "enum": members.collect::<Vec<_>>() })
        }
        Shape::Structure(structure) => structured(model, of.name, structure, version),
    };
    schema["title"] = json!(of.name.trim_start_matches("ig."));
    if let Some(about) = of.about {
        schema["description"] = json!(about);
    }
    schema
}

fn structured(model: &Model, name: &str, structure: &Structure, version: Version) -> Value {
    let mut properties = Map::new();
    let mut required = vec![];
    // Who sends one of several kinds has to say which.
    if !structure.entity && structure.base.is_some() {
        properties.insert(
            "@odata.type".to_owned(),
            json!({ "type": "string", "enum": [format!("#{}", qualified(name))] }),
        );
        required.push("@odata.type");
    }
    for property in structure.properties.iter().filter(|property| version.has(property.beta_only)) {
        properties.insert(property.name.to_owned(), described(model, structure.entity, property, version));
    }
    let mut own = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        own["required"] = json!(required);
    }
    match structure.base {
        Some(base) => json!({ "allOf": [reference(base), own] }),
        None => own,
    }
}

fn described(model: &Model, of_entity: bool, property: &Property, version: Version) -> Value {
    let navigation = of_entity && model.is_entity(property.of.name);
    let read_only = property.read_only && !property.key || navigation && !property.writable;
    let schema = used(model, property.of, version);
    if !read_only && property.about.is_none() {
        return schema;
    }
    // Beside a reference nothing else counts.
    let mut schema = if schema.get("$ref").is_some() { json!({ "allOf": [schema] }) } else { schema };
    if read_only {
        schema["readOnly"] = json!(true);
    }
    if let Some(about) = property.about {
        schema["description"] = json!(about);
    }
    schema
}

fn error() -> Value {
    let text = json!({ "type": "string" });
    json!({ "type": "object", "required": ["error"], "properties": { "error": {
        "type": "object", "required": ["code", "message", "innerError"], "properties": {
            "code": text, "message": text,
            "target": { "type": "string", "description": "The property or option that it is about." },
            "innerError": { "type": "object", "required": ["date", "request-id", "client-request-id"], "properties": {
                "date": text, "request-id": text, "client-request-id": text,
            } },
        },
    } } })
}
