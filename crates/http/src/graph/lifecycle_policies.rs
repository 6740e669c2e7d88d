//! `/beta/identityGovernance/lifecycleWorkflows/lifecyclePolicies` and their priorities: Tenure has none yet, and says so.

use crate::auth::Permission::{ListWorkflows, WriteWorkflows};
use crate::errors::GraphError;
use crate::odata::{self, Kind, Properties, Property, operators};
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

const POLICY: Properties = Properties {
    of: "a lifecyclePolicy",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("description"),
    ],
};

const PRIORITY: Properties = Properties {
    of: "a lifecyclePolicyPriorityConfiguration",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::shown("orderedPolicyIds"),
        Property::shown("subjectType"),
    ],
};

/// The routes; all of beta.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    for policies in ["@lcw/lifecyclePolicies", "@lcw/deletedItems/lifecyclePolicies"] {
        table.get(policies, ListWorkflows, list_policies);
    }
    table.get("@lcw/lifecyclePolicies/$count", ListWorkflows, count_policies);
    table.get("@lcw/deletedItems/lifecyclePolicies/$count", ListWorkflows, count_policies);
    table.post("@lcw/lifecyclePolicies", WriteWorkflows, refuse);
    table.get("@lcw/lifecyclePolicyPriorityConfigurations", ListWorkflows, list_priorities);
    table.get("@lcw/lifecyclePolicyPriorityConfigurations/$count", ListWorkflows, count_priorities);
    table.in_beta_only();
    table
}

fn list_policies(request: &Request) -> Result<Response, GraphError> {
    odata::memory_list(request, &POLICY, &request.context_path, vec![], "id")
}

fn count_policies(request: &Request) -> Result<Response, GraphError> {
    odata::memory_count(request, &POLICY, vec![])
}

fn list_priorities(request: &Request) -> Result<Response, GraphError> {
    odata::memory_list(request, &PRIORITY, &request.context_path, vec![], "id")
}

fn count_priorities(request: &Request) -> Result<Response, GraphError> {
    odata::memory_count(request, &PRIORITY, vec![])
}

/// Nothing would carry a policy out, so none is taken.
fn refuse(_: &Request) -> Result<Response, GraphError> {
    Err(GraphError::bad_request(
        "Lifecycle policies are not available in this version of Tenure; nothing was created.",
    ))
}
