//! `…/authentication/phoneMethods`

use serde_json::{Map, json};
use tenure_lifecycle::ids::MethodId;
use uuid::{Uuid, uuid};

use super::methods::{delete_kind, get_kind, list_kind, person};
use super::shape::{PHONE, method_item};
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Graph's types of phones, with the ids that they have for everybody.
const TYPES: [(&str, Uuid); 3] = [
    ("mobile", uuid!("3179e48a-750b-4051-897c-87b9720928f7")),
    ("alternateMobile", uuid!("b6332ec1-7057-4abe-9331-3d72feddfe41")),
    ("office", uuid!("e37fc753-ff3b-4958-9484-eaa9425c82bc")),
];

/// Lists the phones of somebody.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    list_kind(request, PHONE)
}

/// Gets a phone.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    get_kind(request, PHONE)
}

/// Takes a phone away.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    delete_kind(request, PHONE)
}

/// Registers a phone; everybody has one of a type at most.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let user = person(request)?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let number = body.required_text("phoneNumber")?;
    if !is_number(number) {
        let rule = "must have the form +<country code> <number>x<extension>, such as +1 5555551234";
        return Err(body.invalid("phoneNumber", rule));
    }
    let names = TYPES.map(|(name, _)| name);
    let known = |text: &str| TYPES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    let (name, id) = body
        .member("phoneType", &names, known)?
        .ok_or_else(|| body.invalid("phoneType", format!("is required, one of {}", names.join(", "))))?;
    body.ignore(&["id", "createdDateTime", "smsSignInState"]);
    body.finish()?;
    let lifecycle = request.lifecycle();
    if name == "alternateMobile" {
        let mobile = MethodId(TYPES[0].1);
        if !lifecycle.store.methods(user.number)?.iter().any(|method| method.id == mobile) {
            return Err(body.invalid("phoneType", "can be alternateMobile only for a user with a mobile"));
        }
    }
    let mut properties = Map::new();
    properties.insert("phoneNumber".to_owned(), json!(number));
    properties.insert("phoneType".to_owned(), json!(name));
    properties.insert("smsSignInState".to_owned(), json!("notSupported"));
    let method =
        lifecycle.add_method(&request.caller, &user, MethodId(id), PHONE, properties, "phoneType")?;
    odata::created(request, &request.context_path, method_item(&method))
}

/// Whether a text is `+{country code} {number}x{extension}`, the extension optional.
fn is_number(text: &str) -> bool {
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit())
    };
    let Some((code, rest)) = text.strip_prefix('+').and_then(|text| text.split_once(' ')) else {
        return false;
    };
    let (number, extension) = rest.split_once('x').map_or((rest, None), |(number, x)| (number, Some(x)));
    digits(code, 4) && digits(number, 15) && extension.is_none_or(|extension| digits(extension, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_has_graphs_form() {
        for fits in ["+1 5555551234", "+1 5555551234x123", "+49 2286666666", "+1340 5551234"] {
            assert!(is_number(fits), "{fits}");
        }
        for odd in [
            "",
            "5555551234",
            "+15555551234",
            "+1 555 5551234",
            "+1 555-5551234",
            "+1 5x",
            "+ 5",
            "+1 ",
            "+1 ٣",
        ] {
            assert!(!is_number(odd), "{odd}");
        }
    }
}
