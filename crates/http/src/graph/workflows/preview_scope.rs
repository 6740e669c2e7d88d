//! `GET …/workflows/{id}/previewScope`: the users who would be processed if the workflow ran now.

use serde_json::Value;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::Candidate;
use tenure_lifecycle::workflow::Workflow;

use super::candidates;
use crate::errors::GraphError;
use crate::graph::users::shape::{USER, user_item};
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
    let page = candidates::page(request, Some(&workflow), &USER, |found| Ok(items(found, &selection)))?;
    odata::list(request, &USER, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    candidates::count(request, Some(&workflow), &USER, |found| Ok(items(found, &Selection::default())))
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

/// Adds the first of them to a workflow that is shown, and where to find the rest.
pub(super) fn expand(
    request: &Request,
    workflow: &Workflow,
    asked: &Expanded,
    item: &mut Item,
) -> Result<(), GraphError> {
    let found = request.lifecycle().candidates(workflow, None, EXPANDED, candidates::EXAMINED)?;
    let users = items(&found.found, &asked.selection()?).into_iter().map(Value::Object).collect();
    item.insert("previewScope".to_owned(), Value::Array(users));
    if let Some(mark) = found.next {
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
