//! `/beta/identityGovernance/lifecycleWorkflows/lifecyclePolicies` and their priorities: Tenure has none yet, and says so.

use crate::errors::GraphError;
use crate::odata::{self, Kind, Properties, Property, operators};
use crate::permission::Permission::{ListWorkflows, WriteWorkflows};
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

/// What hangs below a policy, or below a version of one.
macro_rules! below_policy {
    ($table:ident, $policy:expr) => {
        for path in [
            $policy,
            concat!($policy, "/createdBy"),
            concat!($policy, "/lastModifiedBy"),
            concat!($policy, "/impact(startDateTime,endDateTime)"),
            concat!($policy, "/report"),
            concat!($policy, "/report/subjects"),
            concat!($policy, "/report/subjects/$count"),
            concat!($policy, "/report/subjects/{subject}"),
            concat!($policy, "/rules"),
            concat!($policy, "/rules/$count"),
            concat!($policy, "/rules/{rule}"),
        ] {
            $table.get(path, ListWorkflows, no_policy);
        }
        $table.post(concat!($policy, "/restore"), WriteWorkflows, no_policy);
    };
}

/// The policies of a path, of which there are none.
macro_rules! policies {
    ($table:ident, $policies:literal) => {
        $table.get($policies, ListWorkflows, list_policies);
        $table.get(concat!($policies, "/$count"), ListWorkflows, count_policies);
        $table.delete(concat!($policies, "/{policy}"), WriteWorkflows, no_policy);
        below_policy!($table, concat!($policies, "/{policy}"));
        $table.get(concat!($policies, "/{policy}/versions"), ListWorkflows, no_policy);
        below_policy!($table, concat!($policies, "/{policy}/versions/{version}"));
    };
}

/// The routes; all of beta.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    policies!(table, "@lcw/lifecyclePolicies");
    policies!(table, "@lcw/deletedItems/lifecyclePolicies");
    table.post("@lcw/lifecyclePolicies", WriteWorkflows, refuse);
    table.get("@lcw/lifecyclePolicyPriorityConfigurations", ListWorkflows, list_priorities);
    table.get("@lcw/lifecyclePolicyPriorityConfigurations/$count", ListWorkflows, count_priorities);
    table.get("@lcw/lifecyclePolicyPriorityConfigurations/{priority}", ListWorkflows, no_priority);
    table.patch("@lcw/lifecyclePolicyPriorityConfigurations/{priority}", WriteWorkflows, no_priority);
    table.in_beta_only();
    table
}

fn no_policy(request: &Request) -> Result<Response, GraphError> {
    Err(GraphError::not_found(format!("lifecyclePolicy '{}'", request.parameter("policy"))))
}

fn no_priority(request: &Request) -> Result<Response, GraphError> {
    let id = request.parameter("priority");
    Err(GraphError::not_found(format!("lifecyclePolicyPriorityConfiguration '{id}'")))
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
