//! `GET /identityGovernance/lifecycleWorkflows/customTaskExtensions` and `/{id}`

use std::collections::HashMap;

use axum::http::header;
use serde_json::Value;
use tenure_lifecycle::directory::User;
use tenure_lifecycle::extension::CustomTaskExtension;
use tenure_lifecycle::ids::{CallerId, ExtensionId, UserId};

use super::shape::{EXTENSION, extension_item};
use crate::errors::GraphError;
use crate::graph::users::licenses::Licenses;
use crate::graph::users::shape::{expanded_user, selection_inside};
use crate::odata::{self, Expansion, Item, Selection, memory_count, memory_page};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;

/// Navigations, shown when somebody asks for them.
const EXPANDABLE: &[&str] = &["createdBy", "lastModifiedBy"];

/// Lists extensions.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let (selection, expansion) = (request.selection(&EXTENSION)?, request.expansion(EXPANDABLE)?);
    let extensions = request.lifecycle().store.extensions()?;
    let mut page = memory_page(request, &EXTENSION, extensions.iter().map(extension_item).collect(), "id")?;
    show_people(request, &mut page.items, &selection, &expansion)?;
    page.expanded = expansion.names();
    odata::list(request, &EXTENSION, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let extensions = request.lifecycle().store.extensions()?;
    memory_count(request, &EXTENSION, extensions.iter().map(extension_item).collect())
}

/// Gets an extension.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let (selection, expansion) = (request.selection(&EXTENSION)?, request.expansion(EXPANDABLE)?);
    let extension = find(request)?;
    let mut items = [extension_item(&extension)];
    show_people(request, &mut items, &selection, &expansion)?;
    let [item] = items;
    let response = odata::entity(request, &EXTENSION, &request.context_path, item, &expansion.names())?;
    Ok(response.with_header(header::ETAG, &etag(&extension)))
}

/// The extension of the path.
pub(super) fn find(request: &Request) -> Result<CustomTaskExtension, GraphError> {
    let id: ExtensionId = request.id("extension", "custom task extension")?;
    Ok(request.lifecycle().extension(id)?)
}

/// The ETag of an extension.
pub(super) fn etag(extension: &CustomTaskExtension) -> String {
    format!("W/\"{}\"", extension.revision)
}

/// Leaves who made and changed an extension out unless somebody asks, and spells them out where they are people.
fn show_people(
    request: &Request,
    items: &mut [Item],
    selection: &Selection,
    expansion: &Expansion,
) -> Result<(), GraphError> {
    let mut ids: Vec<UserId> = vec![];
    for name in EXPANDABLE {
        if expansion.has(name) {
            if !Permission::ReadUsers.is_held_by(&request.caller) {
                continue;
            }
            ids.extend(items.iter().filter_map(|item| person(item.get(*name)?)));
        } else if !selection.shows(name, false) {
            for item in items.iter_mut() {
                item.shift_remove(*name);
            }
        }
    }
    let users = users(request, ids)?;
    for name in EXPANDABLE {
        let Some(expanded) = expansion.get(name) else { continue };
        let store = request.lifecycle().store.as_ref();
        let licenses = Licenses::shown(store, &selection_inside(expanded)?, users.values())?;
        for item in items.iter_mut() {
            let found = item.get(*name).and_then(person).and_then(|id| users.get(&id));
            if let Some(user) = found {
                item.insert((*name).to_owned(), Value::Object(expanded_user(user, expanded, &licenses)?));
            }
        }
    }
    Ok(())
}

fn person(reference: &Value) -> Option<UserId> {
    let id: CallerId = reference.get("id")?.as_str()?.parse().ok()?;
    Some(UserId(id.0))
}

fn users(request: &Request, mut ids: Vec<UserId>) -> Result<HashMap<UserId, User>, GraphError> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let store = &request.lifecycle().store;
    let numbers: Vec<i64> = store.user_numbers(&ids)?.into_iter().flatten().collect();
    Ok(store.users_by_number(&numbers)?.into_iter().map(|user| (user.id, user)).collect())
}
