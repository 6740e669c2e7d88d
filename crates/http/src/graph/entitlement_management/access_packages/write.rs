//! `POST …/accessPackages`, `PATCH` and `DELETE …/accessPackages/{id}`

use super::body::package_body;
use super::shape::package_item;
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Creates an access package.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let new = package_body(&Object::root(&body)?)?;
    let package = request.lifecycle().create_access_package(&request.caller, new)?;
    odata::created(request, &request.context_path, package_item(&package))
}

/// Changes an access package.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let package = request.lifecycle().access_package(request.parameter("package"))?;
    let body = request.json()?;
    let patch = package_body(&Object::root(&body)?)?;
    request.lifecycle().update_access_package(&request.caller, package.id, &patch)?;
    Ok(Response::no_content())
}

/// Deletes an access package that nobody has.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let package = request.lifecycle().access_package(request.parameter("package"))?;
    request.lifecycle().delete_access_package(&request.caller, package.id)?;
    Ok(Response::no_content())
}
