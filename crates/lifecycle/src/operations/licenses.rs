//! Licences: what the organisation has, and giving and taking them.

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::{LicenseChange, Sku, SkuPatch};
use crate::ids::{SkuId, UserId};
use crate::ports::{LicenseError, Query, SkuRemoval};
use crate::token::Caller;
use crate::words::counted;
use crate::workflow::validate_name;

/// Most kinds of licences: what people have is listed with them.
const SKUS: i64 = 1_000;

impl Lifecycle {
    /// A kind of licence by its id, or by Graph's: that of the organisation, an underscore, and its own.
    pub fn sku(&self, key: &str) -> Result<Sku, OperationError> {
        let plain = match key.split_once('_') {
            Some((organization, id)) => {
                let ours = self.store.installation()?.organization.to_string();
                organization.eq_ignore_ascii_case(&ours).then_some(id)
            }
            None => Some(key),
        };
        let found = match plain.and_then(|id| id.parse::<SkuId>().ok()) {
            Some(id) => self.store.sku(id)?,
            None => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("subscribed sku '{key}'")))
    }

    /// Enters a kind of licence; without an id it gets a fresh one.
    pub fn create_sku(
        &self,
        caller: &Caller,
        id: Option<SkuId>,
        part_number: &str,
        enabled: Option<i64>,
    ) -> Result<Sku, OperationError> {
        validate_name("skuPartNumber", part_number)?;
        if self.store.count_skus(&Query::default())? >= SKUS {
            return Err(OperationError::Conflict(format!(
                "There can be at most {SKUS} subscribed skus; delete one first."
            )));
        }
        let sku = Sku {
            number: 0,
            id: id.unwrap_or_else(|| SkuId(self.ids.fresh())),
            part_number: part_number.to_owned(),
            enabled,
            consumed: 0,
            created: self.now(),
        };
        self.store.create_sku(&sku, Actor::Caller(caller.id))?;
        Ok(sku)
    }

    /// Changes a kind of licence. Who has one keeps it, also when there are fewer than that.
    pub fn update_sku(&self, caller: &Caller, id: SkuId, patch: &SkuPatch) -> Result<Sku, OperationError> {
        if let Some(name) = &patch.part_number {
            validate_name("skuPartNumber", name)?;
        }
        Ok(self.store.update_sku(id, patch, self.now(), Actor::Caller(caller.id))?)
    }

    /// Deletes a kind of licence that nobody has.
    pub fn delete_sku(&self, caller: &Caller, id: SkuId) -> Result<(), OperationError> {
        match self.store.delete_sku(id, self.now(), Actor::Caller(caller.id))? {
            SkuRemoval::Removed => Ok(()),
            SkuRemoval::Missing => Err(OperationError::NotFound(format!("subscribed sku '{id}'"))),
            SkuRemoval::Held(people) => Err(OperationError::Conflict(format!(
                "{} a license of the sku '{id}', deleted ones counted too; remove those first.",
                counted(people.unsigned_abs(), "person has", "people have")
            ))),
        }
    }

    /// Gives and takes licences of a person, all of it or nothing.
    pub fn assign_licenses(
        &self,
        caller: &Caller,
        user: UserId,
        change: &LicenseChange,
    ) -> Result<(), OperationError> {
        for (name, ids) in [("addLicenses", &change.add), ("removeLicenses", &change.remove)] {
            if ids.len() > SKUS as usize {
                return Err(OperationError::invalid(name, format!("must name at most {SKUS} licenses")));
            }
        }
        if let Some(place) = change.add.iter().position(|id| change.remove.contains(id)) {
            let property = format!("addLicenses/{place}/skuId");
            return Err(OperationError::invalid(property, "is named in removeLicenses too"));
        }
        // Naming one twice says nothing more.
        let once = |ids: &[SkuId]| {
            let first = |(place, id): &(usize, &SkuId)| !ids[..*place].contains(id);
            ids.iter().enumerate().filter(first).map(|(_, id)| *id).collect()
        };
        let wanted = LicenseChange { add: once(&change.add), remove: once(&change.remove) };
        let done = self.store.change_licenses(user, &wanted, self.now(), Actor::Caller(caller.id));
        done.map_err(|error| refusal(error, user, change))
    }
}

/// Why licences were not given and taken, by the property that asked for it.
fn refusal(error: LicenseError, user: UserId, change: &LicenseChange) -> OperationError {
    let place = |ids: &[SkuId], id: SkuId| ids.iter().position(|known| *known == id).unwrap_or_default();
    let to_add = |id| format!("addLicenses/{}/skuId", place(&change.add, id));
    match error {
        LicenseError::Missing => OperationError::NotFound(format!("user '{user}'")),
        LicenseError::NoUsageLocation => {
            OperationError::invalid("usageLocation", "of the user must be set before a license is assigned")
        }
        LicenseError::Unknown(id) => OperationError::invalid(
            to_add(id),
            format!("names the sku '{id}', which the organization does not have"),
        ),
        LicenseError::UsedUp(sku) => OperationError::invalid(
            to_add(sku.id),
            format!("names the sku '{}' ({}), of which no license is left", sku.id, sku.part_number),
        ),
        LicenseError::NotHeld(id) => OperationError::invalid(
            format!("removeLicenses/{}", place(&change.remove, id)),
            format!("names the sku '{id}', of which the user has no license"),
        ),
        LicenseError::Store(cause) => OperationError::Store(cause),
    }
}
