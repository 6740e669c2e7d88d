//! Which licences people have, read once for a whole page.

use std::collections::HashMap;

use serde_json::{Value, json};
use tenure_lifecycle::directory::User;
use tenure_lifecycle::ids::SkuId;
use tenure_lifecycle::ports::{Store, StoreError};

use crate::odata::Selection;

/// Licences of people, by the people's numbers.
#[derive(Default)]
pub(crate) struct Licenses(HashMap<i64, Vec<SkuId>>);

impl Licenses {
    /// Those of people who are shown under a selection; nothing is read unless it shows licences.
    pub(crate) fn shown<'a>(
        store: &dyn Store,
        selection: &Selection,
        users: impl IntoIterator<Item = &'a User>,
    ) -> Result<Self, StoreError> {
        if selection.shows("assignedLicenses", false) { Self::of(store, users) } else { Ok(Self::default()) }
    }

    /// Those of these people.
    pub(crate) fn of<'a>(
        store: &dyn Store,
        users: impl IntoIterator<Item = &'a User>,
    ) -> Result<Self, StoreError> {
        let numbers: Vec<i64> = users.into_iter().map(|user| user.number).collect();
        let mut held: HashMap<i64, Vec<SkuId>> = HashMap::new();
        if !numbers.is_empty() {
            for (user, sku) in store.licenses_of(&numbers)? {
                held.entry(user).or_default().push(sku.id);
            }
        }
        Ok(Self(held))
    }

    /// A person's `assignedLicenses`.
    pub(crate) fn assigned(&self, user: &User) -> Value {
        let held = self.0.get(&user.number).into_iter().flatten();
        held.map(|sku| json!({ "disabledPlans": [], "skuId": sku })).collect()
    }
}
