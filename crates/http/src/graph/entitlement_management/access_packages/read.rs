//! `GET …/accessPackages` and `/{id}`

use std::collections::HashMap;

use serde_json::Value;
use tenure_lifecycle::directory::AccessPackage;

use super::super::assignment_policies::shape::{POLICY, policy_item};
use super::shape::{PACKAGE, package_item};
use crate::errors::GraphError;
use crate::odata::{self, Expansion, Item, List, Navigation};
use crate::request::Request;
use crate::response::Response;

const EXPANDABLE: &[Navigation] = &[Navigation::many("assignmentPolicies", || &POLICY)];

/// Lists access packages.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&PACKAGE)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_access_packages(&query)?) } else { None };
    let slice = store.list_access_packages(&query)?;
    let items = items(request, &slice.items, &expansion)?;
    let list = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &PACKAGE, &request.context_path, list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&PACKAGE)?;
    Ok(odata::count(request.lifecycle().store.count_access_packages(&query)?))
}

/// Gets an access package.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
    let package = request.lifecycle().access_package(request.parameter("package"))?;
    let item = items(request, std::slice::from_ref(&package), &expansion)?.pop().unwrap_or_default();
    odata::entity(request, &PACKAGE, &request.context_path, item, &expansion.names())
}

/// These packages with their policies, if those are to be spelled out.
fn items(
    request: &Request,
    packages: &[AccessPackage],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let mut items: Vec<Item> = packages.iter().map(package_item).collect();
    if !expansion.has("assignmentPolicies") {
        return Ok(items);
    }
    let numbers: Vec<i64> = packages.iter().map(|package| package.number).collect();
    let mut policies: HashMap<i64, Vec<Value>> = HashMap::new();
    for policy in request.lifecycle().store.policies_of_packages(&numbers)? {
        policies.entry(policy.package).or_default().push(Value::Object(policy_item(&policy)));
    }
    for (item, number) in items.iter_mut().zip(numbers) {
        let policies = policies.remove(&number).unwrap_or_default();
        item.insert("assignmentPolicies".to_owned(), policies.into());
        expansion.apply(item)?;
    }
    Ok(items)
}
