//! Books that have to balance: however licences come and go, a kind of licence has as many consumed as people have it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use rusqlite::{Connection, OpenFlags};
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::clock::{CountingIds, Ids as _};
use tenure_lifecycle::directory::{LicenseChange, Sku, SkuPatch, Value, attribute};
use tenure_lifecycle::ids::{SkuId, UserId};
use tenure_lifecycle::ports::{
    DeletedItems as _, Directory as _, LicenseError, Licenses as _, NewUser, Query, SkuRemoval,
};
use tenure_store::SqliteStore;

const PEOPLE: usize = 4;
const SKUS: usize = 3;

/// Something that is tried; people and skus by place.
#[derive(Clone, Debug)]
enum Step {
    Change { user: usize, add: BTreeSet<usize>, remove: BTreeSet<usize> },
    Delete(usize),
    Restore(usize),
    Purge(usize),
    PurgeAll,
    Limit(usize, Option<i64>),
    DeleteSku(usize),
    EnterSku(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let skus = || prop::collection::btree_set(0..SKUS, 0..3);
    let change = (0..PEOPLE, skus(), skus());
    prop_oneof![
        6 => change.prop_map(|(user, add, remove)| Step::Change { user, add, remove }),
        1 => (0..PEOPLE).prop_map(Step::Delete),
        1 => (0..PEOPLE).prop_map(Step::Restore),
        1 => (0..PEOPLE).prop_map(Step::Purge),
        1 => Just(Step::PurgeAll),
        1 => (0..SKUS, prop::option::of(0i64..3)).prop_map(|(sku, units)| Step::Limit(sku, units)),
        1 => (0..SKUS).prop_map(Step::DeleteSku),
        1 => (0..SKUS).prop_map(Step::EnterSku),
    ]
}

#[derive(Clone, Copy, PartialEq)]
enum Person {
    Here,
    Deleted,
    Gone,
}

/// How many there are; `None` is without limit.
#[derive(Clone, Copy)]
struct Units(Option<i64>);

/// What ought to be.
struct Books {
    people: [Person; PEOPLE],
    /// How many may have one; `None` where there is no such sku.
    skus: [Option<Units>; SKUS],
    /// Who has what.
    rows: BTreeSet<(usize, usize)>,
}

impl Books {
    fn consumed(&self, sku: usize) -> i64 {
        self.rows.iter().filter(|(_, one)| *one == sku).count() as i64
    }

    /// What a change comes to, unless it is refused.
    fn changed(
        &self,
        user: usize,
        add: &BTreeSet<usize>,
        remove: &BTreeSet<usize>,
    ) -> Option<BTreeSet<(usize, usize)>> {
        let mut rows = self.rows.clone();
        let is_here = self.people[user] == Person::Here;
        let taken = remove.iter().all(|sku| rows.remove(&(user, *sku)));
        let given = add.iter().all(|sku| {
            let used = rows.iter().filter(|(_, one)| one == sku).count() as i64;
            let has = rows.contains(&(user, *sku));
            let left = self.skus[*sku].is_some_and(|Units(units)| units.is_none_or(|units| used < units));
            let fits = self.skus[*sku].is_some() && (has || left);
            rows.insert((user, *sku));
            fits
        });
        (is_here && taken && given).then_some(rows)
    }

