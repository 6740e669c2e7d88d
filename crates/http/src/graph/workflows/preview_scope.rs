//! `GET …/workflows/{id}/previewScope`: the users who would be processed if the workflow ran now.

use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::Candidate;
use tenure_lifecycle::workflow::Workflow;

use super::candidates;
use crate::errors::GraphError;
use crate::graph::users::shape::{USER, show_default, user_item};
use crate::odata::{self, Expanded, Item, Selection};
use crate::request::Request;
use crate::response::Response;

/// Users of an expansion.
const EXPANDED: usize = 100;

/// Lists them.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let workflow = request.workflow()?;
    let selection = request.selection(&USER)?;
    let whole = Selection::parse(Some("*"), &USER)?;
    // Filters and orders look at everything, whatever is shown.
    let mut page = candidates::page(request, Some(&workflow), &USER, |found| Ok(items(found, &whole)))?;
    if !selection.is_given() {
        page.items.iter_mut().for_each(show_default);
    }
    odata::list(request, &USER, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let whole = Selection::parse(Some("*"), &USER)?;
    candidates::count(request, Some(&workflow), &USER, |found| Ok(items(found, &whole)))
}

/// Gets one of them.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let workflow = request.workflow()?;
    let id: UserId = request.id("user", "user")?;
    let missing = || GraphError::not_found(format!("user '{id}'"));
    let user = request.lifecycle().store.user(id)?.ok_or_else(missing)?;
    let found = request.lifecycle().candidate(&workflow, user.number)?.ok_or_else(missing)?;
    let item = items(&[found], &request.selection(&USER)?).pop().ok_or_else(missing)?;
    odata::entity(request, &USER, &request.context_path, item, &[])
}

/// Spells the first of them out in a workflow that is shown, and says where to find the rest.
pub(super) fn expand(
    request: &Request,
    workflow: &Workflow,
    asked: &Expanded,
    item: &mut Item,
) -> Result<(), GraphError> {
    let found = request.lifecycle().candidates(workflow, None, EXPANDED, candidates::EXAMINED)?;
    // Filters and orders look at everything, whatever is shown.
    let mut page = asked.page(items(&found.found, &Selection::parse(Some("*"), &USER)?), |filter| filter)?;
    if asked.select.is_none() {
        page.items.iter_mut().for_each(show_default);
    }
    if found.next.is_some() {
        let whole = ["filter", "search", "orderby", "count", "skip"];
        asked.refuse_whole(&whole, "a workflow has", EXPANDED)?;
    }
    let next = found.next.filter(|_| !asked.is_full(&page));
    asked.put(item, page);
    if let Some(mark) = next {
        let path = format!("{}('{}')/previewScope", request.context_path, workflow.id);
        let options = asked.options.next(&USER, &path, &candidates::written(mark))?;
        item.insert(
            "previewScope@odata.nextLink".to_owned(),
            format!("{}/{path}?{options}", request.base).into(),
        );
    }
    Ok(())
}

fn items(found: &[Candidate], selection: &Selection) -> Vec<Item> {
    let shown = found.iter().map(|candidate| {
        let mut item = Item::new();
        item.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
        item.extend(user_item(&candidate.user, selection));
        item
    });
    shown.collect()
}
