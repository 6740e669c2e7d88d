//! A law of every list: what `$filter`, `$orderby`, `$select`, `$top`, `$skiptoken` and `$count` give is what the
//! whole list says, and each property offers the operators that are promised for it and no other.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::api::{Answer, Api, local};

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Holds {
    Id,
    Text,
    Truth,
    Number,
    Time,
    /// Members of an enumeration, in the order of their numbers.
    Member(&'static [&'static str]),
}

pub(crate) const EQUALITY: &[&str] = &["eq", "ne"];
pub(crate) const SIX: &[&str] = &["eq", "ne", "lt", "le", "gt", "ge"];
pub(crate) const STATUSES: Holds = Holds::Member(&[
    "queued",
    "inProgress",
    "completed",
    "completedWithErrors",
    "canceled",
    "failed",
    "unknownFutureValue",
    "canceling",
    "quarantined",
]);
pub(crate) const EXECUTION_TYPES: Holds =
    Holds::Member(&["scheduled", "onDemand", "unknownFutureValue", "activatedWithScope", "preview"]);

/// What is promised of a property.
pub(crate) struct Promise {
    pub(crate) name: &'static str,
    holds: Holds,
    filter: &'static [&'static str],
    order: bool,
}

/// A property that can be filtered with these operators, and ordered by.
pub(crate) const fn ordered(name: &'static str, holds: Holds, filter: &'static [&'static str]) -> Promise {
    Promise { name, holds, filter, order: true }
}

/// The same, but not ordered by.
pub(crate) const fn filtered(name: &'static str, holds: Holds, filter: &'static [&'static str]) -> Promise {
    Promise { name, holds, filter, order: false }
}

/// A property that can only be selected.
pub(crate) const fn shown(name: &'static str, holds: Holds) -> Promise {
    Promise { name, holds, filter: &[], order: false }
}

/// A list, and what all of it is.
struct List<'a> {
    api: &'a Api,
    path: &'a str,
    key: &'a str,
    rows: Vec<Json>,
}

/// Checks a list whose items are told apart by `key`.
pub(crate) fn check(api: &Api, path: &str, key: &str, promises: &[Promise]) {
    // Lists do not show everything by themselves.
    let mut names: Vec<&str> =
        promises.iter().map(|promise| promise.name.split('/').next().unwrap()).chain([key]).collect();
    names.sort_unstable();
    names.dedup();
    let rows = api.all(&format!("{path}?$select={}", names.join(",")));
    assert!(rows.len() > 1, "{path} has too few rows to tell: {rows:?}");
    let list = List { api, path, key, rows };
    let all: Vec<&Json> = list.rows.iter().collect();
    list.pages("", &all);
    for promise in promises {
        list.filters(promise);
        list.order(promise);
        list.select(promise);
    }
    list.refused("$filter=shoeSize eq 1", "shoeSize");
    list.refused("$orderby=shoeSize", "shoeSize");
    list.refused("$select=shoeSize", "shoeSize");
    list.refused("$expand=shoes", "shoes");
}

impl List<'_> {
    fn ask(&self, options: &str) -> Answer {
        let path = format!("{}?{}", self.path, options.replace('+', "%2B"));
        self.api.ask("GET", &path).header("prefer", "include-unknown-enum-members").send()
    }

    fn refused(&self, options: &str, named: &str) {
        self.ask(options).refused(400, named);
    }

    fn keys(&self, rows: &[&Json]) -> Vec<String> {
        rows.iter().map(|row| row[self.key].to_string()).collect()
    }

    /// Pages of every size give each row once, in order; the counts are the number of rows.
    fn pages(&self, options: &str, expected: &[&Json]) {
        for top in [1, 2, expected.len().max(1), 999] {
            let mut found = vec![];
            let mut next = Some(format!("{}?{options}&$top={top}", self.path));
            while let Some(path) = next {
                let page = self
                    .api
                    .ask("GET", &path)
                    .header("prefer", "include-unknown-enum-members")
                    .send()
                    .is(200);
                let items = page["value"].as_array().unwrap();
                assert!(items.len() <= top, "{path}");
                found.extend(items.iter().map(|item| item[self.key].to_string()));
                next = page["@odata.nextLink"].as_str().map(|link| local(link).to_owned());
                assert!(found.len() <= expected.len(), "{path} gives rows twice");
            }
            assert_eq!(found, self.keys(expected), "{}?{options}&$top={top}", self.path);
        }
        let counted = self.ask(&format!("{options}&$count=true&$top=1")).is(200);
        assert_eq!(counted["@odata.count"], expected.len(), "{}?{options}", self.path);
        let count = self.api.ask("GET", &format!("{}/$count?{options}", self.path));
        let count = count.header("prefer", "include-unknown-enum-members").send();
        assert!(count.header("content-type").starts_with("text/plain"));
        assert_eq!(count.is(200), expected.len().to_string(), "{}?{options}", self.path);
    }

    /// Every promised operator with every value there is gives what fits; the others are refused.
    fn filters(&self, promise: &Promise) {
        let values = self.values(promise);
        for operator in SIX {
            if !promise.filter.contains(operator) {
                self.refused(&format!("$filter={} {operator} null", promise.name), promise.name);
                continue;
            }
            for value in &values {
                let options =
                    format!("$filter={} {operator} {}", promise.name, literal(value, promise.holds));
                let fits = |row: &&Json| fits(value_of(row, promise.name), operator, value, promise.holds);
                let expected: Vec<&Json> = self.rows.iter().filter(fits).collect();
                let page = self.ask(&format!("{options}&$top=999")).is(200);
                let found: Vec<&Json> = page["value"].as_array().unwrap().iter().collect();
                assert_eq!(self.keys(&found), self.keys(&expected), "{}?{options}", self.path);
            }
        }
        if let ([value, ..], ["eq", "ne", ..]) = (values.as_slice(), promise.filter) {
            let written = literal(value, promise.holds);
            let equal = |row: &&Json| fits(value_of(row, promise.name), "eq", value, promise.holds);
            let unequal = |row: &&Json| !equal(row);
            let equal: Vec<&Json> = self.rows.iter().filter(equal).collect();
            let unequal: Vec<&Json> = self.rows.iter().filter(unequal).collect();
            let name = promise.name.to_uppercase();
            self.pages(&format!("$filter={name} in ({written})"), &equal);
            self.pages(&format!("%24filter=not ({name} eq {written})"), &unequal);
        }
        if promise.filter == EQUALITY && promise.holds == Holds::Text {
            self.functions(promise, &values);
        }
        let wrong = match promise.holds {
            Holds::Text | Holds::Id => "true",
            Holds::Number | Holds::Truth | Holds::Time | Holds::Member(_) => "'wrong'",
        };
        self.refused(&format!("$filter={} eq {wrong}", promise.name), promise.name);
    }

    fn functions(&self, promise: &Promise, values: &[Json]) {
        for text in values.iter().filter_map(Json::as_str).filter(|text| text.len() > 2) {
            let (start, end) = (text[..2].to_uppercase(), text[text.len() - 2..].to_uppercase());
            for (function, part) in [("startsWith", &start), ("endsWith", &end), ("contains", &end)] {
                let fits = |row: &&Json| {
                    let value = value_of(row, promise.name).as_str().map(str::to_lowercase);
                    let part = part.to_lowercase();
                    value.is_some_and(|value| match function {
                        "startsWith" => value.starts_with(&part),
                        "endsWith" => value.ends_with(&part),
                        _ => value.contains(&part),
                    })
                };
                let expected: Vec<&Json> = self.rows.iter().filter(fits).collect();
                let quoted = part.replace('\'', "''");
                let options = format!("$filter={function}({},'{quoted}')&$top=999", promise.name);
                let page = self.ask(&options).is(200);
                let found: Vec<&Json> = page["value"].as_array().unwrap().iter().collect();
                assert_eq!(self.keys(&found), self.keys(&expected), "{}?{options}", self.path);
            }
        }
    }

    /// Null and up to four values that occur.
    fn values(&self, promise: &Promise) -> Vec<Json> {
        let mut values: Vec<Json> = vec![];
        for row in &self.rows {
            let value = value_of(row, promise.name);
            if !value.is_null() && !values.contains(value) && values.len() < 4 {
                values.push(value.clone());
            }
        }
        values.push(Json::Null);
        values
    }

    /// Both ways, rows with equal values each once.
    fn order(&self, promise: &Promise) {
        if !promise.order {
            return self.refused(&format!("$orderby={}", promise.name), promise.name);
        }
        for (way, descending) in [("asc", false), ("desc", true)] {
            let options = format!("$orderby={} {way}", promise.name);
            let mut rows: Vec<Json> = vec![];
            let mut next = Some(format!("{}?{options}&$top=2", self.path));
            while let Some(path) = next {
                let page = self
                    .api
                    .ask("GET", &path)
                    .header("prefer", "include-unknown-enum-members")
                    .send()
                    .is(200);
                for item in page["value"].as_array().unwrap() {
                    let row = self.rows.iter().find(|row| row[self.key] == item[self.key]);
                    rows.push(row.unwrap().clone());
                }
                next = page["@odata.nextLink"].as_str().map(|link| local(link).to_owned());
                assert!(rows.len() <= self.rows.len(), "{path} gives rows twice");
            }
            let (mut found, mut expected) = (
                self.keys(&rows.iter().collect::<Vec<_>>()),
                self.keys(&self.rows.iter().collect::<Vec<_>>()),
            );
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{}?{options}", self.path);
            for pair in rows.windows(2) {
                let [a, b] = [0, 1].map(|place: usize| value_of(&pair[place], promise.name));
                let step = sorted(a, b, promise.holds);
                let step = if descending { step.reverse() } else { step };
                assert!(step.is_le(), "{}?{options}: {a} before {b}", self.path);
            }
        }
    }

    fn select(&self, promise: &Promise) {
        let top = promise.name.split('/').next().unwrap();
        let page = self.ask(&format!("$select={top}&$top=1")).is(200);
        let context = page["@odata.context"].as_str().unwrap();
        assert!(context.ends_with(&format!("({top})")), "{context}");
        let item = page["value"][0].as_object().unwrap();
        let names: Vec<&str> =
            item.keys().map(String::as_str).filter(|name| !name.starts_with('@')).collect();
        assert_eq!(names, [top], "{}?$select={top}", self.path);
    }
}

