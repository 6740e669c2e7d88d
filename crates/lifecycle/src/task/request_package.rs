//! "Request user access package assignment". Undone by ending the assignment.

use jiff::{SignedDuration, Timestamp};
use uuid::uuid;

use super::{
    ArgumentError, Arguments, Names, Parameter, People, Plan, PlanTask, Reads, Refusal, Snapshot,
    TaskDefinition, packages,
};
use crate::clock::whole_millis;
use crate::directory::{AccessPackage, AssignmentPolicy};
use crate::effect::Change;
use crate::ids::{AssignmentId, PolicyId};
use crate::workflow::Category;

const POLICY: &str = "assignmentPolicyId";

pub(super) struct RequestPackage;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("c1ec1e76-f374-4375-aaa6-0bb6bd4c60be"),
    display_name: "Request user access package assignment",
    description: "Requests an access package for the user.",
    categories: &[Category::Joiner, Category::Mover],
    continue_on_error: false,
    parameters: &[Parameter::ids(POLICY, Names::Policy, true), packages::PARAMETER],
    version: 1,
};

impl PlanTask for RequestPackage {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Packages]
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        named(people, arguments).err().map(|refusal| refusal.0)
    }

    fn contradiction(&self, people: &People, arguments: &Arguments<'_>) -> Option<ArgumentError> {
        named(people, arguments)
            .err()
            .map(|refusal| ArgumentError::new(POLICY, format!("does not fit: {}", refusal.0)))
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let (package, policy) = named(subject.people, arguments)?;
        if subject.assignment(package.number).is_some() {
            return Ok(Plan::nothing_to_do("the user has the access package already"));
        }
        let expires = policy.expires_after_days.map(|days| {
            let after = SignedDuration::from_hours(days.saturating_mul(24));
            whole_millis(subject.now.checked_add(after).unwrap_or(Timestamp::MAX))
        });
        Ok(Plan::one(Change::AssignPackage {
            id: AssignmentId(subject.ids.fresh()),
            request: subject.fresh_request(),
            package: package.number,
            policy: policy.number,
            expires,
        }))
    }
}

/// The package and the policy that are named.
fn named<'a>(
    people: &'a People,
    arguments: &Arguments<'_>,
) -> Result<(&'a AccessPackage, &'a AssignmentPolicy), Refusal> {
    let package = packages::named(people, arguments)?;
    let id = arguments.ids::<PolicyId>(POLICY).into_iter().next();
    let Some(policy) = id.and_then(|id| people.policies.get(&id)) else {
        let id = arguments.get(POLICY).unwrap_or_default();
        return Err(Refusal(format!("the assignment policy {id} does not exist")));
    };
    if policy.package != package.number {
        return Err(Refusal(format!(
            "the assignment policy '{}' belongs to another access package than '{}'",
            policy.display_name, package.display_name
        )));
    }
    Ok((package, policy))
}
