//! `POST …/assignmentPolicies`, `PUT`, `PATCH` and `DELETE …/assignmentPolicies/{id}`

use tenure_lifecycle::directory::{AssignmentPolicy, PolicyPatch};
use tenure_lifecycle::ids::AccessPackageId;

use super::body::policy_body;
use super::shape::{POLICY, policy_item};
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Creates a policy.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let (new, package) = policy_body(&Object::root(&body)?)?;
    let package = package.ok_or_else(|| GraphError::invalid("accessPackage/id", "is required"))?;
    let policy = request.lifecycle().create_assignment_policy(&request.caller, package, new)?;
    odata::created(request, &request.context_path, policy_item(&policy))
}

/// Puts a whole policy in the place of another: what is not named is as in a new one.
pub(super) fn replace(request: &Request) -> Result<Response, GraphError> {
    let policy = request.lifecycle().assignment_policy(request.parameter("policy"))?;
    let body = request.json()?;
    let (new, package) = policy_body(&Object::root(&body)?)?;
    if new.display_name.is_none() {
        return Err(GraphError::invalid("displayName", "is required"));
    }
    let whole = PolicyPatch {
        display_name: new.display_name,
        description: Some(new.description.flatten()),
        expires_after_days: Some(new.expires_after_days.flatten()),
        requires_approval: Some(new.requires_approval.unwrap_or(false)),
    };
    write(request, &policy, package, &whole)
}

/// Changes a policy.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let policy = request.lifecycle().assignment_policy(request.parameter("policy"))?;
    let body = request.json()?;
    let (patch, package) = policy_body(&Object::root(&body)?)?;
    write(request, &policy, package, &patch)
}

/// A policy stays with its package.
fn write(
    request: &Request,
    policy: &AssignmentPolicy,
    package: Option<AccessPackageId>,
    patch: &PolicyPatch,
) -> Result<Response, GraphError> {
    let lifecycle = request.lifecycle();
    if let Some(id) = package {
        let own = lifecycle.store.access_package(id)?.is_some_and(|package| package.number == policy.package);
        if !own {
            return Err(GraphError::invalid("accessPackage/id", "cannot be changed"));
        }
    }
    let policy = lifecycle.update_assignment_policy(&request.caller, policy.id, patch)?;
    odata::entity(request, &POLICY, &request.context_path, policy_item(&policy), &[])
}

/// Deletes a policy that nobody's assignment is under.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let policy = request.lifecycle().assignment_policy(request.parameter("policy"))?;
    request.lifecycle().delete_assignment_policy(&request.caller, policy.id)?;
    Ok(Response::no_content())
}
