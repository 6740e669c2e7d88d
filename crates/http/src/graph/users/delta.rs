//! `GET /users/delta`

use std::collections::HashMap;

use serde_json::json;
use tenure_lifecycle::directory::{User, attributes};
use tenure_lifecycle::ports::{ChangedUser, WatchedUser};

use super::licenses::Licenses;
use super::shape::{USER, user_item};
use crate::errors::GraphError;
use crate::graph::delta::{Round, removed};
use crate::odata::{Item, Selection};
use crate::request::Request;
use crate::response::Response;

/// Lists everybody, then whoever changed.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let round = Round::of(request, "users", &USER)?;
    if round.latest {
        return round.answer(request, vec![], round.position, false);
    }
    let store = &request.lifecycle().store;
    let watched = watched(&round.selection);
    let page = store.user_changes(round.position, round.limit, &watched)?;
    let beside = Beside {
        managers: managers(request, &page.items, &watched)?,
        licenses: Licenses::shown(
            store.as_ref(),
            &round.selection,
            page.items.iter().filter(|one| one.gone.is_none()).map(|one| &one.user),
        )?,
    };
    round.page(request, &page, |one| item(one, &round, &watched, &beside))
}

/// What is kept elsewhere and read once for a page.
struct Beside {
    managers: HashMap<i64, User>,
    licenses: Licenses,
}

/// The first name of an attribute's path, which is what a selection names.
fn top(name: &'static str) -> &'static str {
    name.split('/').next().unwrap_or(name)
}

/// What a selection follows.
fn watched(selection: &Selection) -> WatchedUser {
    if !selection.is_given() {
        return WatchedUser::default();
    }
    let shown = attributes().iter().filter(|attribute| selection.shows(top(attribute.name), false));
    WatchedUser {
        attributes: Some(shown.map(|attribute| attribute.code).collect()),
        manager: selection.shows("manager", false),
        licenses: selection.shows("assignedLicenses", false),
    }
}

/// The managers of these users by number, if they are followed.
fn managers(
    request: &Request,
    users: &[ChangedUser],
    watched: &WatchedUser,
) -> Result<HashMap<i64, User>, GraphError> {
    if !watched.manager {
        return Ok(HashMap::new());
    }
    let mut numbers: Vec<i64> = users.iter().filter_map(|one| one.user.manager).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let found = request.lifecycle().store.users_by_number(&numbers)?;
    Ok(found.into_iter().filter(|user| user.deleted.is_none()).map(|user| (user.number, user)).collect())
}

fn item(one: &ChangedUser, round: &Round, watched: &WatchedUser, beside: &Beside) -> Item {
    if let Some(gone) = one.gone {
        return removed(one.user.id, gone);
    }
    let mut changed: Vec<&str> = attributes()
        .iter()
        .filter(|known| one.attributes.contains(&known.code))
        .map(|known| top(known.name))
        .collect();
    changed.extend((watched.licenses && one.licenses).then_some("assignedLicenses"));
    let mut item = user_item(&one.user, &round.selection, &beside.licenses);
    if !round.selection.is_given() && !changed.is_empty() {
        // What changed is shown, whether or not Graph shows it when nothing is selected.
        let everything = Selection::parse(Some("*"), &USER).unwrap_or_default();
        for (name, value) in user_item(&one.user, &everything, &beside.licenses) {
            if changed.contains(&name.as_str()) {
                item.insert(name, value);
            }
        }
    }
    if round.minimal && !one.whole {
        item.retain(|name, _| name.starts_with('@') || changed.contains(&name.as_str()));
    }
    if watched.manager && (one.manager || !round.minimal) {
        let manager = one.user.manager.and_then(|number| beside.managers.get(&number));
        let shown: Vec<_> = manager
            .into_iter()
            .map(|manager| json!({ "@odata.type": "#microsoft.graph.user", "id": manager.id }))
            .collect();
        item.insert("manager@delta".to_owned(), shown.into());
    }
    item.insert("id".to_owned(), one.user.id.to_string().into());
    item
}