    fn free(&mut self, user: usize) {
        self.people[user] = Person::Gone;
        self.rows.retain(|(one, _)| *one != user);
    }
}

struct World {
    directory: tempfile::TempDir,
    store: SqliteStore,
    users: Vec<UserId>,
    skus: Vec<SkuId>,
    books: Books,
}

fn now() -> Timestamp {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

impl World {
    fn new() -> Self {
        let (directory, ids) = (tempfile::tempdir().unwrap(), CountingIds::default());
        let store = SqliteStore::open(directory.path(), &ids).unwrap();
        let users: Vec<UserId> = (0..PEOPLE).map(|_| UserId(ids.fresh())).collect();
        for (place, id) in users.iter().enumerate() {
            let known = |name: &str, value: String| (attribute(name).unwrap(), Value::Text(value));
            let set = vec![
                known("userPrincipalName", format!("p{place}@x")),
                known("usageLocation", "DE".to_owned()),
            ];
            let new = NewUser { id: *id, set, manager: None, protected: false, feed: None, sponsors: vec![] };
            store.create_user(&new, now(), Actor::Engine).unwrap();
        }
        let skus = (0..SKUS).map(|_| SkuId(ids.fresh())).collect();
        let books = Books { people: [Person::Here; PEOPLE], skus: [None; SKUS], rows: BTreeSet::new() };
        let mut world = Self { directory, store, users, skus, books };
        (0..SKUS).for_each(|sku| world.enter(sku));
        world
    }

    fn enter(&mut self, sku: usize) {
        let new = Sku {
            number: 0,
            id: self.skus[sku],
            part_number: format!("SKU{sku}"),
            enabled: Some(2),
            consumed: 0,
            created: now(),
        };
        let entered = self.store.create_sku(&new, Actor::Engine).is_ok();
        assert_eq!(entered, self.books.skus[sku].is_none());
        self.books.skus[sku].get_or_insert(Units(Some(2)));
    }

    fn take(&mut self, step: &Step) {
        let Self { store, users, skus, books, .. } = self;
        match step {
            Step::Change { user, add, remove } => {
                let ids = |places: &BTreeSet<usize>| places.iter().map(|place| skus[*place]).collect();
                let change = LicenseChange { add: ids(add), remove: ids(remove) };
                let done = store.change_licenses(users[*user], &change, now(), Actor::Engine);
                let expected = books.changed(*user, add, remove);
                assert_eq!(done.is_ok(), expected.is_some(), "{done:?}");
                assert!(
                    !matches!(done, Err(LicenseError::Store(_) | LicenseError::NoUsageLocation)),
                    "{done:?}"
                );
                books.rows = expected.unwrap_or(std::mem::take(&mut books.rows));
            }
            Step::Delete(user) => {
                let done = store.delete_user(users[*user], now(), Actor::Engine);
                assert_eq!(done.is_ok(), books.people[*user] == Person::Here);
                if done.is_ok() {
                    books.people[*user] = Person::Deleted;
                }
            }
            Step::Restore(user) => {
                let done = store.restore_user(users[*user], now(), Actor::Engine);
                assert_eq!(done.is_ok(), books.people[*user] == Person::Deleted);
                if done.is_ok() {
                    books.people[*user] = Person::Here;
                }
            }
            Step::Purge(user) => {
                let done = store.purge_user(users[*user], now(), Actor::Engine);
                assert_eq!(done.is_ok(), books.people[*user] == Person::Deleted);
                if done.is_ok() {
                    books.free(*user);
                }
            }
            Step::PurgeAll => {
                store.purge_deleted_by(now(), 100, now(), Actor::Engine).unwrap();
                for user in 0..PEOPLE {
                    if books.people[user] == Person::Deleted {
                        books.free(user);
                    }
                }
            }
            Step::Limit(sku, units) => {
                let patch = SkuPatch { enabled: Some(*units), ..SkuPatch::default() };
                let done = store.update_sku(skus[*sku], &patch, now(), Actor::Engine);
                assert_eq!(done.is_ok(), books.skus[*sku].is_some());
                if done.is_ok() {
                    books.skus[*sku] = Some(Units(*units));
                }
            }
            Step::DeleteSku(sku) => {
                let done = store.delete_sku(skus[*sku], now(), Actor::Engine).unwrap();
                let expected = match (books.skus[*sku], books.consumed(*sku)) {
                    (None, _) => SkuRemoval::Missing,
                    (Some(_), 0) => SkuRemoval::Removed,
                    (Some(_), people) => SkuRemoval::Held(people),
                };
                assert_eq!(done, expected);
                if done == SkuRemoval::Removed {
                    books.skus[*sku] = None;
                }
            }
            Step::EnterSku(sku) => self.enter(*sku),
        }
    }

    /// The store says what the books say: in its counters, in what it shows, in its rows and in its audit.
    fn balances(&self) {
        let query = Query { limit: 100, ..Query::default() };
        let listed = self.store.list_skus(&query).unwrap().items;
        for (place, id) in self.skus.iter().enumerate() {
            let found = listed.iter().find(|sku| sku.id == *id);
            let expected = self.books.skus[place].map(|Units(units)| (units, self.books.consumed(place)));
            assert_eq!(found.map(|sku| (sku.enabled, sku.consumed)), expected, "sku {place}");
        }
        let numbers: Vec<i64> = (1..=PEOPLE as i64).collect();
        let shown: BTreeSet<(usize, usize)> = self
            .store
            .licenses_of(&numbers)
            .unwrap()
            .into_iter()
            .map(|(user, sku)| (user as usize - 1, sku.number as usize - 1))
            .collect();
        let is_here = |(user, _): &(usize, usize)| self.books.people[*user] == Person::Here;
        assert_eq!(shown, self.books.rows.iter().copied().filter(is_here).collect());
        let path = self.directory.path().join("tenure.db");
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let count = |sql: &str| -> i64 { file.query_row(sql, [], |row| row.get(0)).unwrap() };
        assert_eq!(count("SELECT count(*) FROM licenses"), self.books.rows.len() as i64);
        let wrong = "SELECT count(*) FROM skus s
                      WHERE s.consumed <> (SELECT count(*) FROM licenses l WHERE l.sku = s.number)";
        assert_eq!(count(wrong), 0);
        let entries = |activity: Activity| {
            count(&format!("SELECT count(*) FROM audit WHERE activity = {}", activity.code()))
        };
        let left = entries(Activity::AssignLicense) - entries(Activity::RemoveLicense);
        assert_eq!(left, self.books.rows.len() as i64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_many_are_consumed_as_people_have(steps in vec(step(), 1..40)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            world.balances();
        }
    }
}
