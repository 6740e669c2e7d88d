//! Plays of what people are given beside their accounts, and of people and results that come from elsewhere.

use std::io::Cursor;

use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::directory::{AccessPackagePatch, GroupPatch, LicenseChange, PolicyPatch, RequestKind};
use tenure_lifecycle::operations::{Import, WantedPackage};
use tenure_lifecycle::ports::Query;
use tenure_lifecycle::run::{ExecutionType, NewResult, ResultPatch, Status, TaskCounts};
use tenure_lifecycle::workflow::{Category, TimeAttribute};
use tenure_testkit::{Person, System, WorkflowSpec};

use crate::books::newest_passes_are_good;
use crate::plays::{NOW, Play, by_hand, people};
use crate::steps::{Step, activate, at, ends, look, runs, set, step, undo, work, work_cut_off, workflow};

use Status::{Completed, Failed};

/// A pass is issued, its mail does not go out, and another one is issued: what was sent last is good, and nothing else.
pub(crate) fn passes() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben] = people(&system, ["ann", "ben"]);
    let hour = [("tapLifetimeMinutes", "60"), ("tapIsUsableOnce", "false"), ("to", "User")];
    let spec = by_hand().task("Generate TAP and send email", &hour).task("Enable user account", &[]);
    let id = system.workflow(spec).unwrap().id;
    let steps = vec![
        activate(id, 1, &[ann, ben]),
        work_cut_off(),
        at("2026-03-02T09:05:00Z"),
        work(),
        look("each has the pass that was sent last", move |system| {
            ends(system, id) == [[Completed; 2]] && newest_passes_are_good(system)
        }),
    ];
    Play { system, steps }
}

/// Licences of which there are too few, packages, what waits for approval, and taking it all back.
pub(crate) fn given_and_taken() -> Play {
    let system = System::at(NOW).unwrap();
    let (lifecycle, caller) = (&system.lifecycle, &system.caller);
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let sku = lifecycle.create_sku(caller, None, "DESKTOP", Some(2)).unwrap().id;
    let named = |name: &str| Some(name.to_owned());
    let package = AccessPackagePatch { display_name: named("Sales"), ..AccessPackagePatch::default() };
    let package = lifecycle.create_access_package(caller, package).unwrap().id;
    let policy = |approval| PolicyPatch {
        display_name: named("Staff"),
        requires_approval: Some(approval),
        ..PolicyPatch::default()
    };
    let direct = lifecycle.create_assignment_policy(caller, package, policy(false)).unwrap().id;
    let asking = lifecycle.create_assignment_policy(caller, package, policy(true)).unwrap().id;
    let id_of_sku = sku;
    for person in [ann, ben, cyd] {
        (set(person, "usageLocation", "NO").take)(&system);
    }
    let give = LicenseChange { add: vec![sku], remove: vec![] };
    lifecycle.assign_licenses(caller, cyd, &give).unwrap();
    let wanted = WantedPackage { user: cyd, package, policy: asking };
    lifecycle.request_package(caller, RequestKind::UserAdd, wanted).unwrap();
    let (sku, package, direct) = (sku.to_string(), package.to_string(), direct.to_string());
    let joining = by_hand().task("Assign licenses to user", &[("licenses", &sku)]).continuing().task(
        "Request user access package assignment",
        &[("accessPackageId", &package), ("assignmentPolicyId", &direct)],
    );
    let joining = system.workflow(joining).unwrap().id;
    let leaving = WorkflowSpec::on_demand(Category::Leaver)
        .task("Remove licenses from user", &[("licenses", &sku)])
        .task("Remove all licenses for user", &[])
        .task("Cancel pending access package assignment requests for user", &[])
        .task("Remove all access package assignments for user", &[("daysUntilExpiration", "0")])
        .task("Revoke all refresh tokens for user", &[])
        .task("Send email on user’s last day", &[("to", "User")]);
    let leaving = system.workflow(leaving).unwrap().id;
    let holders = move |system: &System| system.lifecycle.sku(&id_of_sku.to_string()).unwrap().consumed;
    let steps = vec![
        activate(joining, 1, &[ann, ben]),
        work(),
        look("there was a licence for one of the two, and both have the package", move |system| {
            let mut found = ends(system, joining).concat();
            found.sort_by_key(|status| *status as u8);
            found == [Completed, Status::CompletedWithErrors] && holders(system) == 2
        }),
        activate(leaving, 1, &[ann, ben, cyd]),
        work(),
        look("nobody has anything", move |system| {
            ends(system, leaving) == [[Completed; 3]] && holders(system) == 0
        }),
        undo(leaving, 2),
        work(),
        look("they have again what they had", move |system| holders(system) == 2),
    ];
    Play { system, steps }
}

