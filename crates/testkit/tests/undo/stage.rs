//! A company where everybody has one of everything, and what its directory holds.

use std::collections::BTreeMap;

use rusqlite::types::Value as Stored;
use tenure_lifecycle::directory::{
    AccessPackagePatch, AssignmentPolicy, Group, GroupPatch, LicenseChange, PolicyPatch, RequestKind, Sku,
    UserPatch, Value, attribute,
};
use tenure_lifecycle::ids::{RunNumber, UserId};
use tenure_lifecycle::operations::{OperationError, WantedPackage};
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

pub(crate) const NOW: &str = "2026-03-10T12:00:00Z";

/// A company.
pub(crate) struct Company {
    pub(crate) system: System,
    /// Everybody's manager.
    pub(crate) boss: UserId,
    pub(crate) groups: Vec<Group>,
    pub(crate) team: Group,
    pub(crate) skus: Vec<Sku>,
    /// Packages by their policies: one that ends by itself, one that does not, and one that needs approval.
    pub(crate) policies: Vec<(tenure_lifecycle::ids::AccessPackageId, AssignmentPolicy)>,
}

/// All that people have, as it is stored; not when it was last touched.
const DIRECTORY: [&str; 8] = [
    "SELECT number, id, account_enabled, hire, leave, created, manager, protected, deleted, principal_name, employee_id,
            attributes
       FROM users ORDER BY number",
    "SELECT user, grp FROM memberships ORDER BY user, grp",
    "SELECT user, sku FROM licenses ORDER BY user, sku",
    "SELECT number, consumed FROM skus ORDER BY number",
    "SELECT number, id, user, package, policy, assigned, expires, ended FROM package_assignments ORDER BY number",
    "SELECT number, id, user, package, policy, state, created FROM package_requests
      WHERE completed IS NULL ORDER BY number",
    "SELECT agent, sponsor FROM agent_sponsors ORDER BY agent, sponsor",
    "SELECT id, user FROM passes ORDER BY number",
];

/// Everything that people have.
pub(crate) fn directory(system: &System) -> Vec<String> {
    let mut all = Vec::new();
    for sql in DIRECTORY {
        for row in system.look(sql).unwrap().rows {
            let value = |value| match value {
                Stored::Null => "-".to_owned(),
                Stored::Integer(number) => number.to_string(),
                // In whatever order an object has been written.
                Stored::Text(text) => {
                    match serde_json::from_str::<BTreeMap<String, serde_json::Value>>(&text) {
                        Ok(object) => format!("{object:?}"),
                        Err(_) => text,
                    }
                }
                value => format!("{value:?}"),
            };
            let values: Vec<_> = row.into_iter().map(value).collect();
            let table = sql.rsplit("FROM ").next().unwrap();
            all.push(format!("{table}: {}", values.join(" | ")));
        }
    }
    all
}

/// Compares the directory with what it was.
pub(crate) fn same(system: &System, before: &[String], when: &str) {
    let after = directory(system);
    let gone: Vec<_> = before.iter().filter(|line| !after.contains(line)).take(5).collect();
    let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).take(5).collect();
    assert!(after == before, "{when}: was {gone:#?}, is {new:#?}");
}

impl Company {
    pub(crate) fn new() -> Self {
        let system = System::at(NOW).unwrap();
        let (lifecycle, caller) = (&system.lifecycle, &system.caller);
        let boss = system.person(&Person::named("boss")).unwrap().id;
        let groups = ["Staff", "Sales"].map(|name| system.group(name).unwrap()).to_vec();
        let unified = GroupPatch {
            display_name: Some("Team".to_owned()),
            mail_enabled: Some(true),
            mail_nickname: Some(Some("team".to_owned())),
            group_types: Some(vec!["Unified".to_owned()]),
            ..GroupPatch::default()
        };
        let team = lifecycle.make_team(caller, &lifecycle.create_group(caller, unified).unwrap()).unwrap();
        let skus = ["E3", "E5"].map(|name| lifecycle.create_sku(caller, None, name, None).unwrap()).to_vec();
        let package = |name: &str, days: Option<i64>, approval: bool| {
            let patch =
                AccessPackagePatch { display_name: Some(name.to_owned()), ..AccessPackagePatch::default() };
            let package = lifecycle.create_access_package(caller, patch).unwrap();
            let policy = PolicyPatch {
                display_name: Some(name.to_owned()),
                expires_after_days: Some(days),
                requires_approval: Some(approval),
                ..PolicyPatch::default()
            };
            (package.id, lifecycle.create_assignment_policy(caller, package.id, policy).unwrap())
        };
        let policies = vec![
            package("Reports", Some(90), false),
            package("Car", None, false),
            package("Vault", None, true),
        ];
        Self { system, boss, groups, team, skus, policies }
    }

