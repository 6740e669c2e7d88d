//! What somebody else changed after the run stays as it is, and the result says so.

use tenure_lifecycle::directory::{GroupPatch, LicenseChange, RequestKind, SkuPatch, UserPatch, Value};
use tenure_lifecycle::operations::WantedPackage;
use tenure_lifecycle::ports::Query;
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{Person, WorkflowSpec};

use crate::ledger;
use crate::stage::Company;

#[test]
fn an_attribute_that_was_changed_since_stays_and_the_rest_is_taken_back() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let updates =
        r#"[{"attribute":"department","value":"Former"},{"attribute":"jobTitle","value":"Former"}]"#;
    let spec = WorkflowSpec::on_demand(Category::Leaver)
        .task("Disable user account", &[])
        .task("Update user attributes", &[("attributeUpdates", updates)]);
    let workflow = company.system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    company.set(ann, &[("department", Value::Text("Board".to_owned()))]);
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(
        company.notes(undo),
        ["1 completed: ", "2 failed: department was changed since, and stays as it is"]
    );
    let user = company.system.user(ann).unwrap();
    assert_eq!(
        (user.account_enabled, user.text("department"), user.text("jobTitle")),
        (Some(true), Some("Board"), None)
    );
    assert_eq!(company.system.run(undo).unwrap().status, Status::CompletedWithErrors);
    ledger::balances(&company.system);
}

#[test]
fn what_is_as_it_was_already_is_no_failure() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let workflow = company
        .system
        .workflow(
            WorkflowSpec::on_demand(Category::Leaver)
                .task("Disable user account", &[])
                .task("Remove user from all groups", &[]),
        )
        .unwrap();
    let run = company.run(&workflow, &[ann]);
    company.set(ann, &[("accountEnabled", Value::Boolean(true))]);
    let (system, group) = (&company.system, &company.groups[0]);
    system.lifecycle.add_member(&system.caller, group.id, ann).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(company.notes(undo), ["1 completed: ", "2 completed: "]);
    assert_eq!(system.groups_of(ann).unwrap(), ["Staff", "Sales", "Team"]);
}

#[test]
fn what_is_gone_or_protected_by_now_is_named() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let workflow = company
        .system
        .workflow(
            WorkflowSpec::on_demand(Category::Leaver)
                .task("Remove user from all groups", &[])
                .task("Remove all licenses for user", &[])
                .task("Remove all access package", &[]),
        )
        .unwrap();
    let run = company.run(&workflow, &[ann]);
    let (lifecycle, caller) = (&company.system.lifecycle, &company.system.caller);
    lifecycle.delete_group(caller, company.groups[0].id).unwrap();
    let protect = GroupPatch { protected: Some(true), ..GroupPatch::default() };
    lifecycle.update_group(caller, company.groups[1].id, &protect).unwrap();
    lifecycle.delete_sku(caller, company.skus[0].id).unwrap();
    // The only one that is left goes to somebody else.
    let one = SkuPatch { enabled: Some(Some(1)), ..SkuPatch::default() };
    lifecycle.update_sku(caller, company.skus[1].id, &one).unwrap();
    company.set(company.boss, &[("usageLocation", Value::Text("DE".to_owned()))]);
    let change = LicenseChange { add: vec![company.skus[1].id], remove: vec![] };
    lifecycle.assign_licenses(caller, company.boss, &change).unwrap();
    lifecycle.delete_access_package(caller, company.policies[0].0).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(
        company.notes(undo),
        [
            "1 failed: the group 'Sales' is protected; the group 'Staff' is deleted",
            "2 failed: no licence 'E5' is left; a licence that was removed is gone",
            "3 failed: the access package '', or its policy, is gone"
        ]
    );
    assert_eq!(company.system.groups_of(ann).unwrap(), ["Team"], "what could be taken back is");
    ledger::balances(&company.system);
}

#[test]
fn somebody_who_is_protected_or_deleted_by_now_is_left_alone() {
    let company = Company::new();
    let people = ["ann", "bob", "eve"].map(|name| company.somebody(name));
    let spec = WorkflowSpec::on_demand(Category::Leaver).task("Disable user account", &[]);
    let workflow = company.system.workflow(spec).unwrap();
    let run = company.run(&workflow, &people);
    let (lifecycle, caller) = (&company.system.lifecycle, &company.system.caller);
    let protect = UserPatch { protected: Some(true), ..UserPatch::default() };
    lifecycle.update_user(caller, people[0], &protect).unwrap();
    lifecycle.delete_user(caller, people[1]).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    let reasons: Vec<Option<String>> =
        (1..=3).map(|seq| company.system.task_results(undo, seq).unwrap().remove(0).failure_reason).collect();
    assert_eq!(
        reasons.iter().map(Option::as_deref).collect::<Vec<_>>(),
        [Some("the user is protected: no task may touch them"), Some("the user is deleted"), None]
    );
    assert_eq!(company.system.user(people[0]).unwrap().account_enabled, Some(false));
    assert_eq!(company.system.user(people[2]).unwrap().account_enabled, Some(true));
}

