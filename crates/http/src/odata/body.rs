//! A JSON body, read property by property; names in any letter case, errors with the property's path.

use std::cell::RefCell;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use tenure_lifecycle::clock::whole_millis;
use tenure_lifecycle::expression::parse_time;

use crate::errors::GraphError;

/// Members and elements that a body may have.
const VALUES: usize = 1_000_000;

/// Reads a body as JSON; nesting is bounded by the parser.
pub(crate) fn read_json(headers: &HeaderMap, body: &[u8]) -> Result<Value, GraphError> {
    let content_type = headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes().to_ascii_lowercase());
    let is_json = content_type.is_none_or(|value| {
        let kind: &[u8] = value.split(|byte| *byte == b';').next().unwrap_or_default();
        kind.trim_ascii() == b"application/json"
    });
    if !is_json {
        return Err(GraphError::unsupported_media_type("application/json"));
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.trim_ascii().is_empty() {
        return Err(GraphError::bad_request("A JSON body is needed."));
    }
    // A value takes far more memory than the two bytes that it may take in the body.
    if body.len() > VALUES && body.iter().filter(|byte| b",:[{".contains(byte)).count() > VALUES {
        return Err(GraphError::too_many_values(VALUES));
    }
    serde_json::from_slice::<Once>(body)
        .map(|Once(value)| value)
        .map_err(|error| GraphError::bad_request(format!("The request body is not valid JSON: {error}.")))
}

