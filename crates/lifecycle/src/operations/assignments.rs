//! Who has which access package: asking for one, giving it, ending it.

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::{Assignment, AssignmentRequest, RequestKind};
use crate::ids::{AccessPackageId, AssignmentId, AssignmentRequestId, PolicyId, UserId};
use crate::ports::{Ended, PackageRequest, Requested, Withdrawal};
use crate::token::Caller;

/// A package that somebody is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedPackage {
    /// Who.
    pub user: UserId,
    /// The package.
    pub package: AccessPackageId,
    /// The policy under which they get it.
    pub policy: PolicyId,
}

impl Lifecycle {
    /// An assignment, whether or not it has ended.
    pub fn assignment(&self, key: &str) -> Result<Assignment, OperationError> {
        let found = match key.parse::<AssignmentId>() {
            Ok(id) => self.store.assignment(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("assignment '{key}'")))
    }

    /// A request.
    pub fn assignment_request(&self, key: &str) -> Result<AssignmentRequest, OperationError> {
        let found = match key.parse::<AssignmentRequestId>() {
            Ok(id) => self.store.assignment_request(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("assignment request '{key}'")))
    }

    /// Gives somebody a package; if they ask themselves and the policy wants approval, records that they wait.
    pub fn request_package(
        &self,
        caller: &Caller,
        kind: RequestKind,
        wanted: WantedPackage,
    ) -> Result<AssignmentRequest, OperationError> {
        let request = PackageRequest {
            id: AssignmentRequestId(self.ids.fresh()),
            assignment: AssignmentId(self.ids.fresh()),
            kind,
            user: wanted.user,
            package: wanted.package,
            policy: wanted.policy,
        };
        let refused =
            |property: &str, rule: &str| Err(OperationError::invalid(format!("assignment/{property}"), rule));
        match self.store.request_package(&request, self.now(), Actor::Caller(caller.id))? {
            Requested::Recorded(request) => Ok(request),
            Requested::NoUser => refused("targetId", "names a user who does not exist"),
            Requested::NoPackage => refused("accessPackageId", "names an access package that does not exist"),
            Requested::NoPolicy => {
                refused("assignmentPolicyId", "names a policy that the access package does not have")
            }
            Requested::Has => refused("accessPackageId", "names an access package that the user has already"),
            Requested::Waits => {
                refused("accessPackageId", "names an access package that the user waits for already")
            }
        }
    }

    /// Ends an assignment.
    pub fn end_assignment(
        &self,
        caller: &Caller,
        kind: RequestKind,
        assignment: AssignmentId,
    ) -> Result<AssignmentRequest, OperationError> {
        let request = AssignmentRequestId(self.ids.fresh());
        let actor = Actor::Caller(caller.id);
        match self.store.end_assignment(assignment, request, kind, self.now(), actor)? {
            Ended::Recorded(request) => Ok(request),
            Ended::Missing => {
                Err(OperationError::invalid("assignment/id", "names an assignment that does not exist"))
            }
            Ended::Over => {
                Err(OperationError::invalid("assignment/id", "names an assignment that has ended already"))
            }
        }
    }

    /// Withdraws a request that waits.
    pub fn withdraw_request(&self, caller: &Caller, id: AssignmentRequestId) -> Result<(), OperationError> {
        match self.store.withdraw_request(id, self.now(), Actor::Caller(caller.id))? {
            Withdrawal::Withdrawn => Ok(()),
            Withdrawal::Missing => Err(OperationError::NotFound(format!("assignment request '{id}'"))),
            Withdrawal::Over => Err(OperationError::Conflict(format!(
                "assignment request '{id}' does not wait any more, so it cannot be canceled"
            ))),
        }
    }
}
