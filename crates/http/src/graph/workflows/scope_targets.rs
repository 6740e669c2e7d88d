//! `…/workflows/{id}/administrationScopeTargets`: administrative units, of which there are none here.

use serde_json::Value;

use crate::errors::GraphError;
use crate::odata::{
    Expansion, Item, Kind, Object, Properties, Property, memory_count, memory_list, operators,
};
use crate::request::Request;
use crate::response::Response;

pub(super) const TARGETS: &str = "administrationScopeTargets";

/// Spells the targets out: there are none.
pub(super) fn expand(expansion: &Expansion, item: &mut Item) {
    if expansion.has(TARGETS) {
        item.insert(TARGETS.to_owned(), Value::Array(vec![]));
    }
}

pub(super) const DIRECTORY_OBJECT: Properties = Properties {
    of: "a directory object",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("deletedDateTime", Kind::DateTime, operators::ORDER),
    ],
};

/// Refuses a body that names targets; an empty list, which clears them, is let be.
pub(super) fn refuse(body: &Object<'_>) -> Result<(), GraphError> {
    for name in ["administrationScopeTargets", "administrationScopeTargets@odata.bind"] {
        match body.value(name) {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) if items.is_empty() => {}
            Some(_) => {
                return Err(body.invalid(name, "must be empty: there are no administrative units here"));
            }
        }
    }
    Ok(())
}

/// The workflow of the path, and its version if the path names one, have to be there.
fn check(request: &Request) -> Result<(), GraphError> {
    if request.parameter("version").is_empty() {
        request.workflow().map(drop)
    } else {
        request.version().map(drop)
    }
}

/// An empty list.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    check(request)?;
    memory_list(request, &DIRECTORY_OBJECT, "directoryObjects", vec![], "id")
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    check(request)?;
    memory_count(request, &DIRECTORY_OBJECT, vec![])
}

/// One of them: there is none.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    check(request)?;
    Err(GraphError::not_found(format!("administration scope target '{}'", request.parameter("target"))))
}