/// Teams, and agent identities that go to the manager; and the account is deleted, comes back, and is deleted again.
pub(crate) fn vouched_for() -> Play {
    let system = System::at(NOW).unwrap();
    let (lifecycle, caller) = (&system.lifecycle, &system.caller);
    let [boss, ann, ben] = people(&system, ["boss", "ann", "ben"]);
    let teams = ["Red", "Blue"].map(|name| {
        let patch = GroupPatch {
            display_name: Some(name.to_owned()),
            mail_enabled: Some(true),
            mail_nickname: Some(Some(name.to_lowercase())),
            group_types: Some(vec!["Unified".to_owned()]),
            ..GroupPatch::default()
        };
        let group = lifecycle.create_group(caller, patch).unwrap();
        lifecycle.make_team(caller, &group).unwrap().id
    });
    let agents = [ann, ben].map(|person| {
        lifecycle.set_manager(caller, person, Some(boss)).unwrap();
        lifecycle.create_agent(caller, "helper", true, &[person]).unwrap().id.to_string()
    });
    lifecycle.add_member(caller, teams[1], ben).unwrap();
    let [red, both] = [teams[0].to_string(), teams.map(|team| team.to_string()).join(",")];
    let joining = by_hand().task("Add user to Teams", &[("teamID", &both)]);
    let joining = system.workflow(joining).unwrap().id;
    let leaving = WorkflowSpec::on_demand(Category::Leaver)
        .task("Remove user from selected Teams", &[("teamID", &red)])
        .task("Remove user from all Teams", &[])
        .task("Transfer agent identity", &[])
        .task("Send email after user’s last day", &[])
        .task("Delete user account", &[]);
    let leaving = system.workflow(leaving).unwrap().id;
    let vouch = move |system: &System| {
        let of = |agent: &String| {
            let agent = system.lifecycle.agent(agent).unwrap();
            let query = Query { filter: None, order: vec![], after: None, limit: 10 };
            let sponsors = system.lifecycle.store.agent_sponsors(agent.number, &query).unwrap().items;
            sponsors.into_iter().map(|sponsor| sponsor.id).collect::<Vec<_>>()
        };
        agents.iter().flat_map(of).collect::<Vec<_>>()
    };
    let is_gone = move |system: &System| system.user(ann).is_err() && system.user(ben).is_err();
    let (after, back) = (vouch.clone(), vouch);
    let steps = vec![
        activate(joining, 1, &[ann, ben]),
        work(),
        look("both are in both", move |system| {
            [ann, ben].iter().all(|person| system.groups_of(*person).unwrap().len() == 2)
        }),
        activate(leaving, 1, &[ann, ben]),
        work(),
        look("their manager vouches for what they vouched for", move |system| {
            is_gone(system) && after(system) == [boss, boss]
        }),
        undo(leaving, 2),
        work(),
        look("they are back, and vouch for it again", move |system| {
            back(system) == [ann, ben] && system.groups_of(ben).unwrap().len() == 2
        }),
        undo(leaving, 3),
        work(),
        look("they are gone again", is_gone),
    ];
    Play { system, steps }
}

const MAP: &str = r#"
feed = "people"

[columns]
employeeId = "Id"
displayName = "Name"
userPrincipalName = "{Name|lower}@example.com"
mail = "{Name|lower}@example.com"
department = "Department"
employeeHireDate = "Start"
"#;

/// A feed is imported.
fn import(file: &'static str) -> Step {
    step("a feed is imported", move |system| {
        let open = || Ok(Box::new(Cursor::new(file)) as Box<dyn std::io::Read + Send>);
        let import = Import { reader: &CsvFeed, map: MAP, open: &open, dry_run: false };
        system.lifecycle.import(&system.caller, &import).unwrap();
    })
}

/// People come from a feed and are due; somebody reports what became of somebody, and corrects it.
pub(crate) fn fed() -> Play {
    let system = System::at(NOW).unwrap();
    let dan = system.person(&Person::named("dan")).unwrap().id;
    let joining = WorkflowSpec::scheduled(
        Category::Joiner,
        TimeAttribute::EmployeeHireDate,
        0,
        "department eq 'Sales'",
    )
    .task("Enable user account", &[])
    .task("Send welcome email", &[]);
    let id = system.workflow(joining).unwrap().id;
    let new = NewResult {
        status: Failed,
        scheduled: NOW.parse().unwrap(),
        started: None,
        completed: None,
        execution_type: ExecutionType::OnDemand,
        version: 1,
        tasks: TaskCounts { total: 2, failed: 1, unprocessed: 1 },
        subject: Some(dan),
    };
    let steps = vec![
        import("Id,Name,Department,Start\n1,Ann,Sales,2026-03-02\n2,Ben,Legal,2026-03-02\n"),
        work(),
        import(
            "Id,Name,Department,Start\n1,Ann,Sales,2026-03-02\n2,Ben,Sales,2026-03-02\n3,Cyd,Sales,2026-03-01\n",
        ),
        work(),
        look("everybody came once", move |system| ends(system, id).concat() == [Completed; 3]),
        step("a result is reported", move |system| {
            let run = runs(system, id)[0].number;
            if system.results(run).unwrap().iter().all(|result| !result.reported) {
                let workflow = workflow(system, id);
                system.lifecycle.create_result(&system.caller, &workflow, run, &new).unwrap();
            }
        }),
        step("the reported result is corrected", move |system| {
            let run = runs(system, id)[0].number;
            let results = system.results(run).unwrap();
            let before = results.iter().find(|result| result.reported).unwrap();
            if before.status == Failed {
                let patch = ResultPatch {
                    status: Some(Completed),
                    failed: Some(0),
                    unprocessed: Some(0),
                    ..ResultPatch::default()
                };
                let workflow = workflow(system, id);
                system.lifecycle.update_result(&system.caller, &workflow, before, &patch).unwrap();
            }
        }),
        work(),
        look("it is as was said", move |system| ends(system, id).concat() == [Completed; 4]),
    ];
    Play { system, steps }
}
