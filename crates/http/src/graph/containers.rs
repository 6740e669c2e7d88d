//! `/identityGovernance/lifecycleWorkflows` itself, `deletedItems` and `insights`: there to hold what is below them.

use serde_json::json;

use crate::errors::GraphError;
use crate::odata::{self, Item, Properties, Property};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes. Nobody changes or deletes a container.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("@lcw", Permission::ReadCatalogue, get);
    table.get("@lcw/deletedItems", Permission::ListWorkflows, get);
    table.get("@lcw/insights", Permission::ReadReports, get);
    table
}

const CONTAINER: Properties = Properties { of: "a container", list: &[Property::shown("id")] };

fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let name = request.context_path.rsplit('/').next().unwrap_or_default();
    let item = Item::from_iter([("id".to_owned(), json!(name))]);
    odata::entity(request, &CONTAINER, &request.context_path, item, &[])
}
