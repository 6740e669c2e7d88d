//! `/applications`: whom custom task extensions may name as those who call back.

use serde_json::{Value, json};
use tenure_lifecycle::ports::Application;
use uuid::Uuid;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, List, Object, Properties, Property, operators, time};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadApplications, WriteApplications};
    let mut table = Table::default();
    table.get("applications", ReadApplications, list);
    table.get("applications/$count", ReadApplications, count);
    table.post("applications", WriteApplications, create);
    table.get("applications/{application}", ReadApplications, get);
    table.get("applications(appId)", ReadApplications, get_by_app_id);
    table.delete("applications/{application}", WriteApplications, delete);
    table
}

const APPLICATION: Properties = Properties {
    of: "an application",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("appId", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
    ],
};

fn item(application: &Application) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(application.id));
    set("appId", json!(application.app_id.to_string()));
    set("createdDateTime", time(application.created));
    set("displayName", json!(application.display_name));
    item
}

fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let query = request.query(&APPLICATION)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_applications(&query)?) } else { None };
    let slice = store.list_applications(&query)?;
    let items = slice.items.iter().map(item).collect();
    let list = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &APPLICATION, &request.context_path, list)
}

fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&APPLICATION)?;
    Ok(odata::count(request.lifecycle().store.count_applications(&query)?))
}

fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let found = request.lifecycle().application(request.parameter("application"))?;
    odata::entity(request, &APPLICATION, &request.context_path, item(&found), &[])
}

/// `GET /applications(appId='…')`
fn get_by_app_id(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let text = request.arguments.first().map_or("", |(_, value)| value);
    let missing = || GraphError::not_found(format!("the application with appId '{text}'"));
    let app_id: Uuid = text.parse().map_err(|_| missing())?;
    let found = request.lifecycle().store.application_by_app_id(app_id)?.ok_or_else(missing)?;
    odata::entity(request, &APPLICATION, "applications", item(&found), &[])
}

/// `POST /applications`; other than in Graph, the caller may say which id the application signs in with, because it is
/// somebody else who issues its tokens.
fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let body = Object::root(&body)?;
    let name = body.required_text("displayName")?;
    let app_id: Option<Uuid> = body.id("appId")?;
    body.ignore(&["id", "createdDateTime"]);
    body.finish()?;
    let made = request.lifecycle().create_application(&request.caller, name, app_id)?;
    odata::created(request, &request.context_path, item(&made))
}

fn delete(request: &Request) -> Result<Response, GraphError> {
    let found = request.lifecycle().application(request.parameter("application"))?;
    request.lifecycle().delete_application(&request.caller, found.id)?;
    Ok(Response::no_content())
}
