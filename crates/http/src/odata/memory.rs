//! Small lists that are at hand as a whole: filtered, searched, ordered and paged here.

use std::cmp::Ordering;

use serde_json::Value as Json;
use tenure_lifecycle::expression::{Case, Expression, Record, Value, evaluate, fold, parse_time};
use tenure_lifecycle::ports::{Order, Query};

use super::answer::{Item, List, list};
use super::options::Options;
use super::properties::{Kind, Properties};
use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Answers a list from all of its items, in which nothing can be expanded; `key` names the property that tells them
/// apart.
pub(crate) fn memory_list(
    request: &Request,
    properties: &Properties,
    context: &str,
    items: Vec<Item>,
    key: &str,
) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let page = memory_page(request, properties, items, key)?;
    list(request, properties, context, page)
}

/// The page of a list that is asked for, from all of its items.
pub(crate) fn memory_page(
    request: &Request,
    properties: &Properties,
    items: Vec<Item>,
    key: &str,
) -> Result<List, GraphError> {
    page(&request.options, properties, &request.context_path, items, key)
}

/// Answers `/$count` from all items.
pub(crate) fn memory_count(
    request: &Request,
    properties: &Properties,
    items: Vec<Item>,
) -> Result<Response, GraphError> {
    let query = request.options.parts(properties, &request.context_path)?;
    Ok(super::answer::count(fitting(items, &query).len() as i64))
}

fn page(
    options: &Options,
    properties: &Properties,
    list: &str,
    items: Vec<Item>,
    key: &str,
) -> Result<List, GraphError> {
    let query = options.parts(properties, list)?;
    let items = arranged(properties, items, &query);
    let count = if options.count()? { Some(items.len() as i64) } else { None };
    let start = match &query.after {
        None => options.skip()?,
        Some(mark) => behind(mark, &items, key)?,
    };
    let end = start.saturating_add(query.limit);
    let next = items
        .get(end.wrapping_sub(1))
        .filter(|_| end < items.len())
        .map(|last| format!("{end} {}", text(last, key)));
    let items = items.into_iter().skip(start).take(query.limit).collect();
    Ok(List { items, next, count, expanded: vec![] })
}

/// Those that fit, in order.
fn arranged(properties: &Properties, items: Vec<Item>, query: &Query) -> Vec<Item> {
    let mut items = fitting(items, query);
    // The sort is stable: equal ones stay in the list's own order.
    items.sort_by(|a, b| order(a, b, &query.order, properties));
    items
}

/// What the options inside an expansion ask of its items; without `$top` it is all that fit.
pub(super) fn inside(
    options: &Options,
    properties: &Properties,
    items: Vec<Item>,
    meant: impl Fn(Expression) -> Expression,
) -> Result<List, GraphError> {
    let mut query = options.parts(properties, "")?;
    query.filter = query.filter.map(meant);
    let items = arranged(properties, items, &query);
    let count = if options.count()? { Some(items.len() as i64) } else { None };
    let top = if options.get("top").is_some() { query.limit } else { usize::MAX };
    let items = items.into_iter().skip(options.skip()?).take(top).collect();
    Ok(List { items, count, ..List::default() })
}

/// Where a list goes on behind a mark: behind the item it names or, if that is gone, at the same place.
fn behind(mark: &str, items: &[Item], key: &str) -> Result<usize, GraphError> {
    let place = mark.split_once(' ').and_then(|(place, last)| Some((place.parse::<usize>().ok()?, last)));
    let (place, last) =
        place.ok_or_else(|| GraphError::option("$skiptoken", "does not belong to this list"))?;
    Ok(items
        .iter()
        .position(|item| text(item, key) == last)
        .map_or(place.saturating_sub(1), |place| place + 1))
}

fn text(item: &Item, key: &str) -> String {
    match item.get(key) {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn fitting(items: Vec<Item>, query: &Query) -> Vec<Item> {
    let Some(filter) = &query.filter else { return items };
    items.into_iter().filter(|item| evaluate(filter, &ItemRecord(item), Case::Insensitive)).collect()
}

struct ItemRecord<'a>(&'a Item);

impl Record for ItemRecord<'_> {
    fn value(&self, path: &[String]) -> Option<Value<'_>> {
        let (first, rest) = path.split_first()?;
        let mut value = self.0.get(first)?;
        for name in rest {
            value = value.get(name)?;
        }
        Some(Value::from_json(value))
    }
}