    /// Somebody who has one of everything.
    pub(crate) fn somebody(&self, name: &str) -> UserId {
        let Self { system, boss, .. } = self;
        let (lifecycle, caller) = (&system.lifecycle, &system.caller);
        let id = system
            .person(&Person { department: Some("Sales".to_owned()), ..Person::named(name) })
            .unwrap()
            .id;
        self.set(
            id,
            &[("accountEnabled", Value::Boolean(true)), ("usageLocation", Value::Text("DE".to_owned()))],
        );
        lifecycle.set_manager(caller, id, Some(*boss)).unwrap();
        for group in self.groups.iter().chain([&self.team]) {
            lifecycle.add_member(caller, group.id, id).unwrap();
        }
        let change = LicenseChange { add: self.skus.iter().map(|sku| sku.id).collect(), remove: vec![] };
        lifecycle.assign_licenses(caller, id, &change).unwrap();
        for (place, (package, policy)) in self.policies.iter().enumerate() {
            let kind = if place == 2 { RequestKind::UserAdd } else { RequestKind::AdminAdd };
            let wanted = WantedPackage { user: id, package: *package, policy: policy.id };
            lifecycle.request_package(caller, kind, wanted).unwrap();
        }
        lifecycle.create_agent(caller, &format!("{name}'s agent"), true, &[id]).unwrap();
        id
    }

    /// Sets attributes of somebody.
    pub(crate) fn set(&self, user: UserId, values: &[(&str, Value)]) {
        let set = values.iter().map(|(name, value)| (attribute(name).unwrap(), value.clone())).collect();
        let patch = UserPatch { set, ..UserPatch::default() };
        self.system.lifecycle.update_user(&self.system.caller, user, &patch).unwrap();
    }

    /// A workflow that takes everything away, and the person too.
    pub(crate) fn leaver(&self) -> Workflow {
        let updates =
            r#"[{"attribute":"department","value":null},{"attribute":"jobTitle","value":"Former"}]"#;
        let spec = WorkflowSpec::on_demand(Category::Leaver)
            .task("Disable user account", &[])
            .task("Remove user from all Teams", &[])
            .task("Remove user from all groups", &[])
            .task("Remove all licenses for user", &[])
            .task("Cancel pending access package", &[])
            .task("Remove all access package", &[])
            .task("Transfer agent identity", &[])
            .task("Update user attributes", &[("attributeUpdates", updates)])
            .task("Send email after user’s last day", &[])
            .task("Delete user account", &[]);
        self.system.workflow(spec).unwrap()
    }

    /// Runs a workflow for these people; everything that follows is processed too.
    pub(crate) fn run(&self, workflow: &Workflow, people: &[UserId]) -> RunNumber {
        let run = self.system.activate(workflow, people).unwrap();
        self.system.drain().unwrap();
        run
    }

    /// Takes a run back.
    pub(crate) fn undo(&self, workflow: &Workflow, run: RunNumber) -> Result<RunNumber, OperationError> {
        let Self { system, .. } = self;
        let run = system.run(run).unwrap();
        let undo = system.lifecycle.undo(&system.caller, workflow, &run, None, false)?.run;
        system.drain().unwrap();
        Ok(undo)
    }

    /// What the tasks of the first person of a run say, in order: why they failed, or what there is to be said.
    pub(crate) fn notes(&self, run: RunNumber) -> Vec<String> {
        let tasks = self.system.task_results(run, 1).unwrap();
        let note = |task: tenure_lifecycle::run::TaskResult| {
            let note = task.failure_reason.or(task.processing_info).unwrap_or_default();
            format!("{} {}: {note}", task.ordinal, task.status.as_str())
        };
        tasks.into_iter().map(note).collect()
    }
}
