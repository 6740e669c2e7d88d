//! Access packages: what there is, under which policies, who has it, who wishes it were.

use jiff::Timestamp;

use super::{Query, QueryError, Slice, StoreError, WriteError};
use crate::audit::Actor;
use crate::directory::{
    AccessPackage, AccessPackagePatch, Assignment, AssignmentPolicy, AssignmentRequest, PolicyPatch,
    RequestKind,
};
use crate::ids::{AccessPackageId, AssignmentId, AssignmentRequestId, PolicyId, UserId};

/// What became of a package or policy that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone.
    Deleted,
    /// There is none.
    Missing,
    /// Somebody has an assignment of it.
    Assigned,
    /// A request for it waits.
    Requested,
}

/// A package that somebody is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageRequest {
    /// The request's own id.
    pub id: AssignmentRequestId,
    /// The id of the assignment that may come of it.
    pub assignment: AssignmentId,
    /// Whether an administrator gives the package or somebody asks for it.
    pub kind: RequestKind,
    /// Who is to get it.
    pub user: UserId,
    /// The package.
    pub package: AccessPackageId,
    /// The policy, which has to be one of the package.
    pub policy: PolicyId,
}

/// What became of a wish for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requested {
    /// It is done, or waits for approval.
    Recorded(AssignmentRequest),
    /// There is no such person.
    NoUser,
    /// There is no such package.
    NoPackage,
    /// The package has no such policy.
    NoPolicy,
    /// The person has the package.
    Has,
    /// A request of the person for the package waits already.
    Waits,
}

/// What became of a wish for the end of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It has ended.
    Recorded(AssignmentRequest),
    /// There is no such assignment.
    Missing,
    /// It had ended before.
    Over,
}

/// What became of a request that was to be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// It is withdrawn.
    Withdrawn,
    /// There is none.
    Missing,
    /// It does not wait any more.
    Over,
}

/// Access packages. Whatever changes what somebody has, or waits for, raises the version of that person.
pub trait Entitlements {
    /// A package that is not deleted.
    fn access_package(&self, id: AccessPackageId) -> Result<Option<AccessPackage>, StoreError>;
    /// Packages by number, in any order, deleted ones too.
    fn access_packages_by_number(&self, numbers: &[i64]) -> Result<Vec<AccessPackage>, StoreError>;
    /// Packages that are not deleted, oldest first.
    fn list_access_packages(&self, query: &Query) -> Result<Slice<AccessPackage>, QueryError>;
    /// How many fit.
    fn count_access_packages(&self, query: &Query) -> Result<i64, QueryError>;
    /// Creates a package; its number is the store's to give.
    fn create_access_package(
        &self,
        package: &AccessPackage,
        actor: Actor,
    ) -> Result<AccessPackage, WriteError>;
    /// Changes a package.
    fn update_access_package(
        &self,
        id: AccessPackageId,
        patch: &AccessPackagePatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<AccessPackage, WriteError>;
    /// Deletes a package and its policies, unless somebody has it or waits for it.
    fn delete_access_package(
        &self,
        id: AccessPackageId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Deletion, StoreError>;

    /// A policy that is not deleted.
    fn assignment_policy(&self, id: PolicyId) -> Result<Option<AssignmentPolicy>, StoreError>;
    /// Policies by number, in any order, deleted ones too.
    fn assignment_policies_by_number(&self, numbers: &[i64]) -> Result<Vec<AssignmentPolicy>, StoreError>;
    /// The policies of packages (by number) that are not deleted, oldest first.
    fn policies_of_packages(&self, packages: &[i64]) -> Result<Vec<AssignmentPolicy>, StoreError>;
    /// Policies that are not deleted, oldest first.
    fn list_assignment_policies(&self, query: &Query) -> Result<Slice<AssignmentPolicy>, QueryError>;
    /// How many fit.
    fn count_assignment_policies(&self, query: &Query) -> Result<i64, QueryError>;
    /// Creates a policy, of the package of that number; its own number is the store's to give. `None` if the package has as
    /// many as `most`.
    fn create_assignment_policy(
        &self,
        policy: &AssignmentPolicy,
        most: usize,
        actor: Actor,
    ) -> Result<Option<AssignmentPolicy>, WriteError>;
    /// Changes a policy; assignments that are there already stay as they are.
    fn update_assignment_policy(
        &self,
        id: PolicyId,
        patch: &PolicyPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<AssignmentPolicy, WriteError>;
    /// Deletes a policy, unless somebody has an assignment under it or waits for one.
    fn delete_assignment_policy(
        &self,
        id: PolicyId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Deletion, StoreError>;

    /// An assignment, whether or not it has ended.
    fn assignment(&self, id: AssignmentId) -> Result<Option<Assignment>, StoreError>;
    /// Assignments by number, in any order.
    fn assignments_by_number(&self, numbers: &[i64]) -> Result<Vec<Assignment>, StoreError>;
    /// Assignments, oldest first, those that have ended too.
    fn list_assignments(&self, query: &Query) -> Result<Slice<Assignment>, QueryError>;
    /// How many fit.
    fn count_assignments(&self, query: &Query) -> Result<i64, QueryError>;

    /// A request.
    fn assignment_request(&self, id: AssignmentRequestId) -> Result<Option<AssignmentRequest>, StoreError>;
    /// Requests, oldest first.
    fn list_assignment_requests(&self, query: &Query) -> Result<Slice<AssignmentRequest>, QueryError>;
    /// How many fit.
    fn count_assignment_requests(&self, query: &Query) -> Result<i64, QueryError>;
    /// Gives somebody a package or, where its policy wants approval, records that they wait for it.
    fn request_package(
        &self,
        request: &PackageRequest,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Requested, StoreError>;
    /// Ends an assignment; the request that says so gets that id.
    fn end_assignment(
        &self,
        assignment: AssignmentId,
        request: AssignmentRequestId,
        kind: RequestKind,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Ended, StoreError>;
    /// Withdraws a request that waits.
    fn withdraw_request(
        &self,
        id: AssignmentRequestId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Withdrawal, StoreError>;

    /// Ends at most `limit` assignments whose time is over, as of that time; says how many.
    fn end_expired_assignments(&self, now: Timestamp, limit: usize) -> Result<usize, StoreError>;
    /// When the next assignment ends by itself, after that moment.
    fn next_expiry(&self, after: Timestamp) -> Result<Option<Timestamp>, StoreError>;
}
