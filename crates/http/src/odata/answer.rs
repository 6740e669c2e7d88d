//! Answers: lists, entities, counts.

use axum::http::{HeaderName, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};

use super::properties::Properties;
use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// One item of a list, or an entity: all of its properties.
pub(crate) type Item = Map<String, Value>;

/// A page of a list.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// The items, with everything that `$select` may choose from.
    pub(crate) items: Vec<Item>,
    /// The mark to continue behind.
    pub(crate) next: Option<String>,
    /// How many there are in all, if that was asked for.
    pub(crate) count: Option<i64>,
    /// Navigations that were spelled out; they stay whatever is selected.
    pub(crate) expanded: Vec<&'static str>,
}

/// A list; `context` is its path as `@odata.context` writes it, mostly `request.context_path`.
pub(crate) fn list(
    request: &Request,
    properties: &Properties,
    context: &str,
    list: List,
) -> Result<Response, GraphError> {
    let selection = request.selection(properties)?;
    let mut items = list.items;
    for item in &mut items {
        selection.apply(item, &list.expanded);
    }
    let next =
        list.next.map(|mark| request.options.next(properties, &request.context_path, &mark)).transpose()?;
    page(request, &format!("{context}{}", selection.in_context()), &items, next, list.count)
}

/// A list of which nothing is selected or spelled out: its items are written as they are.
pub(crate) fn whole_list(
    request: &Request,
    properties: &Properties,
    items: &[impl Serialize],
    next: Option<&str>,
    count: Option<i64>,
) -> Result<Response, GraphError> {
    let context = &request.context_path;
    let next = next.map(|mark| request.options.next(properties, context, mark)).transpose()?;
    page(request, context, items, next, count)
}

/// The same with more to say of the whole: annotations of our own.
pub(crate) fn annotated_list(
    request: &Request,
    properties: &Properties,
    items: &[impl Serialize],
    next: Option<&str>,
    annotations: Item,
) -> Result<Response, GraphError> {
    let context = &request.context_path;
    let next = next.map(|mark| request.options.next(properties, context, mark)).transpose()?;
    annotated_page(request, context, items, next, None, Some(annotations))
}

fn page(
    request: &Request,
    context: &str,
    items: &[impl Serialize],
    next: Option<String>,
    count: Option<i64>,
) -> Result<Response, GraphError> {
    annotated_page(request, context, items, next, count, None)
}

fn annotated_page(
    request: &Request,
    context: &str,
    items: &[impl Serialize],
    next: Option<String>,
    count: Option<i64>,
    annotations: Option<Item>,
) -> Result<Response, GraphError> {
    let body = Page {
        context: request.context(context),
        count,
        annotations,
        next: next.map(|options| format!("{}?{options}", request.address(&request.path))),
        value: items,
    };
    let response = Response::json(StatusCode::OK, &body)?;
    Ok(match request.options.page_size {
        Some(size) => {
            let name = HeaderName::from_static("preference-applied");
            response.with_header(name, &format!("odata.maxpagesize={size}"))
        }
        None => response,
    })
}

#[derive(Serialize)]
struct Page<'a, T> {
    #[serde(rename = "@odata.context")]
    context: String,
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
    #[serde(flatten)]
    annotations: Option<Item>,
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    value: &'a [T],
}

/// One entity, 200; `context` is the path of the list it belongs to.
pub(crate) fn entity(
    request: &Request,
    properties: &Properties,
    context: &str,
    item: Item,
    expanded: &[&'static str],
) -> Result<Response, GraphError> {
    let selection = request.selection(properties)?;
    let mut body = Map::new();
    let context = format!("{context}{}/$entity", selection.in_context());
    body.insert("@odata.context".into(), request.context(&context).into());
    let mut item = item;
    selection.apply(&mut item, expanded);
    body.extend(item);
    Response::json(StatusCode::OK, &body)
}

/// One new entity of the list that the request was sent to, 201.
pub(crate) fn created(request: &Request, context: &str, item: Item) -> Result<Response, GraphError> {
    created_in(request, request.path.trim_end_matches('/'), context, item)
}

/// One new entity of the list with that path, 201.
pub(crate) fn created_in(
    request: &Request,
    list: &str,
    context: &str,
    item: Item,
) -> Result<Response, GraphError> {
    let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
    let place = request.address(&format!("{list}/{id}"));
    let mut body = Map::new();
    body.insert("@odata.context".into(), request.context(&format!("{context}/$entity")).into());
    body.extend(item);
    Ok(Response::json(StatusCode::CREATED, &body)?.with_header(header::LOCATION, &place))
}

/// A value that is no entity, such as a summary; `context` is its type.
pub(crate) fn complex(request: &Request, context: &str, item: Item) -> Result<Response, GraphError> {
    let mut body = Map::new();
    body.insert("@odata.context".into(), request.context(context).into());
    body.extend(item);
    Response::json(StatusCode::OK, &body)
}

/// `/$count`.
pub(crate) fn count(number: i64) -> Response {
    Response::text(number.to_string())
}
