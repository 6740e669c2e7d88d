//! What a condition and an order mean, decided on JSON.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

/// A condition, as it is sent and as it is decided here.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Compare(&'static str, &'static str, Json),
    In(&'static str, Vec<Json>),
    Text(&'static str, &'static str, String),
    /// Collection, whether all have to fit, operator or function, value.
    Lambda(&'static str, bool, &'static str, String),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

fn literal(name: &str, value: &Json) -> String {
    match value {
        Json::String(text) if name.ends_with("DateTime") || name.ends_with("Date") => text.clone(),
        Json::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    }
}

impl Condition {
    /// As it stands in `$filter`.
    pub(super) fn text(&self) -> String {
        let joined = |parts: &[Self], word: &str| {
            parts.iter().map(|part| format!("({})", part.text())).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Compare(name, operator, value) => format!("{name} {operator} {}", literal(name, value)),
            Self::In(name, values) => {
                let values: Vec<_> = values.iter().map(|value| literal(name, value)).collect();
                format!("{name} in ({})", values.join(","))
            }
            Self::Text(name, function, text) => format!("{function}({name},'{}')", text.replace('\'', "''")),
            Self::Lambda(name, all, operator, text) => {
                let (lambda, text) = (if *all { "all" } else { "any" }, text.replace('\'', "''"));
                match *operator {
                    "eq" | "ne" => format!("{name}/{lambda}(x:x {operator} '{text}')"),
                    function => format!("{name}/{lambda}(x:{function}(x,'{text}'))"),
                }
            }
            Self::Not(part) => format!("not ({})", part.text()),
            Self::And(parts) => joined(parts, " and "),
            Self::Or(parts) => joined(parts, " or "),
        }
    }

    /// Whether a row fits.
    pub(super) fn holds(&self, row: &Json) -> bool {
        match self {
            Self::Compare(name, operator, value) => compare(at(row, name), operator, value),
            Self::In(name, values) => values.iter().any(|value| compare(at(row, name), "eq", value)),
            Self::Text(name, function, text) => at(row, name).as_str().is_some_and(|found| {
                let (found, text) = (found.to_lowercase(), text.to_lowercase());
                match *function {
                    "startsWith" => found.starts_with(&text),
                    "endsWith" => found.ends_with(&text),
                    _ => found.contains(&text),
                }
            }),
            Self::Lambda(name, all, operator, text) => {
                let empty = vec![];
                let mut elements = at(row, name).as_array().unwrap_or(&empty).iter();
                let fits = |element: &Json| match *operator {
                    "eq" | "ne" => compare(element, operator, &json!(text)),
                    function => Self::Text("", function, text.clone()).holds(element),
                };
                if *all { elements.all(fits) } else { elements.any(fits) }
            }
            Self::Not(part) => !part.holds(row),
            Self::And(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(row)),
        }
    }
}

pub(super) fn at<'a>(row: &'a Json, name: &str) -> &'a Json {
    name.split('/').filter(|name| !name.is_empty()).fold(row, |value, name| &value[name])
}

pub(super) fn order(a: &Json, b: &Json) -> Ordering {
    match (a, b) {
        (Json::String(a), Json::String(b)) => {
            match (a.parse::<jiff::Timestamp>(), b.parse::<jiff::Timestamp>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => a.to_lowercase().cmp(&b.to_lowercase()),
            }
        }
        (Json::Number(a), Json::Number(b)) => a.as_i64().cmp(&b.as_i64()),
        (Json::Bool(a), Json::Bool(b)) => a.cmp(b),
        (a, b) => b.is_null().cmp(&a.is_null()),
    }
}

fn compare(found: &Json, operator: &str, value: &Json) -> bool {
    let known = !found.is_null() && !value.is_null();
    let step = order(found, value);
    match operator {
        "eq" => step.is_eq(),
        "ne" => step.is_ne(),
        "gt" => known && step.is_gt(),
        "ge" => known && step.is_ge(),
        "lt" => known && step.is_lt(),
        _ => known && step.is_le(),
    }
}
