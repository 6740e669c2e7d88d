//! Access packages and the policies under which they are assigned.

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::{AccessPackage, AccessPackagePatch, AssignmentPolicy, PolicyPatch};
use crate::ids::{AccessPackageId, PolicyId};
use crate::ports::Deletion;
use crate::token::Caller;
use crate::workflow::{Invalid, validate_description, validate_name};

/// Most policies of one package.
const POLICIES: usize = 100;

fn check_texts(name: Option<&String>, description: Option<&Option<String>>) -> Result<(), Invalid> {
    if let Some(name) = name {
        validate_name("displayName", name)?;
    }
    validate_description("description", description.and_then(Option::as_deref))
}

fn check_policy(patch: &PolicyPatch) -> Result<(), Invalid> {
    check_texts(patch.display_name.as_ref(), patch.description.as_ref())?;
    match patch.expires_after_days.flatten() {
        Some(days) if !AssignmentPolicy::DAYS.contains(&days) => {
            let (fewest, most) = (AssignmentPolicy::DAYS.start(), AssignmentPolicy::DAYS.end());
            Err(Invalid::new("expiration/duration", format!("must be {fewest} to {most} days, such as P30D")))
        }
        _ => Ok(()),
    }
}

/// What a deletion came to, for something that is called `what`.
fn deleted(deletion: Deletion, what: &str, key: impl std::fmt::Display) -> Result<(), OperationError> {
    let refused = |why: &str| Err(OperationError::Conflict(format!("{what} '{key}' {why}")));
    match deletion {
        Deletion::Deleted => Ok(()),
        Deletion::Missing => Err(OperationError::NotFound(format!("{what} '{key}'"))),
        Deletion::Assigned => refused("cannot be deleted while somebody has an assignment of it"),
        Deletion::Requested => refused("cannot be deleted while a request for it waits for approval"),
    }
}

impl Lifecycle {
    /// An access package.
    pub fn access_package(&self, key: &str) -> Result<AccessPackage, OperationError> {
        let found = match key.parse::<AccessPackageId>() {
            Ok(id) => self.store.access_package(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("access package '{key}'")))
    }

    /// Creates an access package, which needs a name.
    pub fn create_access_package(
        &self,
        caller: &Caller,
        new: AccessPackagePatch,
    ) -> Result<AccessPackage, OperationError> {
        check_texts(new.display_name.as_ref(), new.description.as_ref())?;
        let now = self.now();
        let package = AccessPackage {
            number: 0,
            id: AccessPackageId(self.ids.fresh()),
            display_name: new
                .display_name
                .ok_or_else(|| OperationError::invalid("displayName", "is required"))?,
            description: new.description.flatten(),
            is_hidden: new.is_hidden.unwrap_or(false),
            created: now,
            modified: now,
        };
        Ok(self.store.create_access_package(&package, Actor::Caller(caller.id))?)
    }

    /// Changes an access package.
    pub fn update_access_package(
        &self,
        caller: &Caller,
        id: AccessPackageId,
        patch: &AccessPackagePatch,
    ) -> Result<AccessPackage, OperationError> {
        check_texts(patch.display_name.as_ref(), patch.description.as_ref())?;
        Ok(self.store.update_access_package(id, patch, self.now(), Actor::Caller(caller.id))?)
    }

    /// Deletes an access package that nobody has and nobody waits for, with its policies.
    pub fn delete_access_package(&self, caller: &Caller, id: AccessPackageId) -> Result<(), OperationError> {
        let deletion = self.store.delete_access_package(id, self.now(), Actor::Caller(caller.id))?;
        deleted(deletion, "access package", id)
    }

    /// A policy.
    pub fn assignment_policy(&self, key: &str) -> Result<AssignmentPolicy, OperationError> {
        let found = match key.parse::<PolicyId>() {
            Ok(id) => self.store.assignment_policy(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("assignment policy '{key}'")))
    }

    /// Creates a policy of a package, which needs a name.
    pub fn create_assignment_policy(
        &self,
        caller: &Caller,
        package: AccessPackageId,
        new: PolicyPatch,
    ) -> Result<AssignmentPolicy, OperationError> {
        check_policy(&new)?;
        let display_name =
            new.display_name.ok_or_else(|| OperationError::invalid("displayName", "is required"))?;
        let package = self.store.access_package(package)?.ok_or_else(|| {
            OperationError::invalid("accessPackage/id", "names an access package that does not exist")
        })?;
        let now = self.now();
        let policy = AssignmentPolicy {
            number: 0,
            id: PolicyId(self.ids.fresh()),
            package: package.number,
            display_name,
            description: new.description.flatten(),
            expires_after_days: new.expires_after_days.flatten(),
            requires_approval: new.requires_approval.unwrap_or(false),
            created: now,
            modified: now,
        };
        let made = self.store.create_assignment_policy(&policy, POLICIES, Actor::Caller(caller.id))?;
        made.ok_or_else(|| {
            OperationError::invalid(
                "accessPackage/id",
                format!("names a package that has {POLICIES} policies, which is the most"),
            )
        })
    }

    /// Changes a policy; what is assigned already stays as it is.
    pub fn update_assignment_policy(
        &self,
        caller: &Caller,
        id: PolicyId,
        patch: &PolicyPatch,
    ) -> Result<AssignmentPolicy, OperationError> {
        check_policy(patch)?;
        Ok(self.store.update_assignment_policy(id, patch, self.now(), Actor::Caller(caller.id))?)
    }

    /// Deletes a policy under which nobody has anything or waits for it.
    pub fn delete_assignment_policy(&self, caller: &Caller, id: PolicyId) -> Result<(), OperationError> {
        let deletion = self.store.delete_assignment_policy(id, self.now(), Actor::Caller(caller.id))?;
        deleted(deletion, "assignment policy", id)
    }
}
