//! `/me`: the person whom the caller speaks for.

use tenure_lifecycle::directory::User;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::token::Caller;

use crate::auth::Permission;
use crate::errors::GraphError;
use crate::graph::users::read::respond_one;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("me", Permission::ReadMe, get);
    table
}

/// A person as a token names them.
#[derive(Clone, Copy, Debug, Default)]
struct SignedIn<'a> {
    /// The id of the object (`oid`).
    oid: Option<UserId>,
    /// The user principal name (`upn`, `preferred_username`).
    upn: Option<&'a str>,
    /// The mail address (`email`); it finds a person whose user principal name it is.
    mail: Option<&'a str>,
}

/// Whom a caller speaks for; `None` for a local token, which speaks for nobody.
fn signed_in(_: &Caller) -> Option<SignedIn<'_>> {
    None
}

/// The person whom a token names: by id, else by user principal name, else by mail address.
fn person(lifecycle: &Lifecycle, signed_in: SignedIn<'_>) -> Result<Option<User>, GraphError> {
    if let Some(oid) = signed_in.oid
        && let Some(user) = lifecycle.store.user(oid)?
    {
        return Ok(Some(user));
    }
    for name in [signed_in.upn, signed_in.mail].into_iter().flatten() {
        if let Some(user) = lifecycle.store.user_by_principal_name(name)? {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

fn get(request: &Request) -> Result<Response, GraphError> {
    let Some(signed_in) = signed_in(&request.caller) else {
        // As Graph answers an application.
        return Err(GraphError::bad_request("/me request is only valid with delegated authentication flow."));
    };
    let user = person(request.lifecycle(), signed_in)?
        .ok_or_else(|| GraphError::not_found("the person whom the token speaks for"))?;
    respond_one(request, "users", &user)
}

#[cfg(test)]
mod tests {
    use tenure_testkit::{Person, System};

    use super::*;

    #[test]
    fn a_person_is_found_by_what_the_token_says() {
        let system = System::at("2026-03-01T08:00:00Z").unwrap();
        let ann = system.person(&Person::named("ann")).unwrap();
        let bob = system.person(&Person::named("bob")).unwrap();
        let found = |signed_in| person(&system.lifecycle, signed_in).unwrap().map(|user| user.id);
        let nobody = SignedIn::default();
        assert_eq!(
            found(SignedIn { oid: Some(ann.id), upn: Some("bob@example.com"), mail: None }),
            Some(ann.id)
        );
        assert_eq!(found(SignedIn { upn: Some("BOB@example.com"), ..nobody }), Some(bob.id));
        assert_eq!(found(SignedIn { mail: Some("bob@example.com"), ..nobody }), Some(bob.id));
        assert_eq!(found(nobody), None);
        system.lifecycle.delete_user(&system.caller, ann.id).unwrap();
        assert_eq!(found(SignedIn { oid: Some(ann.id), ..nobody }), None);
    }
}
