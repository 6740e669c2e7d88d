//! The entitlements port: access packages, policies, assignments, requests.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::directory::{
    AccessPackage, AccessPackagePatch, Assignment, AssignmentPolicy, AssignmentRequest, PolicyPatch,
    RequestKind,
};
use tenure_lifecycle::ids::{AccessPackageId, AssignmentId, AssignmentRequestId, PolicyId};
use tenure_lifecycle::ports::{
    Deletion, Ended, Entitlements, PackageRequest, Query, QueryError, Requested, Slice, StoreError,
    Withdrawal, WriteError,
};

use super::assignments::Among;
use super::rows::database;
use super::{
    Store, access_packages, assignment_policies, assignments, package_assignments, package_requests,
};

impl Entitlements for Store {
    fn access_package(&self, id: AccessPackageId) -> Result<Option<AccessPackage>, StoreError> {
        self.read(|connection| access_packages::find(connection, id).map_err(database))
    }

    fn access_packages_by_number(&self, numbers: &[i64]) -> Result<Vec<AccessPackage>, StoreError> {
        self.read(|connection| access_packages::by_number(connection, numbers).map_err(database))
    }

    fn list_access_packages(&self, query: &Query) -> Result<Slice<AccessPackage>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(access_packages::segment(mark)));
            access_packages::collection(&segment)
                .slice(connection, query, |row| access_packages::package(row).map_err(database))
        })
    }

    fn count_access_packages(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(access_packages::segment(mark)));
            access_packages::collection(&segment).count(connection, query)
        })
    }

    fn create_access_package(
        &self,
        package: &AccessPackage,
        actor: Actor,
    ) -> Result<AccessPackage, WriteError> {
        let package = package.clone();
        self.writer.write(move |connection| {
            Ok(access_packages::create(connection, &package, actor).map_err(database)?)
        })
    }

    fn update_access_package(
        &self,
        id: AccessPackageId,
        patch: &AccessPackagePatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<AccessPackage, WriteError> {
        let patch = patch.clone();
        self.writer.write(move |connection| access_packages::update(connection, id, &patch, at, actor))
    }

    fn delete_access_package(
        &self,
        id: AccessPackageId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Deletion, StoreError> {
        self.writer.write(move |connection| access_packages::delete(connection, id, at, actor))
    }

    fn assignment_policy(&self, id: PolicyId) -> Result<Option<AssignmentPolicy>, StoreError> {
        self.read(|connection| assignment_policies::find(connection, id).map_err(database))
    }

    fn assignment_policies_by_number(&self, numbers: &[i64]) -> Result<Vec<AssignmentPolicy>, StoreError> {
        self.read(|connection| assignment_policies::by_number(connection, numbers).map_err(database))
    }

    fn policies_of_packages(&self, packages: &[i64]) -> Result<Vec<AssignmentPolicy>, StoreError> {
        self.read(|connection| assignment_policies::of_packages(connection, packages).map_err(database))
    }

    fn list_assignment_policies(&self, query: &Query) -> Result<Slice<AssignmentPolicy>, QueryError> {
        self.read(|connection| {
            let package =
                assignment_policies::package_of(connection, query.filter.as_ref()).map_err(database)?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(assignment_policies::segment(package, mark)));
            assignment_policies::collection(&segment)
                .slice(connection, query, |row| assignment_policies::policy(row).map_err(database))
        })
    }

    fn count_assignment_policies(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let package =
                assignment_policies::package_of(connection, query.filter.as_ref()).map_err(database)?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(assignment_policies::segment(package, mark)));
            assignment_policies::collection(&segment).count(connection, query)
        })
    }

    fn create_assignment_policy(
        &self,
        policy: &AssignmentPolicy,
        most: usize,
        actor: Actor,
    ) -> Result<Option<AssignmentPolicy>, WriteError> {
        let policy = policy.clone();
        self.writer.write(move |connection| assignment_policies::create(connection, &policy, most, actor))
    }

    fn update_assignment_policy(
        &self,
        id: PolicyId,
        patch: &PolicyPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<AssignmentPolicy, WriteError> {
        let patch = patch.clone();
        self.writer.write(move |connection| assignment_policies::update(connection, id, &patch, at, actor))
    }

    fn delete_assignment_policy(
        &self,
        id: PolicyId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Deletion, StoreError> {
        self.writer.write(move |connection| assignment_policies::delete(connection, id, at, actor))
    }

    fn assignment(&self, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
        self.read(|connection| assignments::find(connection, id).map_err(database))
    }

    fn assignments_by_number(&self, numbers: &[i64]) -> Result<Vec<Assignment>, StoreError> {
        self.read(|connection| assignments::by_number(connection, numbers).map_err(database))
    }

    fn list_assignments(&self, query: &Query) -> Result<Slice<Assignment>, QueryError> {
        self.read(|connection| {
            let among = Among::of(connection, query.filter.as_ref()).map_err(database)?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(among.segment(mark)));
            assignments::collection(&segment)
                .slice(connection, query, |row| assignments::assignment(row, 0).map_err(database))
        })
    }

    fn count_assignments(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let among = Among::of(connection, query.filter.as_ref()).map_err(database)?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(among.segment(mark)));
            assignments::collection(&segment).count(connection, query)
        })
    }

    fn assignment_request(&self, id: AssignmentRequestId) -> Result<Option<AssignmentRequest>, StoreError> {
        self.read(|connection| package_requests::find(connection, id))
    }

    fn list_assignment_requests(&self, query: &Query) -> Result<Slice<AssignmentRequest>, QueryError> {
        self.read(|connection| {
            let user = package_requests::requestor(connection, query.filter.as_ref()).map_err(database)?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(package_requests::segment(user, mark)));
            package_requests::collection(&segment)
                .slice(connection, query, |row| package_requests::request(row, 0))
        })
    }

    fn count_assignment_requests(&self, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let user = package_requests::requestor(connection, query.filter.as_ref()).map_err(database)?;
            let segment = |_: &_, mark: Option<&_>| Ok(Some(package_requests::segment(user, mark)));
            package_requests::collection(&segment).count(connection, query)
        })
    }

    fn request_package(
        &self,
        request: &PackageRequest,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Requested, StoreError> {
        let request = *request;
        self.writer
            .write(move |connection| package_requests::request_package(connection, &request, at, actor))
    }

    fn end_assignment(
        &self,
        assignment: AssignmentId,
        request: AssignmentRequestId,
        kind: RequestKind,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Ended, StoreError> {
        self.writer.write(move |connection| {
            package_requests::end_assignment(connection, assignment, request, kind, at, actor)
        })
    }

    fn withdraw_request(
        &self,
        id: AssignmentRequestId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Withdrawal, StoreError> {
        self.writer.write(move |connection| package_requests::withdraw(connection, id, at, actor))
    }

    fn end_expired_assignments(&self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let now = now.as_millisecond();
        // Mostly there is none, and then the writer is not kept from its work.
        let waits = self.read(|connection| {
            package_assignments::next_expiry(connection, i64::MIN)
                .map(|first| first.is_some_and(|first| first <= now))
                .map_err(database)
        })?;
        if !waits {
            return Ok(0);
        }
        self.writer.write(move |connection| {
            package_assignments::end_expired(connection, now, limit).map_err(database)
        })
    }

    fn next_expiry(&self, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| {
            let next = package_assignments::next_expiry(connection, after.as_millisecond());
            Ok(next.map_err(database)?.map(from_millis))
        })
    }
}