fn order(a: &Item, b: &Item, terms: &[Order], properties: &Properties) -> Ordering {
    for term in terms {
        let path: Vec<&str> = term.property.split('/').collect();
        let kind = properties.find(&term.property).map_or(Kind::Other, |property| property.kind);
        let ordering = compare(at(a, &path), at(b, &path), kind);
        if ordering != Ordering::Equal {
            return if term.descending { ordering.reverse() } else { ordering };
        }
    }
    Ordering::Equal
}

fn at<'a>(item: &'a Item, path: &[&str]) -> Option<&'a Json> {
    let (first, rest) = path.split_first()?;
    let value = rest.iter().try_fold(item.get(*first)?, |value, name| value.get(name))?;
    (!value.is_null()).then_some(value)
}

/// No value comes before any.
fn compare(a: Option<&Json>, b: Option<&Json>, kind: Kind) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    match (a, b) {
        (Json::Bool(a), Json::Bool(b)) => a.cmp(b),
        (Json::Number(a), Json::Number(b)) => a.as_i64().cmp(&b.as_i64()),
        (Json::String(a), Json::String(b)) if kind == Kind::DateTime => parse_time(a).cmp(&parse_time(b)),
        (Json::String(a), Json::String(b)) => fold(a).cmp(&fold(b)),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use serde_json::json;

    use super::super::properties::{Property, operators};
    use super::*;

    const PROPERTIES: Properties = Properties {
        of: "a thing",
        list: &[
            Property::ordered("id", Kind::Id, operators::EQUALITY),
            Property::ordered("displayName", Kind::Text, operators::TEXT),
            Property::ordered("at", Kind::DateTime, operators::ORDER),
        ],
    };

    fn items() -> Vec<Item> {
        let item = |id: i64, name: &str, at: &str| {
            let item = json!({"id": id, "displayName": name, "at": if at.is_empty() { json!(null) } else { json!(at) }});
            item.as_object().unwrap().clone()
        };
        vec![
            item(1, "beta", "2026-01-01T00:00:00.500Z"),
            item(2, "Alpha", "2026-01-01T00:00:00Z"),
            item(3, "gamma", ""),
        ]
    }

    fn ask(query: &str, items: Vec<Item>) -> (Vec<i64>, Option<String>, Option<i64>) {
        let options = Options::parse(query, &HeaderMap::new()).unwrap();
        let page = page(&options, &PROPERTIES, "things", items, "id").unwrap();
        let ids = page.items.iter().map(|item| item["id"].as_i64().unwrap()).collect();
        let next = page.next.map(|mark| options.next(&PROPERTIES, "things", &mark).unwrap());
        (ids, next, page.count)
    }

    #[test]
    fn items_are_filtered_searched_and_ordered() {
        assert_eq!(ask("", items()).0, [1, 2, 3]);
        assert_eq!(ask("$filter=displayName eq 'ALPHA'", items()).0, [2]);
        assert_eq!(ask("$search=\"displayName:AM\"", items()).0, [3]);
        assert_eq!(ask("$orderby=displayName", items()).0, [2, 1, 3]);
        assert_eq!(ask("$orderby=at", items()).0, [3, 2, 1]);
        assert_eq!(ask("$orderby=at desc&$skip=1", items()).0, [2, 3]);
    }

    #[test]
    fn pages_continue_behind_the_last_item_even_if_others_vanish() {
        let (first, next, count) = ask("$orderby=displayName&$top=2&$count=true", items());
        assert_eq!((first, count), (vec![2, 1], Some(3)));
        let next = next.unwrap();
        assert_eq!(ask(&next, items()).0, [3]);
        assert_eq!(ask(&next, items().split_off(2)).0.len(), 0);
        let mut without_first = items();
        without_first.remove(1);
        assert_eq!(ask(&next, without_first), (vec![3], None, Some(2)));
    }
}