#[test]
fn nobody_is_restored_under_a_name_that_somebody_else_has() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let spec = WorkflowSpec::on_demand(Category::Leaver)
        .task("Disable user account", &[])
        .task("Delete user account", &[]);
    let workflow = company.system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    let namesake = company.system.person(&Person::named("ann")).unwrap().id;
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(
        company.notes(undo),
        [
            "1 failed: the user is deleted",
            "2 failed: somebody else has the userPrincipalName of the user by now"
        ]
    );
    // Once the name is free, what failed is taken back by another try.
    let (lifecycle, caller) = (&company.system.lifecycle, &company.system.caller);
    lifecycle.delete_user(caller, namesake).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(company.notes(undo), ["1 completed: ", "2 completed: "]);
    assert_eq!(company.system.user(ann).unwrap().account_enabled, Some(true));
}

#[test]
fn somebody_who_was_deleted_for_good_is_not_brought_back() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let workflow = company.leaver();
    let run = company.run(&workflow, &[ann]);
    company.system.lifecycle.purge_user(&company.system.caller, ann).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert!(company.notes(undo).iter().all(|note| note.ends_with("failed: the user was deleted for good")));
    assert_eq!(company.system.run(undo).unwrap().status, Status::Failed);
}

#[test]
fn nobody_who_is_deleted_vouches_for_an_agent_again_and_the_agent_keeps_a_sponsor() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let spec = WorkflowSpec::on_demand(Category::Leaver).task("Transfer agent identity", &[]);
    let workflow = company.system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    company.system.lifecycle.delete_user(&company.system.caller, ann).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(
        company.notes(undo),
        [
            "1 failed: who was sponsor of the agent identity 'ann's agent' is deleted; the agent identity 'ann's agent' \
          would be left without a sponsor"
        ]
    );
}

#[test]
fn an_account_of_somebody_who_holds_a_role_by_now_is_left_alone() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let spec = WorkflowSpec::on_demand(Category::Leaver)
        .task("Update user attributes", &[("attributeUpdates", r#"[{"attribute":"city","value":"Oslo"}]"#)]);
    let city = company.system.workflow(spec).unwrap();
    let mut spec = WorkflowSpec::on_demand(Category::Leaver).task("Disable user account", &[]);
    "second".clone_into(&mut spec.0.display_name);
    let account = company.system.workflow(spec).unwrap();
    let (moved, disabled) = (company.run(&city, &[ann]), company.run(&account, &[ann]));
    let role = tenure_lifecycle::directory::ROLES[0].id;
    company.system.lifecycle.add_role(&company.system.caller, ann, role, "/").unwrap();
    let undo = company.undo(&account, disabled).unwrap();
    assert_eq!(company.notes(undo), ["1 failed: the user holds a directory role"]);
    let undo = company.undo(&city, moved).unwrap();
    assert_eq!(company.notes(undo), ["1 completed: "], "an attribute is no account");
}

#[test]
fn a_package_that_was_assigned_anew_since_stays_assigned() {
    let company = Company::new();
    let (system, ann) = (&company.system, company.system.person(&Person::named("ann")).unwrap().id);
    let (package, policy) = &company.policies[1];
    let (package_id, policy_id) = (package.to_string(), policy.id.to_string());
    let spec = WorkflowSpec::on_demand(Category::Joiner).task(
        "Request user access package assignment",
        &[("accessPackageId", &package_id), ("assignmentPolicyId", &policy_id)],
    );
    let workflow = system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    let wanted = || WantedPackage { user: ann, package: *package, policy: policy.id };
    system.clock.set("2026-03-10T13:00:00Z".parse().unwrap());
    let query = Query { limit: 10, ..Query::default() };
    let given = system.lifecycle.store.list_assignments(&query).unwrap().items;
    let given = given.iter().find(|one| one.ended.is_none()).unwrap().id;
    system.lifecycle.end_assignment(&system.caller, RequestKind::AdminRemove, given).unwrap();
    system.lifecycle.request_package(&system.caller, RequestKind::AdminAdd, wanted()).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(company.notes(undo), ["1 failed: the access package 'Car' was assigned anew since"]);
}

#[test]
fn somebody_who_was_deleted_again_since_stays_deleted() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let system = &company.system;
    let spec = WorkflowSpec::on_demand(Category::Leaver).task("Delete user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    system.lifecycle.restore_user(&system.caller, ann).unwrap();
    system.clock.set("2026-03-10T13:00:00Z".parse().unwrap());
    system.lifecycle.delete_user(&system.caller, ann).unwrap();
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(company.notes(undo), ["1 failed: the user was deleted again since"]);
    assert!(system.user(ann).is_err());
}
