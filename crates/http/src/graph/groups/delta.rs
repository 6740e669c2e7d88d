//! `GET /groups/delta`

use std::sync::LazyLock;

use serde_json::{Value, json};
use tenure_lifecycle::ports::{ChangedGroup, WatchedGroup};

use super::shape::{GROUP, group_item};
use crate::errors::GraphError;
use crate::graph::delta::{Round, removed};
use crate::odata::{Item, Properties, Property, Selection};
use crate::request::Request;
use crate::response::Response;

/// What a round can select.
static FOLLOWED: LazyLock<Properties> = LazyLock::new(|| {
    let mut list = GROUP.list.to_vec();
    list.push(Property::shown("members"));
    Properties { of: GROUP.of, list: list.leak() }
});

/// Lists all groups with their members, then what changed.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let round = Round::of(request, "groups", &FOLLOWED)?;
    if round.latest {
        return round.answer(request, vec![], round.position, false);
    }
    let watched = watched(&round.selection);
    let page = request.lifecycle().store.group_changes(round.position, round.limit, &watched)?;
    round.page(request, &page, |one| item(one, &round))
}

/// What a selection follows; members are followed when nothing is selected.
fn watched(selection: &Selection) -> WatchedGroup {
    if !selection.is_given() {
        return WatchedGroup { properties: None, members: true };
    }
    let names = FOLLOWED.list.iter().map(|property| property.name);
    let shown = names.filter(|name| selection.shows(name, false)).map(str::to_owned);
    WatchedGroup { properties: Some(shown.collect()), members: selection.shows("members", false) }
}

fn item(one: &ChangedGroup, round: &Round) -> Item {
    if let Some(gone) = one.gone {
        return removed(one.group.id, gone);
    }
    let mut item = group_item(&one.group);
    round.selection.apply(&mut item, &[]);
    if round.minimal && !one.whole {
        item.retain(|name, _| name.starts_with('@') || one.properties.iter().any(|known| known == name));
    }
    if !one.members.is_empty() {
        let members = one.members.iter().map(|(id, is_member)| {
            let mut member = json!({ "@odata.type": "#microsoft.graph.user", "id": id });
            if !is_member {
                member["@removed"] = json!({ "reason": "deleted" });
            }
            member
        });
        item.insert("members@delta".to_owned(), members.collect::<Vec<Value>>().into());
    }
    item.insert("id".to_owned(), one.group.id.to_string().into());
    item
}
