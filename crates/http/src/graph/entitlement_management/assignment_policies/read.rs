//! `GET …/assignmentPolicies` and `/{id}`

use tenure_lifecycle::directory::AssignmentPolicy;
use tenure_lifecycle::expression::{Expression, Literal, Operator, Path};
use tenure_lifecycle::ports::Query;

use super::super::access_packages::shape::{PACKAGE, package_item, packages};
use super::shape::{POLICY, policy_item};
use crate::errors::GraphError;
use crate::odata::{self, Expansion, Item, List, Navigation};
use crate::request::Request;
use crate::response::Response;

const EXPANDABLE: &[Navigation] = &[Navigation::one("accessPackage", || &PACKAGE)];

/// Lists policies.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    respond(request, &request.query(&POLICY)?)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&POLICY)?;
    Ok(odata::count(request.lifecycle().store.count_assignment_policies(&query)?))
}

/// Lists the policies of an access package.
pub(super) fn list_of_package(request: &Request) -> Result<Response, GraphError> {
    respond(request, &of_package(request)?)
}

/// `/$count`
pub(super) fn count_of_package(request: &Request) -> Result<Response, GraphError> {
    let query = of_package(request)?;
    Ok(odata::count(request.lifecycle().store.count_assignment_policies(&query)?))
}

/// What is asked of the policies, of those of the package of the path.
fn of_package(request: &Request) -> Result<Query, GraphError> {
    let query = request.query(&POLICY)?;
    let package = request.lifecycle().access_package(request.parameter("package"))?;
    let of_it = Expression::Compare {
        path: Path { variable: None, segments: vec!["accessPackage".to_owned(), "id".to_owned()] },
        operator: Operator::Eq,
        literal: Literal::Guid(package.id.0),
    };
    let filter = match query.filter {
        None => of_it,
        Some(filter) => Expression::And(vec![of_it, filter]),
    };
    Ok(Query { filter: Some(filter), ..query })
}

fn respond(request: &Request, query: &Query) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_assignment_policies(query)?) } else { None };
    let slice = store.list_assignment_policies(query)?;
    let items = items(request, &slice.items, &expansion)?;
    let list = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &POLICY, &request.context_path, list)
}

/// Gets a policy.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
    let policy = request.lifecycle().assignment_policy(request.parameter("policy"))?;
    let item = items(request, std::slice::from_ref(&policy), &expansion)?.pop().unwrap_or_default();
    odata::entity(request, &POLICY, &request.context_path, item, &expansion.names())
}

/// These policies with their packages, if those are to be spelled out.
fn items(
    request: &Request,
    policies: &[AssignmentPolicy],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let wanted = expansion.has("accessPackage");
    let numbers = policies.iter().map(|policy| policy.package);
    let packages = packages(request.lifecycle().store.as_ref(), wanted, numbers)?;
    let item = |policy: &AssignmentPolicy| {
        let mut item = policy_item(policy);
        if wanted {
            let package = packages.get(&policy.package).map(package_item);
            item.insert("accessPackage".to_owned(), package.into());
            expansion.apply(&mut item)?;
        }
        Ok(item)
    };
    policies.iter().map(item).collect()
}
