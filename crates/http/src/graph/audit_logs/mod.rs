//! `/auditLogs/directoryAudits`: who did what.

mod shape;

use crate::errors::GraphError;
use crate::odata::{self, List};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;
use shape::{DIRECTORY_AUDIT, audit_item, number_of};

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("auditLogs/directoryAudits", Permission::ReadAuditLog, list);
    table.get("auditLogs/directoryAudits/{audit}", Permission::ReadAuditLog, get);
    table
}

/// Lists entries, newest first unless the order says otherwise.
fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let query = request.query(&DIRECTORY_AUDIT)?;
    let store = &request.lifecycle().store;
    let organization = store.installation()?.organization;
    let count = if request.options.count()? { Some(store.count_audit(&query)?) } else { None };
    let slice = store.list_audit(&query)?;
    let items = slice.items.iter().map(|record| audit_item(record, organization)).collect();
    let list = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &DIRECTORY_AUDIT, &request.context_path, list)
}

/// Gets one entry.
fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let store = &request.lifecycle().store;
    let organization = store.installation()?.organization;
    let id = request.parameter("audit");
    let missing = || GraphError::not_found(format!("directoryAudit '{id}'"));
    let number = number_of(id, organization).ok_or_else(missing)?;
    let record = store.audit_entry(number)?.ok_or_else(missing)?;
    odata::entity(request, &DIRECTORY_AUDIT, &request.context_path, audit_item(&record, organization), &[])
}
