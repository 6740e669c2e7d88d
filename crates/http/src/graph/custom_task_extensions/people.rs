//! `…/customTaskExtensions/{id}/createdBy`, `lastModifiedBy` and what is below them.
//!
//! Whoever calls is a person only if their id is one in the directory; otherwise there is nobody to show.

use tenure_lifecycle::directory::User;
use tenure_lifecycle::extension::CustomTaskExtension;
use tenure_lifecycle::ids::CallerId;

use super::read::find;
use crate::errors::GraphError;
use crate::graph::users::read::respond_one;
use crate::odata::{Properties, Property, memory_count, memory_list};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Handler;

/// The person, their mailbox settings, their provisioning errors, how many.
type Handlers = (Handler, Handler, Handler, Handler);

/// Below `createdBy`.
pub(super) const CREATED_BY: Handlers = (
    |request| person(request, creator),
    |request| mailbox_settings(request, creator),
    |request| provisioning_errors(request, creator),
    |request| count_provisioning_errors(request, creator),
);

/// Below `lastModifiedBy`.
pub(super) const LAST_MODIFIED_BY: Handlers = (
    |request| person(request, modifier),
    |request| mailbox_settings(request, modifier),
    |request| provisioning_errors(request, modifier),
    |request| count_provisioning_errors(request, modifier),
);

const PROVISIONING_ERROR: Properties = Properties {
    of: "a service provisioning error",
    list: &[
        Property::shown("createdDateTime"),
        Property::shown("isResolved"),
        Property::shown("serviceInstance"),
    ],
};

type Who = fn(&CustomTaskExtension) -> CallerId;

fn creator(extension: &CustomTaskExtension) -> CallerId {
    extension.created_by
}

fn modifier(extension: &CustomTaskExtension) -> CallerId {
    extension.modified_by
}

fn found(request: &Request, who: Who) -> Result<User, GraphError> {
    let id = who(&find(request)?);
    Ok(request.lifecycle().user(&id.to_string())?)
}

fn person(request: &Request, who: Who) -> Result<Response, GraphError> {
    let user = found(request, who)?;
    // Who may read extensions may not therefore read people.
    Permission::ReadUsers.check(&request.caller)?;
    respond_one(request, "users", &user)
}

fn mailbox_settings(request: &Request, who: Who) -> Result<Response, GraphError> {
    let user = found(request, who)?;
    Err(GraphError::not_found(format!("a mailbox of user '{}'", user.id)))
}

fn provisioning_errors(request: &Request, who: Who) -> Result<Response, GraphError> {
    found(request, who)?;
    memory_list(request, &PROVISIONING_ERROR, &request.context_path, vec![], "createdDateTime")
}

fn count_provisioning_errors(request: &Request, who: Who) -> Result<Response, GraphError> {
    found(request, who)?;
    memory_count(request, &PROVISIONING_ERROR, vec![])
}
