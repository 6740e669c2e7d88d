//! `GET /users` and `/users/{id | userPrincipalName}`

use std::collections::HashMap;

use serde_json::Value;
use tenure_lifecycle::directory::User;
use tenure_lifecycle::ports::{Slice, Store};

use super::licenses::Licenses;
use super::shape::{USER, expanded_user, selection_inside, user_item};
use crate::errors::GraphError;
use crate::odata::{self, Expansion, Item, List, Navigation};
use crate::request::Request;
use crate::response::Response;

const EXPANDABLE: &[Navigation] = &[MANAGER];

/// A user's manager.
pub(crate) const MANAGER: Navigation = Navigation::one("manager", || &USER);

/// Lists users.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    let count =
        if request.options.count()? { Some(request.lifecycle().store.count_users(&query)?) } else { None };
    let slice = request.lifecycle().store.list_users(&query)?;
    respond(request, &request.context_path, slice, count, None)
}

/// Answers with a page of users; `annotate` says that the list could hold other kinds too.
pub(crate) fn respond(
    request: &Request,
    context: &str,
    slice: Slice<User>,
    count: Option<i64>,
    annotate: Option<&str>,
) -> Result<Response, GraphError> {
    let selection = request.selection(&USER)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let store = request.lifecycle().store.as_ref();
    let managers = Managers::of(store, &slice.items, &expansion)?;
    let licenses = Licenses::shown(store, &selection, &slice.items)?;
    let item = |user: &User| -> Result<Item, GraphError> {
        let mut item = Item::new();
        if let Some(kind) = annotate {
            item.insert("@odata.type".to_owned(), kind.into());
        }
        item.extend(user_item(user, &selection, &licenses));
        managers.expand(&mut item, user, &expansion)?;
        Ok(item)
    };
    let items = slice.items.iter().map(item).collect::<Result<_, _>>()?;
    let list = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &USER, context, list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    Ok(odata::count(request.lifecycle().store.count_users(&query)?))
}

/// Gets a user.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    respond_one(request, &request.context_path, &user)
}

/// Answers with one user.
pub(crate) fn respond_one(request: &Request, context: &str, user: &User) -> Result<Response, GraphError> {
    let selection = request.selection(&USER)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let store = request.lifecycle().store.as_ref();
    let managers = Managers::of(store, std::slice::from_ref(user), &expansion)?;
    let licenses = Licenses::shown(store, &selection, [user])?;
    let mut item = user_item(user, &selection, &licenses);
    managers.expand(&mut item, user, &expansion)?;
    odata::entity(request, &USER, context, item, &expansion.names())
}

/// The managers of a page of users by number, if they are to be spelled out.
#[derive(Default)]
pub(crate) struct Managers {
    users: HashMap<i64, User>,
    licenses: Licenses,
}

impl Managers {
    /// Reads the managers of these users.
    pub(crate) fn of(store: &dyn Store, users: &[User], expansion: &Expansion) -> Result<Self, GraphError> {
        let Some(expanded) = expansion.get("manager") else { return Ok(Self::default()) };
        let mut numbers: Vec<i64> = users.iter().filter_map(|user| user.manager).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let found = store.users_by_number(&numbers)?;
        let users: HashMap<i64, User> =
            found.into_iter().filter(|user| user.deleted.is_none()).map(|user| (user.number, user)).collect();
        let licenses = Licenses::shown(store, &selection_inside(expanded)?, users.values())?;
        Ok(Self { users, licenses })
    }

    /// Puts the manager of somebody into them, if that is asked for.
    pub(crate) fn expand(
        &self,
        item: &mut Item,
        user: &User,
        expansion: &Expansion,
    ) -> Result<(), GraphError> {
        let Some(expanded) = expansion.get("manager") else { return Ok(()) };
        let manager = match user.manager.and_then(|number| self.users.get(&number)) {
            Some(manager) => {
                let mut shown = Item::new();
                shown.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
                shown.extend(expanded_user(manager, expanded, &self.licenses)?);
                Value::Object(shown)
            }
            None => Value::Null,
        };
        item.insert("manager".to_owned(), manager);
        Ok(())
    }
}