fn value_of<'a>(row: &'a Json, name: &str) -> &'a Json {
    name.split('/').fold(row, |value, name| &value[name])
}

fn literal(value: &Json, holds: Holds) -> String {
    match (value, holds) {
        (Json::String(text), Holds::Time) => text.clone(),
        // Directory filters do not tell upper from lower case.
        (Json::String(text), Holds::Text | Holds::Member(_)) => {
            format!("'{}'", text.to_uppercase().replace('\'', "''"))
        }
        (Json::String(text), _) => format!("'{text}'"),
        _ => value.to_string(),
    }
}

fn compared(a: &Json, b: &Json, holds: Holds) -> Ordering {
    let time = |value: &Json| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    let text = |value: &Json| value.as_str().unwrap().to_lowercase();
    match holds {
        Holds::Id | Holds::Text => text(a).cmp(&text(b)),
        Holds::Truth => a.as_bool().cmp(&b.as_bool()),
        Holds::Number => a.as_i64().cmp(&b.as_i64()),
        Holds::Time => time(a).cmp(&time(b)),
        Holds::Member(members) => {
            let place = |value: &Json| members.iter().position(|member| value == member).unwrap();
            place(a).cmp(&place(b))
        }
    }
}

/// No value comes before any.
fn sorted(a: &Json, b: &Json, holds: Holds) -> Ordering {
    match (a.is_null(), b.is_null()) {
        (false, false) => compared(a, b, holds),
        (a, b) => b.cmp(&a),
    }
}

/// The truth table of the expressions page.
fn fits(found: &Json, operator: &str, asked: &Json, holds: Holds) -> bool {
    if found.is_null() || asked.is_null() {
        let both = found.is_null() && asked.is_null();
        return match operator {
            "eq" => both,
            "ne" => !both,
            _ => false,
        };
    }
    let ordering = compared(found, asked, holds);
    match operator {
        "eq" => ordering.is_eq(),
        "ne" => ordering.is_ne(),
        "lt" => ordering.is_lt(),
        "le" => ordering.is_le(),
        "gt" => ordering.is_gt(),
        _ => ordering.is_ge(),
    }
}
