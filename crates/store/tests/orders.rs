//! Orders of a collection that is too large to be sorted: along an index, or refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use jiff::{SignedDuration, Timestamp};
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::clock::{CountingIds, Ids as _};
use tenure_lifecycle::directory::{User, Value, attribute};
use tenure_lifecycle::expression::parse;
use tenure_lifecycle::ids::{CallerId, UserId};
use tenure_lifecycle::ports::{Directory as _, NewUser, Order, PersonWrite, Query, QueryError};
use tenure_store::SqliteStore;

const PEOPLE: usize = 10_500;

/// A store with more people than are sorted, most without dates, many with equal ones.
fn store() -> (tempfile::TempDir, SqliteStore) {
    let (directory, ids) = (tempfile::tempdir().unwrap(), CountingIds::default());
    let store = SqliteStore::open(directory.path(), &ids).unwrap();
    let actor = Actor::Caller(CallerId(ids.fresh()));
    let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    for chunk in (0..PEOPLE).collect::<Vec<_>>().chunks(1_000) {
        let at = |days: usize| start.checked_add(SignedDuration::from_hours(24 * days as i64)).unwrap();
        let person = |place: &usize| {
            let place = *place;
            let mut set = vec![];
            let mut put = |name: &str, value| set.push((attribute(name).unwrap(), value));
            put("displayName", Value::Text(format!("person {}", place * 7_919 % PEOPLE)));
            if !place.is_multiple_of(5) {
                put("userPrincipalName", Value::Text(format!("P{:05}@x.com", place * 7_919 % PEOPLE)));
            }
            if place.is_multiple_of(3) {
                put("employeeHireDate", Value::DateTime(at(place % 40)));
            }
            if place % 1_000 == 7 {
                put("employeeLeaveDateTime", Value::DateTime(at(PEOPLE - place)));
            }
            let id = UserId(ids.fresh());
            PersonWrite::Create(NewUser {
                id,
                set,
                manager: None,
                protected: false,
                feed: None,
                sponsors: vec![],
            })
        };
        let writes: Vec<PersonWrite> = chunk.iter().map(person).collect();
        store.write_people(&writes, at(chunk[0] % 3), actor).unwrap();
    }
    (directory, store)
}

fn all(
    store: &SqliteStore,
    property: &str,
    descending: bool,
    filter: Option<&str>,
    limit: usize,
) -> Vec<User> {
    let mut query = Query {
        filter: filter.map(|text| parse(text).unwrap()),
        order: vec![Order { property: property.to_owned(), descending }],
        after: None,
        limit,
    };
    let mut users = vec![];
    loop {
        let slice = store.list_users(&query).unwrap();
        assert!(slice.items.len() <= limit);
        users.extend(slice.items);
        assert!(users.len() <= PEOPLE, "{property} gives people twice");
        match slice.next {
            Some(mark) => query.after = Some(mark),
            None => return users,
        }
    }
}

fn value(user: &User, property: &str) -> String {
    let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| format!("{:020}", at.as_millisecond()));
    match property {
        "id" => user.id.to_string(),
        "createdDateTime" => time(Some(user.created)),
        "employeeHireDate" => time(user.employee_hire_date),
        "employeeLeaveDateTime" => time(user.employee_leave_date_time),
        _ => {
            user.attributes.get(property).and_then(|value| value.as_str()).unwrap_or_default().to_lowercase()
        }
    }
}

#[test]
fn a_large_collection_is_ordered_along_an_index() {
    let (_directory, store) = store();
    for property in
        ["id", "userPrincipalName", "createdDateTime", "employeeHireDate", "employeeLeaveDateTime"]
    {
        for (descending, filter, limit) in [
            (false, None, 999),
            (true, None, 998),
            (false, Some("employeeHireDate ne null"), 777),
            (true, Some("endsWith(userPrincipalName,'7@x.com')"), 50),
        ] {
            let users = all(&store, property, descending, filter, limit);
            let fits = |place: &usize| match filter {
                None => true,
                Some(text) if text.starts_with("employee") => place.is_multiple_of(3),
                Some(_) => !place.is_multiple_of(5) && (place * 7_919 % PEOPLE) % 10 == 7,
            };
            let expected = (0..PEOPLE).filter(fits).count();
            assert_eq!(users.len(), expected, "{property} {descending} {filter:?}");
            let mut numbers: Vec<i64> = users.iter().map(|user| user.number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), expected, "{property} gives people twice");
            let values: Vec<String> = users.iter().map(|user| value(user, property)).collect();
            let fine = values
                .windows(2)
                .all(|pair| if descending { pair[0] >= pair[1] } else { pair[0] <= pair[1] });
            assert!(fine, "{property} {descending} {filter:?}");
        }
    }
}

#[test]
fn what_no_index_serves_is_refused_by_name_when_the_collection_is_large() {
    let (_directory, store) = store();
    let order = |names: &[&str]| {
        let order = names.iter().map(|name| Order { property: (*name).to_owned(), descending: false });
        let query = Query { order: order.collect(), limit: 10, ..Query::default() };
        store.list_users(&query)
    };
    for names in [vec!["displayName"], vec!["createdDateTime", "displayName"]] {
        let refused = order(&names).unwrap_err();
        assert!(matches!(&refused, QueryError::Unsupported(text) if text.contains(names[0])), "{refused}");
    }
    // Nobody shares an id, so what comes behind it decides nothing.
    assert_eq!(order(&["id", "displayName"]).unwrap().items.len(), 10);
}

#[test]
fn marks_that_were_not_given_are_refused() {
    let (_directory, store) = store();
    for mark in ["", "7", "[]", "[true,null]", "[false,[1,[]]]", "[false,[1,[1,2]]]", "[false,[{},[1]]]"] {
        let order = vec![Order { property: "createdDateTime".to_owned(), descending: true }];
        let query = Query { order, after: Some(mark.to_owned()), limit: 10, ..Query::default() };
        assert!(matches!(store.list_users(&query), Err(QueryError::BadMark)), "{mark}");
    }
}
