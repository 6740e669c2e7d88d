//! `…/authentication/temporaryAccessPassMethods`

use tenure_lifecycle::ids::MethodId;
use tenure_lifecycle::operations::NewPass;

use super::methods::{missing, person};
use super::shape::{METHOD, pass_item};
use crate::errors::GraphError;
use crate::odata::{self, Item, Object, memory_list};
use crate::request::Request;
use crate::response::Response;

fn items(request: &Request) -> Result<Vec<Item>, GraphError> {
    let passes = request.lifecycle().store.passes(person(request)?.number)?;
    Ok(passes.iter().map(|pass| pass_item(pass, None, request.now())).collect())
}

/// Lists the passes of somebody: one at most.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &METHOD, &request.context_path, items(request)?, "id")
}

/// Gets a pass, without the pass itself.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id: MethodId = request.id("method", "authentication method")?;
    let found = items(request)?.into_iter().find(|item| item["id"] == id.to_string());
    odata::entity(request, &METHOD, &request.context_path, found.ok_or_else(|| missing(id))?, &[])
}

/// Issues a pass. This answer is the only one that shows it.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let user = person(request)?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let new = NewPass {
        lifetime_minutes: body.integer("lifetimeInMinutes")?.map(i64::from),
        is_usable_once: body.boolean("isUsableOnce")?.unwrap_or(false),
        starts: body.nullable_time("startDateTime")?.flatten(),
    };
    body.ignore(&["id", "createdDateTime", "isUsable", "methodUsabilityReason"]);
    body.finish()?;
    let (pass, text) = request.lifecycle().create_pass(&request.caller, &user, new)?;
    let item = pass_item(&pass, Some(text.reveal()), request.now());
    odata::created(request, &request.context_path, item)
}

/// Takes a pass away.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let user = person(request)?;
    let id: MethodId = request.id("method", "authentication method")?;
    request.lifecycle().delete_pass(&request.caller, &user, id)?;
    Ok(Response::no_content())
}
