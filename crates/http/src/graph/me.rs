//! `/me`: the person whom the caller speaks for.

use tenure_lifecycle::directory::User;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::token::{Caller, SignedIn};

use crate::errors::GraphError;
use crate::graph::users::read::respond_one;
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("me", Permission::ReadMe, get);
    table
}

/// The person whom a token speaks for: by the id of the object there (`oid`), else by user principal name.
fn person(lifecycle: &Lifecycle, caller: &Caller, signed_in: &SignedIn) -> Result<Option<User>, GraphError> {
    if let Some(user) = lifecycle.store.user(UserId(caller.id.0))? {
        return Ok(Some(user));
    }
    match &signed_in.principal_name {
        Some(name) => Ok(lifecycle.store.user_by_principal_name(name)?),
        None => Ok(None),
    }
}

fn get(request: &Request) -> Result<Response, GraphError> {
    let Some(signed_in) = &request.caller.person else {
        // As Graph answers an application.
        return Err(GraphError::bad_request("/me request is only valid with delegated authentication flow."));
    };
    let user = person(request.lifecycle(), &request.caller, signed_in)?
        .ok_or_else(|| GraphError::not_found("the person whom the token speaks for"))?;
    respond_one(request, "users", &user)
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::ids::CallerId;
    use tenure_testkit::{Person, System};

    use super::*;

    #[test]
    fn a_person_is_found_by_what_the_token_says() {
        let system = System::at("2026-03-01T08:00:00Z").unwrap();
        let ann = system.person(&Person::named("ann")).unwrap();
        let bob = system.person(&Person::named("bob")).unwrap();
        let found = |id: UserId, name: Option<&str>| {
            let caller = Caller { id: CallerId(id.0), ..system.caller.clone() };
            let signed_in = SignedIn { principal_name: name.map(str::to_owned) };
            person(&system.lifecycle, &caller, &signed_in).unwrap().map(|user| user.id)
        };
        let nobody = UserId(uuid::Uuid::nil());
        assert_eq!(found(ann.id, Some("bob@example.com")), Some(ann.id));
        assert_eq!(found(nobody, Some("BOB@example.com")), Some(bob.id));
        assert_eq!(found(nobody, Some("nobody@example.com")), None);
        assert_eq!(found(nobody, None), None);
        system.lifecycle.delete_user(&system.caller, ann.id).unwrap();
        assert_eq!(found(ann.id, None), None);
    }
}
