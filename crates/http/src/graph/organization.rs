//! `/organization`: one object.

use serde_json::{Value, json};

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, Properties, Property, memory_list, operators, time_or_null};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("organization", Permission::ReadOrganization, list);
    table.get("organization/{organization}", Permission::ReadOrganization, get);
    table
}

const ORGANIZATION: Properties = Properties {
    of: "an organization",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("technicalNotificationMails"),
        Property::shown("verifiedDomains"),
    ],
};

/// The organisation. Without configured domains, the domain that mails come from is its domain.
fn item(request: &Request) -> Result<Item, GraphError> {
    let lifecycle = request.lifecycle();
    let installation = lifecycle.store.installation()?;
    let organization = &lifecycle.organization;
    let mut domains = organization.verified_domains.clone();
    if domains.is_empty() {
        domains.extend(lifecycle.store.settings()?.sender_domain);
    }
    let domain = |(place, name): (usize, &String)| {
        json!({
            "capabilities": "", "isDefault": place == 0, "isInitial": place == 0, "name": name, "type": "Managed",
        })
    };
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(installation.organization.to_string()));
    set("createdDateTime", time_or_null(installation.created));
    set("displayName", json!(organization.display_name));
    set("technicalNotificationMails", json!(lifecycle.administrators));
    set("verifiedDomains", domains.iter().enumerate().map(domain).collect());
    Ok(item)
}

fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &ORGANIZATION, &request.context_path, vec![item(request)?], "id")
}

fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id: uuid::Uuid = request.id("organization", "organization")?;
    let item = item(request)?;
    if item["id"] != json!(id.to_string()) {
        return Err(GraphError::not_found(format!("organization '{id}'")));
    }
    odata::entity(request, &ORGANIZATION, &request.context_path, item, &[])
}
