//! Every task that changes something, taken back by itself and done again by taking that back.

use tenure_lifecycle::directory::Value;
use tenure_lifecycle::ports::Query;
use tenure_lifecycle::run::Status;
use tenure_lifecycle::task::task_definitions;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::WorkflowSpec;

use crate::ledger;
use crate::stage::{Company, directory, same};

/// Takes a task back, and then that; the directory is what it was in between.
fn there_and_back(
    category: Category,
    task: &str,
    prepare: impl FnOnce(&Company) -> Vec<(&'static str, String)>,
) {
    let company = Company::new();
    let ann = company.somebody("ann");
    let arguments = prepare(&company);
    let arguments: Vec<(&str, &str)> =
        arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let spec = WorkflowSpec::on_demand(category).task(task, &arguments);
    let workflow = company.system.workflow(spec).unwrap();
    let before = directory(&company.system);
    let run = company.run(&workflow, &[ann]);
    assert_eq!(company.notes(run), ["1 completed: "], "{task}");
    let after = directory(&company.system);
    assert_ne!(after, before, "{task} changes something");
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(company.notes(undo), ["1 completed: "], "{task} taken back");
    same(&company.system, &before, &format!("{task} taken back"));
    let again = company.undo(&workflow, undo).unwrap();
    assert_eq!(company.notes(again), ["1 completed: "], "{task} once more");
    if !task.contains("access package") {
        same(&company.system, &after, &format!("{task} once more"));
    }
    let back = company.undo(&workflow, again).unwrap();
    assert_eq!(company.notes(back), ["1 completed: "], "{task} taken back twice");
    same(&company.system, &before, &format!("{task} taken back twice"));
    ledger::balances(&company.system);
}

fn plain(_: &Company) -> Vec<(&'static str, String)> {
    vec![]
}

fn everybody() -> Query {
    Query { limit: 100, ..Query::default() }
}

/// Runs a workflow of one task for everybody there is, which is not taken back.
fn first(company: &Company, category: Category, task: &str, arguments: &[(&str, &str)]) {
    let mut spec = WorkflowSpec::on_demand(category).task(task, arguments);
    "first".clone_into(&mut spec.0.display_name);
    let workflow = company.system.workflow(spec).unwrap();
    let everybody = company.system.lifecycle.store.list_users(&everybody()).unwrap().items;
    let everybody: Vec<_> = everybody.iter().map(|user| user.id).collect();
    company.run(&workflow, &everybody);
}

const LEAVER: Category = Category::Leaver;
const JOINER: Category = Category::Joiner;

#[test]
fn accounts() {
    there_and_back(LEAVER, "Disable user account", plain);
    there_and_back(JOINER, "Enable user account", |company| {
        first(company, LEAVER, "Disable user account", &[]);
        vec![]
    });
    there_and_back(LEAVER, "Delete user account", plain);
}

#[test]
fn memberships() {
    let groups = |company: &Company| {
        vec![("groupID", company.groups.iter().map(|one| one.id.to_string()).collect::<Vec<_>>().join(","))]
    };
    let team = |company: &Company| vec![("teamID", company.team.id.to_string())];
    there_and_back(LEAVER, "Remove user from all groups", plain);
    there_and_back(LEAVER, "Remove user from selected groups", groups);
    there_and_back(JOINER, "Add user to groups", |company| {
        first(company, LEAVER, "Remove user from all groups", &[]);
        groups(company)
    });
    there_and_back(LEAVER, "Remove user from all Teams", plain);
    there_and_back(LEAVER, "Remove user from selected Teams", team);
    there_and_back(JOINER, "Add user to Teams", |company| {
        first(company, LEAVER, "Remove user from all Teams", &[]);
        team(company)
    });
}

#[test]
fn licenses() {
    let both = |company: &Company| {
        vec![("licenses", company.skus.iter().map(|one| one.id.to_string()).collect::<Vec<_>>().join(","))]
    };
    there_and_back(LEAVER, "Remove all licenses for user", plain);
    there_and_back(LEAVER, "Remove licenses from user", both);
    there_and_back(JOINER, "Assign licenses to user", |company| {
        first(company, LEAVER, "Remove all licenses for user", &[]);
        both(company)
    });
}

#[test]
fn access_packages() {
    let package = |company: &Company| vec![("accessPackageId", company.policies[0].0.to_string())];
    there_and_back(LEAVER, "Cancel pending access package", plain);
    there_and_back(LEAVER, "Remove all access package", plain);
    there_and_back(LEAVER, "Remove all access package", |_| vec![("daysUntilExpiration", "30".to_owned())]);
    there_and_back(LEAVER, "Remove access package assignment", package);
}

#[test]
fn an_assignment_that_was_made_ends() {
    let company = Company::new();
    let ann = company.somebody("ann");
    first(&company, LEAVER, "Remove all access package", &[]);
    let (package, policy) = &company.policies[0];
    let arguments = [("accessPackageId", package.to_string()), ("assignmentPolicyId", policy.id.to_string())];
    let arguments = arguments.each_ref().map(|(name, value)| (*name, value.as_str()));
    let spec = WorkflowSpec::on_demand(JOINER).task("Request user access package", &arguments);
    let workflow = company.system.workflow(spec).unwrap();
    let open = |company: &Company| {
        let all = company.system.lifecycle.store.list_assignments(&everybody()).unwrap().items;
        all.iter().filter(|one| one.ended.is_none()).count()
    };
    assert_eq!(open(&company), 0);
    let run = company.run(&workflow, &[ann]);
    assert_eq!(open(&company), 1);
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!((company.notes(undo), open(&company)), (vec!["1 completed: ".to_owned()], 0));
    company.undo(&workflow, undo).unwrap();
    assert_eq!(open(&company), 1);
}

#[test]
fn attributes() {
    there_and_back(LEAVER, "Update user attributes", |company| {
        let ann = company.system.lifecycle.user("ann@example.com").unwrap().id;
        company.set(ann, &[("jobTitle", Value::Text("Clerk".to_owned()))]);
        let updates = r#"[{"attribute":"department","value":null},{"attribute":"jobTitle","value":"Former"},
            {"attribute":"employeeHireDate","value":"2026-05-01T08:00:00Z"},
            {"attribute":"onPremisesExtensionAttributes/extensionAttribute3","value":"x"}]"#;
        vec![("attributeUpdates", updates.to_owned())]
    });
}

