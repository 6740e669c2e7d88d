//! `GET …/workflows/{id}/previewScope`: the users who would be processed if the workflow ran now.

use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::Candidate;
use tenure_lifecycle::workflow::Workflow;

use super::candidates;
use super::scope_targets::DIRECTORY_OBJECT;
use crate::errors::GraphError;
use crate::graph::users::licenses::Licenses;
use crate::graph::users::shape::{USER, show_default, user_item};
use crate::odata::{self, Expanded, Item, Navigation, Properties, Selection};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;

/// Users of an expansion.
const EXPANDED: usize = 100;

/// As users for those who may read users; for others, as Graph shows them, objects that have nothing but an id.
pub(super) fn navigation(request: &Request) -> Navigation {
    if opens_users(request) {
        Navigation::many("previewScope", || &USER)
    } else {
        Navigation::many("previewScope", || &DIRECTORY_OBJECT)
    }
}

fn opens_users(request: &Request) -> bool {
    Permission::ReadUsers.is_held_by(&request.caller)
}

fn properties(request: &Request) -> &'static Properties {
    if opens_users(request) { &USER } else { &DIRECTORY_OBJECT }
}

/// Lists them.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let workflow = request.workflow()?;
    let properties = properties(request);
    let selection = request.selection(properties)?;
    // Filters and orders look at everything, whatever is shown.
    let mut page = candidates::page(request, Some(&workflow), properties, |found| whole(request, found))?;
    if !selection.is_given() {
        page.items.iter_mut().for_each(show_default);
    }
    odata::list(request, properties, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    candidates::count(request, Some(&workflow), properties(request), |found| whole(request, found))
}

/// Gets one of them.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let workflow = request.workflow()?;
    let id: UserId = request.id("user", "user")?;
    let missing = || GraphError::not_found(format!("user '{id}'"));
    let user = request.lifecycle().store.user(id)?.ok_or_else(missing)?;
    let found = request.lifecycle().candidate(&workflow, user.number)?.ok_or_else(missing)?;
    let properties = properties(request);
    let mut item = whole(request, &[found])?.pop().ok_or_else(missing)?;
    if !request.selection(properties)?.is_given() {
        show_default(&mut item);
    }
    odata::entity(request, properties, &request.context_path, item, &[])
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
    let mut page = asked.page(whole(request, &found.found)?, |filter| filter)?;
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
        let options = asked.options.next(properties(request), &path, &candidates::written(mark))?;
        item.insert(
            "previewScope@odata.nextLink".to_owned(),
            format!("{}/{path}?{options}", request.base).into(),
        );
    }
    Ok(())
}

/// All that the caller may see of each.
fn whole(request: &Request, found: &[Candidate]) -> Result<Vec<Item>, GraphError> {
    let selection = Selection::parse(Some("*"), &USER)?;
    let opens_users = opens_users(request);
    let licenses = if opens_users {
        Licenses::of(request.lifecycle().store.as_ref(), found.iter().map(|candidate| &candidate.user))?
    } else {
        Licenses::default()
    };
    let shown = found.iter().map(|candidate| {
        let mut item = Item::new();
        item.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
        if opens_users {
            item.extend(user_item(&candidate.user, &selection, &licenses));
        } else {
            item.insert("id".to_owned(), candidate.user.id.to_string().into());
        }
        item
    });
    Ok(shown.collect())
}
