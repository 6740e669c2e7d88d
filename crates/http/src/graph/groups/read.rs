//! `GET /groups` and `/groups/{id}`

use tenure_lifecycle::directory::Group;
use tenure_lifecycle::ports::Slice;

use super::shape::{GROUP, group_item};
use crate::errors::GraphError;
use crate::odata::{self, Item, List};
use crate::request::Request;
use crate::response::Response;

/// Lists groups.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&GROUP)?;
    let count =
        if request.options.count()? { Some(request.lifecycle().store.count_groups(&query)?) } else { None };
    let slice = request.lifecycle().store.list_groups(&query)?;
    respond(request, &request.context_path, slice, count, None)
}

/// Answers with a page of groups; `annotate` says that the list could hold other kinds too.
pub(crate) fn respond(
    request: &Request,
    context: &str,
    slice: Slice<Group>,
    count: Option<i64>,
    annotate: Option<&str>,
) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let item = |group: &Group| {
        let mut item = Item::new();
        if let Some(kind) = annotate {
            item.insert("@odata.type".to_owned(), kind.into());
        }
        item.extend(group_item(group));
        item
    };
    let items = slice.items.iter().map(item).collect();
    odata::list(request, &GROUP, context, List { items, next: slice.next, count, expanded: vec![] })
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&GROUP)?;
    Ok(odata::count(request.lifecycle().store.count_groups(&query)?))
}

/// Gets a group.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let group = request.lifecycle().group(request.parameter("group"))?;
    odata::entity(request, &GROUP, &request.context_path, group_item(&group), &[])
}
