//! `/directory/deletedItems`: people and groups that can be restored for 30 days.

use tenure_lifecycle::operations::DeletedItem;

use crate::errors::GraphError;
use crate::graph::groups::read::respond as respond_groups;
use crate::graph::groups::shape::{GROUP, group_item};
use crate::graph::users::licenses::Licenses;
use crate::graph::users::read::respond as respond_users;
use crate::graph::users::shape::{USER, user_item};
use crate::odata::{self, Item, Object, Selection};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

const USER_TYPE: &str = "#microsoft.graph.user";
const GROUP_TYPE: &str = "#microsoft.graph.group";

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadDeletedItems, ReadGroups, ReadUsers, WriteDeletedItems};
    let mut table = Table::default();
    table.get("directory/deletedItems", ReadDeletedItems, all);
    table.get("directory/deletedItems/microsoft.graph.user", ReadUsers, users);
    table.get("directory/deletedItems/microsoft.graph.user/$count", ReadUsers, count_users);
    table.get("directory/deletedItems/microsoft.graph.user/{item}", ReadUsers, user);
    table.get("directory/deletedItems/microsoft.graph.group", ReadGroups, groups);
    table.get("directory/deletedItems/microsoft.graph.group/$count", ReadGroups, count_groups);
    table.get("directory/deletedItems/microsoft.graph.group/{item}", ReadGroups, group);
    table.get("directory/deletedItems/{item}", ReadDeletedItems, get);
    table.get("directory/deletedItems/{item}/microsoft.graph.user", ReadUsers, user);
    table.get("directory/deletedItems/{item}/microsoft.graph.group", ReadGroups, group);
    table.post("directory/deletedItems/{item}/restore", WriteDeletedItems, restore);
    table.delete("directory/deletedItems/{item}", WriteDeletedItems, purge);
    table
}

/// As in Graph, deleted items are listed one type at a time.
fn all(_: &Request) -> Result<Response, GraphError> {
    Err(GraphError::bad_request(
        "Deleted items are listed by type: add /microsoft.graph.user or /microsoft.graph.group to the path.",
    ))
}

fn users(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_deleted_users(&query)?) } else { None };
    let slice = store.list_deleted_users(&query)?;
    respond_users(request, "directoryObjects/microsoft.graph.user", slice, count, None)
}

fn count_users(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    Ok(odata::count(request.lifecycle().store.count_deleted_users(&query)?))
}

fn groups(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&GROUP)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_deleted_groups(&query)?) } else { None };
    let slice = store.list_deleted_groups(&query)?;
    respond_groups(request, "directoryObjects/microsoft.graph.group", slice, count, None)
}

fn count_groups(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&GROUP)?;
    Ok(odata::count(request.lifecycle().store.count_deleted_groups(&query)?))
}

/// The deleted item that the path names.
fn item(request: &Request) -> Result<DeletedItem, GraphError> {
    Ok(request.lifecycle().deleted_item(request.parameter("item"))?)
}

fn missing(request: &Request) -> GraphError {
    GraphError::not_found(format!("deleted item '{}'", request.parameter("item")))
}

fn user(request: &Request) -> Result<Response, GraphError> {
    match item(request)? {
        found @ DeletedItem::User(_) => shown(request, &found),
        DeletedItem::Group(_) => Err(missing(request)),
    }
}

fn group(request: &Request) -> Result<Response, GraphError> {
    match item(request)? {
        found @ DeletedItem::Group(_) => shown(request, &found),
        DeletedItem::User(_) => Err(missing(request)),
    }
}

fn get(request: &Request) -> Result<Response, GraphError> {
    let found = item(request)?;
    match &found {
        DeletedItem::User(_) => Permission::ReadUsers.check(&request.caller)?,
        DeletedItem::Group(_) => Permission::ReadGroups.check(&request.caller)?,
    }
    shown(request, &found)
}

fn shown(request: &Request, found: &DeletedItem) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    match found {
        DeletedItem::User(user) => {
            // The licences that somebody deleted keeps are seen by nobody.
            let item = user_item(user, &request.selection(&USER)?, &Licenses::default());
            let item = typed(USER_TYPE, item);
            odata::entity(request, &USER, "directoryObjects", item, &[])
        }
        DeletedItem::Group(group) => {
            odata::entity(request, &GROUP, "directoryObjects", typed(GROUP_TYPE, group_item(group)), &[])
        }
    }
}

fn typed(kind: &str, properties: Item) -> Item {
    let mut item = Item::new();
    item.insert("@odata.type".to_owned(), kind.into());
    item.extend(properties);
    item
}

/// Refuses a caller who may not delete and restore what was found.
fn may_write(request: &Request, found: &DeletedItem) -> Result<(), GraphError> {
    match found {
        DeletedItem::User(_) => Permission::DeleteUsers.check(&request.caller),
        DeletedItem::Group(_) => Permission::WriteGroups.check(&request.caller),
    }
}

/// `POST …/{id}/restore`; a body is not needed.
fn restore(request: &Request) -> Result<Response, GraphError> {
    if !request.body.trim_ascii().is_empty() {
        let body = request.json()?;
        let body = Object::root(&body)?;
        // There are no proxy addresses that could conflict.
        body.boolean("autoReconcileProxyConflict")?;
        body.finish()?;
    }
    let found = item(request)?;
    may_write(request, &found)?;
    let lifecycle = request.lifecycle();
    let item = match found {
        DeletedItem::User(user) => {
            let user = lifecycle.restore_user(&request.caller, user.id)?;
            typed(USER_TYPE, user_item(&user, &Selection::default(), &Licenses::default()))
        }
        DeletedItem::Group(group) => {
            typed(GROUP_TYPE, group_item(&lifecycle.restore_group(&request.caller, group.id)?))
        }
    };
    odata::complex(request, "directoryObjects/$entity", item)
}

/// `DELETE …/{id}`: for good.
fn purge(request: &Request) -> Result<Response, GraphError> {
    let found = item(request)?;
    may_write(request, &found)?;
    match found {
        DeletedItem::User(user) => request.lifecycle().purge_user(&request.caller, user.id)?,
        DeletedItem::Group(group) => request.lifecycle().purge_group(&request.caller, group.id)?,
    }
    Ok(Response::no_content())
}
