//! `…/authentication/emailMethods`

use serde_json::{Map, json};
use tenure_lifecycle::ids::MethodId;
use uuid::{Uuid, uuid};

use super::methods::{delete_kind, get_kind, list_kind, person};
use super::shape::{EMAIL, method_item};
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// The id that everybody's address has, as in Graph: there is one at most.
const ID: Uuid = uuid!("3ddfcfc8-9383-446f-83cc-3ab9be4be18f");
/// Longest address (RFC 5321, section 4.5.3.1).
const LONGEST: usize = 254;

/// Lists the addresses of somebody.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    list_kind(request, EMAIL)
}

/// Gets an address.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    get_kind(request, EMAIL)
}

/// Takes an address away.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    delete_kind(request, EMAIL)
}

/// Registers an address.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let user = person(request)?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let address = body.required_text("emailAddress")?;
    if !is_address(address) {
        return Err(body.invalid("emailAddress", "must have the form name@domain"));
    }
    body.ignore(&["id", "createdDateTime"]);
    body.finish()?;
    let mut properties = Map::new();
    properties.insert("emailAddress".to_owned(), json!(address));
    let lifecycle = request.lifecycle();
    let method =
        lifecycle.add_method(&request.caller, &user, MethodId(ID), EMAIL, properties, "emailAddress")?;
    odata::created(request, &request.context_path, method_item(&method))
}

fn is_address(text: &str) -> bool {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control();
    let parts: Vec<&str> = text.split('@').collect();
    parts.len() == 2
        && parts.iter().all(|part| !part.is_empty())
        && text.len() <= LONGEST
        && !text.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        assert!(is_address("ann@example.com"));
        let long = format!("{}@example.com", "a".repeat(250));
        for odd in ["", "ann", "@example.com", "ann@", "a@b@c", "a nn@example.com", "a\0@b", long.as_str()] {
            assert!(!is_address(odd), "{odd}");
        }
    }
}
