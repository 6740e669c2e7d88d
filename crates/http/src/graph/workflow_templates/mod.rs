//! `GET /identityGovernance/lifecycleWorkflows/workflowTemplates` and what is below. Nothing runs a template.

mod shape;
mod tasks;

use tenure_lifecycle::template::{Template, template, templates};
use uuid::Uuid;

use crate::errors::GraphError;
use crate::odata::{self, Item, memory_count, memory_page};
use crate::permission::Permission::{ReadCatalogue, WriteReports};
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

use shape::{TEMPLATE, template_item, template_tasks};

/// A navigation that is inline anyway.
const EXPANDABLE: &[&str] = &["tasks"];

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("@lcw/workflowTemplates", ReadCatalogue, list);
    table.get("@lcw/workflowTemplates/$count", ReadCatalogue, count);
    table.get("@lcw/workflowTemplates/{template}", ReadCatalogue, get);
    table.get("@lcw/workflowTemplates/{template}/tasks", ReadCatalogue, tasks::list);
    table.get("@lcw/workflowTemplates/{template}/tasks/$count", ReadCatalogue, tasks::count);
    table.get("@lcw/workflowTemplates/{template}/tasks/{task}", ReadCatalogue, tasks::get);
    macro_rules! results {
        ($add:ident, $below:literal, $permission:expr, $handler:expr) => {
            table.$add(
                concat!("@lcw/workflowTemplates/{template}/tasks/{task}/taskProcessingResults", $below),
                $permission,
                $handler,
            );
        };
    }
    results!(get, "", ReadCatalogue, tasks::results);
    results!(get, "/$count", ReadCatalogue, tasks::result_count);
    results!(get, "/{taskResult}", ReadCatalogue, tasks::no_result);
    results!(get, "/{taskResult}/task", ReadCatalogue, tasks::no_result);
    results!(get, "/{taskResult}/subject", ReadCatalogue, tasks::no_result);
    results!(get, "/{taskResult}/subject/mailboxSettings", ReadCatalogue, tasks::no_result);
    results!(patch, "/{taskResult}/subject/mailboxSettings", WriteReports, tasks::no_result);
    results!(get, "/{taskResult}/subject/serviceProvisioningErrors", ReadCatalogue, tasks::no_result);
    results!(get, "/{taskResult}/subject/serviceProvisioningErrors/$count", ReadCatalogue, tasks::no_result);
    results!(post, "/{taskResult}/resume", WriteReports, tasks::resume);
    table
}

/// The template of the path.
fn find(request: &Request) -> Result<&'static Template, GraphError> {
    let id: Uuid = request.id("template", "workflow template")?;
    template(id).ok_or_else(|| GraphError::not_found(format!("workflow template '{id}'")))
}

fn items(request: &Request) -> Vec<Item> {
    templates().map(|template| whole(request, template)).collect()
}

/// A template with its tasks.
fn whole(request: &Request, template: &Template) -> Item {
    let mut item = template_item(template);
    let tasks = request.context(&format!("{}('{}')/tasks", request.context_path, template.id));
    item.insert("tasks@odata.context".to_owned(), tasks.into());
    item.insert("tasks".to_owned(), template_tasks(template).into_iter().collect());
    item
}

fn list(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion(EXPANDABLE)?;
    let mut page = memory_page(request, &TEMPLATE, items(request), "id")?;
    page.expanded = expansion.names();
    odata::list(request, &TEMPLATE, &request.context_path, page)
}

fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &TEMPLATE, items(request))
}

fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion(EXPANDABLE)?;
    let item = whole(request, find(request)?);
    odata::entity(request, &TEMPLATE, &request.context_path, item, &expansion.names())
}
