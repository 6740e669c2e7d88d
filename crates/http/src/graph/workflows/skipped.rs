//! `GET /identityGovernance/lifecycleWorkflows/workflows/{id}/tenure.skipped`

use serde_json::{Value, json};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::Skipped;

use crate::errors::GraphError;
use crate::odata::{self, Item, List, Properties, Property, time};
use crate::request::Request;
use crate::response::Response;

const SKIPPED: Properties = Properties {
    of: "somebody who was skipped",
    list: &[Property::shown("subject"), Property::shown("dueDateTime"), Property::shown("reason")],
};

type Row = (Skipped, UserId, String);

/// Lists people who were due and were not processed, with the reason.
pub(super) fn skipped(request: &Request) -> Result<Response, GraphError> {
    request.options.refuse(&["count"])?;
    request.expansion(&[])?;
    let query = request.query(&SKIPPED)?;
    let workflow = request.workflow()?;
    let after = match query.after {
        None => 0,
        Some(mark) => {
            mark.parse().map_err(|_| GraphError::option("$skiptoken", "does not belong to this list"))?
        }
    };
    let rows = request.lifecycle().store.list_skipped(workflow.number, after, query.limit + 1)?;
    let (rows, next) = page(rows, query.limit);
    let items = rows.iter().map(item).collect();
    let list = List { items, next: next.map(|user| user.to_string()), ..List::default() };
    odata::list(request, &SKIPPED, &request.context_path, list)
}

/// Marks are people, so a page never ends between two occasions of the same person.
fn page(mut rows: Vec<Row>, limit: usize) -> (Vec<Row>, Option<i64>) {
    let Some(beyond) = rows.get(limit).map(|(skipped, ..)| skipped.user) else { return (rows, None) };
    if rows[0].0.user != beyond {
        rows.retain(|(skipped, ..)| skipped.user != beyond);
    }
    let last = rows.last().map(|(skipped, ..)| skipped.user);
    (rows, last)
}

fn item((skipped, user, name): &Row) -> Item {
    let mut item = Item::new();
    item.insert("subject".to_owned(), json!({ "id": user, "displayName": name }));
    item.insert("dueDateTime".to_owned(), time(skipped.due));
    item.insert("reason".to_owned(), Value::from(skipped.reason.as_str()));
    item
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::ports::SkipReason;

    use super::*;

    #[test]
    fn a_person_is_never_cut_in_two() {
        let row = |user| {
            let skipped =
                Skipped { user, change: 0, due: jiff::Timestamp::UNIX_EPOCH, reason: SkipReason::OutOfScope };
            (skipped, UserId(uuid::Uuid::nil()), String::new())
        };
        let users = |numbers: &[i64], limit| {
            let (rows, next) = page(numbers.iter().map(|number| row(*number)).collect(), limit);
            (rows.into_iter().map(|(skipped, ..)| skipped.user).collect::<Vec<_>>(), next)
        };
        assert_eq!(users(&[1, 2], 2), (vec![1, 2], None));
        assert_eq!(users(&[1, 2, 3], 2), (vec![1, 2], Some(2)));
        assert_eq!(users(&[1, 2, 2], 2), (vec![1], Some(1)));
        assert_eq!(users(&[2, 2, 2], 2), (vec![2, 2, 2], Some(2)));
    }
}