#[test]
fn sponsorships() {
    there_and_back(LEAVER, "Transfer agent identity", plain);
}

#[test]
fn a_pass_that_was_issued_is_taken_away_and_the_mail_stays_sent() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let arguments = [("tapLifetimeMinutes", "60"), ("tapIsUsableOnce", "true")];
    let spec = WorkflowSpec::on_demand(JOINER).task("Generate TAP", &arguments);
    let workflow = company.system.workflow(spec).unwrap();
    let before = directory(&company.system);
    let run = company.run(&workflow, &[ann]);
    assert_eq!(company.notes(run), ["1 completed: "]);
    assert_ne!(directory(&company.system), before);
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(company.notes(undo), ["1 completed: the mail to boss@example.com stays sent"]);
    same(&company.system, &before, "taken back");
    assert_eq!(company.system.deliveries.mails().len(), 1, "nobody is written to again");
}

#[test]
fn what_nothing_takes_back_is_said_to_stay() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let spec = WorkflowSpec::on_demand(LEAVER)
        .task("Revoke all refresh tokens", &[])
        .task("Send email before user’s last day", &[]);
    let workflow = company.system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    let after = directory(&company.system);
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(
        company.notes(undo),
        [
            "1 completed: sessions that were ended stay ended",
            "2 completed: the mail to boss@example.com stays sent"
        ]
    );
    assert_eq!(company.system.run(undo).unwrap().status, Status::Completed);
    same(&company.system, &after, "taken back");
}

#[test]
fn no_task_is_forgotten_here() {
    // Whoever adds a task says here how it is taken back.
    let mails = task_definitions().filter(|task| task.display_name.contains("mail")).count();
    assert_eq!(task_definitions().count() - mails, 20);
}
