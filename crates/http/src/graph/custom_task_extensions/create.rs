//! `POST /identityGovernance/lifecycleWorkflows/customTaskExtensions`

use axum::http::header;

use super::body::extension_patch;
use super::read::etag;
use super::shape::extension_item;
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Creates a custom task extension.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let new = extension_patch(&Object::root(&body)?, true)?;
    let extension = request.lifecycle().create_extension(&request.caller, &new)?;
    let mut item = extension_item(&extension);
    for name in ["createdBy", "lastModifiedBy"] {
        item.shift_remove(name);
    }
    let response = odata::created(request, &request.context_path, item)?;
    Ok(response.with_header(header::ETAG, &etag(&extension)))
}