/// A JSON value in which no object has a member twice: whoever reads it elsewhere may have seen the other one.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Once(value))) = members.next_entry::<String, Once>()? {
            if map.contains_key(&name) {
                let shown: String = name.chars().take(100).collect();
                return Err(serde::de::Error::custom(format_args!("property '{shown}' is given twice")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

/// The object that a link names: `{"@odata.id": ".../users/{id}"}` or `{"id": "{id}"}`.
pub(crate) fn reference(object: &Object<'_>) -> Result<String, GraphError> {
    if let Some(link) = object.annotation("@odata.id") {
        return link_target(link)
            .ok_or_else(|| GraphError::invalid(object.property("@odata.id"), "must end in an id"));
    }
    match object.text("id")? {
        Some(id) => Ok(id.to_owned()),
        None => Err(GraphError::invalid(object.property("id"), "or @odata.id is required")),
    }
}

/// The id at the end of a link such as `https://host/v1.0/users/{id}` or `users('{id}')`.
pub(crate) fn link_target(link: &str) -> Option<String> {
    let last = link.trim().trim_end_matches('/').rsplit('/').next()?;
    let last = percent_decode_str(last).decode_utf8().ok()?.into_owned();
    let key = last
        .strip_suffix(')')
        .and_then(|last| last.split_once('('))
        .map(|(_, key)| key.trim_matches('\'').to_owned());
    Some(key.unwrap_or(last)).filter(|id| !id.is_empty())
}

/// A value that may be absent, or null (`Some(None)`).
pub(crate) type Nullable<T> = Option<Option<T>>;

/// An object of a body. What is read is known; [`Object::finish`] refuses the rest.
pub(crate) struct Object<'a> {
    path: String,
    map: &'a Map<String, Value>,
    known: RefCell<Vec<&'a str>>,
}

impl<'a> Object<'a> {
    /// The body as a whole, which must be an object.
    pub(crate) fn root(value: &'a Value) -> Result<Self, GraphError> {
        match value {
            Value::Object(map) => Self::new(String::new(), map),
            _ => Err(GraphError::bad_request("The request body must be a JSON object.")),
        }
    }

    fn new(path: String, map: &'a Map<String, Value>) -> Result<Self, GraphError> {
        let mut names: Vec<String> = map.keys().map(|name| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows().find(|[a, b]| a == b) {
            return Err(GraphError::invalid(format!("{path}{name}"), "is given twice"));
        }
        Ok(Self { path, map, known: RefCell::default() })
    }

    /// The path of one of its properties.
    pub(crate) fn property(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    /// An error about one of its properties.
    pub(crate) fn invalid(&self, name: &str, rule: impl std::fmt::Display) -> GraphError {
        GraphError::invalid(self.property(name), rule)
    }

    /// A value as it came; null is a value.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        let (found, value) = self.map.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        self.known.borrow_mut().push(found);
        Some(value)
    }

    /// Whether there is such a property.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.keys().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The text of an annotation such as `@odata.type`.
    pub(crate) fn annotation(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str()
    }

    /// What `@odata.type` names, without `#` and namespace; empty without one.
    pub(crate) fn kind(&self) -> &'a str {
        let kind = self.annotation("@odata.type").unwrap_or_default();
        kind.rsplit('.').next().unwrap_or_default().trim_start_matches('#')
    }

    fn typed<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => {
                read(value).map(Some).ok_or_else(|| self.invalid(name, format!("must be {expected}")))
            }
        }
    }

    /// The same where null has a meaning: `Some(None)`.
    fn nullable<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Nullable<T>, GraphError> {
        self.typed(name, expected, |value| if value.is_null() { Some(None) } else { read(value).map(Some) })
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, GraphError> {
        self.typed(name, "a string", Value::as_str)
    }

    /// A text that has to be there.
    pub(crate) fn required_text(&self, name: &str) -> Result<&'a str, GraphError> {
        self.text(name)?.ok_or_else(|| self.invalid(name, "is required"))
    }

    /// A text or null.
    pub(crate) fn nullable_text(&self, name: &str) -> Result<Nullable<&'a str>, GraphError> {
        self.nullable(name, "a string or null", Value::as_str)
    }

    /// True or false.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, GraphError> {
        self.typed(name, "true or false", Value::as_bool)
    }

    /// A whole number of 32 bits.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i32>, GraphError> {
        self.typed(name, "a whole number of 32 bits", |value| i32::try_from(value.as_i64()?).ok())
    }

    /// A whole number of 32 bits, or null.
    pub(crate) fn nullable_integer(&self, name: &str) -> Result<Nullable<i32>, GraphError> {
        self.nullable(name, "a whole number of 32 bits or null", |value| i32::try_from(value.as_i64()?).ok())
    }

    /// A moment.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, GraphError> {
        self.typed(name, "a date-time such as 2026-03-01T08:00:00Z", moment)
    }

    /// A moment or null.
    pub(crate) fn nullable_time(&self, name: &str) -> Result<Nullable<Timestamp>, GraphError> {
        self.nullable(name, "a date-time such as 2026-03-01T08:00:00Z, or null", moment)
    }

    /// A member of an enumeration, in any letter case; `parse` reads it, `members` are named in the error.
    pub(crate) fn member<T>(
        &self,
        name: &str,
        members: &[&str],
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, GraphError> {
        let expected = format!("one of {}", members.join(", "));
        self.typed(name, &expected, |value| parse(value.as_str()?.trim()))
    }

    /// An id.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, GraphError> {
        self.typed(name, "an id such as 5f0c1d7e-2a44-4b5e-9a0d-6c3b1e9f7a10", |value| {
            value.as_str()?.parse().ok()
        })
    }

    /// An object inside; null counts as absent.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, GraphError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(map)) => Self::new(format!("{}{name}/", self.path), map).map(Some),
            Some(_) => Err(self.invalid(name, "must be an object")),
        }
    }

    /// The objects of a list.
    pub(crate) fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, GraphError> {
        let Some(items) = self.typed(name, "a list of objects", Value::as_array)? else { return Ok(None) };
        let mut objects = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            let at = format!("{}{name}/{place}", self.path);
            match item {
                Value::Object(map) => objects.push(Self::new(format!("{at}/"), map)?),
                _ => return Err(GraphError::invalid(at, "must be an object")),
            }
        }
        Ok(Some(objects))
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&'a str>>, GraphError> {
        self.typed(name, "a list of strings", |value| value.as_array()?.iter().map(Value::as_str).collect())
    }

    /// Refuses a property that says anything: only null and an empty list do not.
    pub(crate) fn only_nothing(&self, name: &str, why: &str) -> Result<(), GraphError> {
        let nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        match self.value(name) {
            Some(value) if !nothing(value) => {
                Err(self.invalid(name, format!("must be null or empty: {why}")))
            }
            _ => Ok(()),
        }
    }

    /// Properties that clients echo and Graph ignores.
    pub(crate) fn ignore(&self, names: &[&str]) {
        for name in names {
            self.value(name);
        }
    }

    /// Refuses properties that nobody has read; annotations and the Python SDK's `additionalData` are let be.
    pub(crate) fn finish(&self) -> Result<(), GraphError> {
        let known = self.known.borrow();
        let unknown = self.map.keys().find(|name| {
            // Annotations of whatever vocabulary; whose we know are asked for by name.
            let annotation = name.contains("@odata.") || name.starts_with('@');
            let harmless = annotation && !name.ends_with("@odata.bind") && !name.starts_with("@tenure.");
            !known.contains(&name.as_str()) && !harmless && !name.eq_ignore_ascii_case("additionalData")
        });
        match unknown {
            None => Ok(()),
            Some(name) => Err(self.invalid(name, "is not known here")),
        }
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    parse_time(value.as_str()?).map(whole_millis)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn headers(content_type: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        headers
    }

    #[test]
    fn only_json_is_read() {
        let status =
            |kind: &str, body: &[u8]| read_json(&headers(kind), body).map_err(|error| error.status.as_u16());
        assert_eq!(status("application/json; charset=utf-8", b"{}"), Ok(json!({})));
        assert_eq!(status("application/json", b"\xef\xbb\xbf{}"), Ok(json!({})));
        assert_eq!(status("text/xml", b"{}"), Err(415));
        assert_eq!(status("application/json", b""), Err(400));
        assert_eq!(status("application/json", b"{\"a\":"), Err(400));
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(status("application/json", deep.as_bytes()), Err(400));
        let wide = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
        assert!(status("application/json", wide(VALUES).as_bytes()).is_ok());
        assert_eq!(status("application/json", wide(VALUES + 2).as_bytes()), Err(413));
    }

    #[test]
    fn names_are_read_in_any_letter_case_and_unknown_ones_refused() {
        let body = json!({"DISPLAYNAME": "x", "@odata.type": "#microsoft.graph.identityGovernance.workflow", "id": 1,
            "manager@odata.context": "", "additionalData": {}, "@microsoft.graph.tips": "Use $select."});
        let object = Object::root(&body).unwrap();
        assert_eq!(object.required_text("displayName").unwrap(), "x");
        assert_eq!(object.kind(), "workflow");
        assert_eq!(object.finish().unwrap_err().message, "Property 'id' is not known here.");
        object.ignore(&["id"]);
        object.finish().unwrap();
        for unknown in ["@tenure.protected", "members@odata.bind"] {
            let body = json!({ unknown: [] });
            assert!(Object::root(&body).unwrap().finish().unwrap_err().message.contains(unknown));
        }
    }

    #[test]
    fn errors_name_the_path_and_the_rule() {
        let body = json!({"tasks": [{"displayName": 5, "category": "joinerr", "at": "soon", "n": 3_000_000_000_i64}], "x": [1]});
        let object = Object::root(&body).unwrap();
        let tasks = object.objects("tasks").unwrap().unwrap();
        let said = |error: GraphError| error.message;
        assert_eq!(
            said(tasks[0].text("displayName").unwrap_err()),
            "Property 'tasks/0/displayName' must be a string."
        );
        assert_eq!(
            said(tasks[0].member("category", &["joiner", "leaver"], |_| None::<()>).unwrap_err()),
            "Property 'tasks/0/category' must be one of joiner, leaver."
        );
        assert!(said(tasks[0].time("at").unwrap_err()).contains("'tasks/0/at' must be a date-time"));
        assert!(said(tasks[0].integer("n").unwrap_err()).contains("'tasks/0/n'"));
        assert!(said(tasks[0].required_text("id").unwrap_err()).contains("'tasks/0/id' is required"));
        assert!(object.objects("x").is_err_and(|error| error.message.contains("'x/0'")));
        assert!(Object::root(&json!({"a": 1, "A": 2})).is_err());
        assert!(Object::root(&json!([])).is_err());
    }

    #[test]
    fn null_is_told_from_absent() {
        let body = json!({"description": null, "completedDateTime": null});
        let object = Object::root(&body).unwrap();
        assert_eq!(object.nullable_text("description").unwrap(), Some(None));
        assert_eq!(object.nullable_time("completedDateTime").unwrap(), Some(None));
        assert_eq!(object.nullable_text("other").unwrap(), None);
        assert!(object.text("description").is_err());
    }

    #[test]
    fn links_name_an_id_in_several_ways() {
        for (body, expected) in [
            (json!({"@odata.id": "https://h/v1.0/users/abc"}), Some("abc")),
            (json!({"@odata.id": "https://h/v1.0/users('a%40b')/"}), Some("a@b")),
            (json!({"id": "abc"}), Some("abc")),
            (json!({}), None),
            (json!({"@odata.id": ""}), None),
            (json!({"id": 5}), None),
        ] {
            assert_eq!(reference(&Object::root(&body).unwrap()).ok().as_deref(), expected, "{body}");
        }
    }
}
