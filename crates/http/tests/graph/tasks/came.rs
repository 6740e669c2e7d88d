//! What came of a workflow that was run for somebody.

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::dump::Dump;

/// Everything that tasks may change here.
const DIRECTORY: [&str; 17] = [
    "access_packages",
    "agent_sponsors",
    "agents",
    "applications",
    "assignment_policies",
    "authentication_methods",
    "custom_task_extensions",
    "groups",
    "licenses",
    "memberships",
    "package_assignments",
    "package_requests",
    "passes",
    "role_assignments",
    "skus",
    "sponsors",
    "users",
];

/// What was told and what can be seen of the world.
#[derive(PartialEq)]
struct Seen {
    rows: Vec<String>,
    mails: usize,
    calls: usize,
}

/// The only one there is.
fn only(items: &[Json]) -> &Json {
    assert_eq!(items.len(), 1, "{items:#?}");
    &items[0]
}

/// What came of running a workflow for somebody.
#[derive(Debug)]
pub(super) struct Came {
    /// The results of its tasks.
    pub(super) tasks: Vec<Json>,
    /// How it ended for the user.
    pub(super) status: String,
    /// What the audit tells of it, in order: what was done, to whom or what.
    pub(super) audit: Vec<(String, Vec<String>)>,
    /// What a preview said of each task before.
    pub(super) foretold: Vec<String>,
    /// Whether the directory is another, or something went out.
    changed: bool,
}

impl Came {
    /// Checks that the one task is completed and did what the audit tells.
    pub(super) fn did(self, audit: &[(&str, &[&str])]) -> Self {
        self.did_saying(audit, &Json::Null)
    }

    /// The same with something to say.
    pub(super) fn did_saying(self, audit: &[(&str, &[&str])], info: &Json) -> Self {
        let task = only(&self.tasks);
        assert_eq!(task["processingStatus"], "completed", "{task}");
        assert_eq!((&task["processingInfo"], &task["failureReason"]), (info, &Json::Null), "{task}");
        assert_eq!(self.status, "completed");
        assert!(self.changed, "nothing has changed: {self:#?}");
        self.told(audit)
    }

    /// Checks what the audit tells.
    pub(super) fn told(self, audit: &[(&str, &[&str])]) -> Self {
        let expected: Vec<(String, Vec<String>)> = audit
            .iter()
            .map(|(what, whom)| ((*what).to_owned(), whom.iter().map(|id| (*id).to_owned()).collect()))
            .collect();
        assert_eq!(self.audit, expected);
        self
    }

    /// Checks that the one task is completed, says so, and changed nothing.
    pub(super) fn had_nothing_to_do(self, info: &str) {
        let task = only(&self.tasks);
        assert_eq!(task["processingStatus"], "completed", "{task}");
        assert_eq!((&task["processingInfo"], &task["failureReason"]), (&json!(info), &Json::Null), "{task}");
        assert_eq!(self.status, "completed");
        self.left_all_as_it_was();
    }

    /// Checks that the one task has failed for that reason and changed nothing.
    pub(super) fn was_refused(self, reason: &str) {
        let task = only(&self.tasks);
        assert_eq!(task["processingStatus"], "failed", "{task}");
        assert_eq!(
            (&task["failureReason"], &task["processingInfo"]),
            (&json!(reason), &Json::Null),
            "{task}"
        );
        assert_eq!(self.status, "failed");
        self.left_all_as_it_was();
    }

    fn left_all_as_it_was(&self) {
        assert!(!self.changed, "something has changed: {self:#?}");
        assert!(self.audit.is_empty(), "the audit tells of a change: {self:#?}");
    }

    /// Checks what the preview said of the one task.
    pub(super) fn was_foretold(self, said: &str) -> Self {
        assert_eq!(self.foretold, [said]);
        self
    }
}

impl Api {
    fn seen(&self) -> Seen {
        Seen {
            rows: Dump::of(self).only(&DIRECTORY),
            mails: self.system.deliveries.mails().len(),
            calls: self.system.deliveries.calls().len(),
        }
    }

    /// Previews a workflow for somebody, which changes nothing, and gives what it says of each task: whether it would
    /// be completed, and what it would do or why it would fail.
    pub(super) fn foresee(&self, workflow: &str, user: &str) -> Vec<(bool, String)> {
        let before = self.seen();
        self.post(
            &format!("@/workflows/{workflow}/previewWorkflow"),
            &json!({ "subjects": [{ "id": user }] }),
        )
        .is(204);
        self.system.drain().unwrap();
        let came = self.came(workflow, before);
        came.left_all_as_it_was();
        came.tasks
            .iter()
            .map(|task| match task["processingStatus"].as_str().unwrap() {
                "completed" => (true, task["processingInfo"].as_str().unwrap_or_default().to_owned()),
                _ => (false, task["failureReason"].as_str().unwrap().to_owned()),
            })
            .collect()
    }

    /// Previews a workflow for somebody and then runs it. What the preview says comes true.
    pub(super) fn process(&self, workflow: &str, user: &str) -> Came {
        let foretold = self.foresee(workflow, user);
        let mut came = self.run_for(workflow, user);
        assert_eq!(foretold.len(), came.tasks.len(), "{foretold:?} {came:#?}");
        for (task, (fits, said)) in came.tasks.iter().zip(&foretold) {
            assert_eq!(task["processingStatus"] == "completed", *fits, "{said}: {task}");
            let says = if *fits { &task["processingInfo"] } else { &task["failureReason"] };
            assert!(said.starts_with("would ") || says == said, "{said}: {task}");
        }
        came.foretold = foretold.into_iter().map(|(_, said)| said).collect();
        came
    }

    /// Runs a workflow for somebody.
    pub(super) fn run_for(&self, workflow: &str, user: &str) -> Came {
        let before = self.seen();
        self.activate(workflow, &[user]);
        self.system.drain().unwrap();
        self.came(workflow, before)
    }

    /// What came of the newest run, which is one for one user.
    fn came(&self, workflow: &str, before: Seen) -> Came {
        let run = self.all(&format!("@/workflows/{workflow}/runs")).remove(0);
        let run = run["id"].as_str().unwrap().to_owned();
        let path = format!("@/workflows/{workflow}/runs/{run}");
        let results = self.all(&format!("{path}/userProcessingResults"));
        let result = only(&results);
        let tasks = self.all(&format!("{path}/taskProcessingResults"));
        Came {
            audit: self.told_of(&run, &tasks),
            tasks,
            status: result["processingStatus"].as_str().unwrap().to_owned(),
            foretold: vec![],
            changed: self.seen() != before,
        }
    }

    /// What the audit tells of what a run did. Each entry belongs to the run and names its task's result.
    fn told_of(&self, run: &str, tasks: &[Json]) -> Vec<(String, Vec<String>)> {
        let filter = format!("correlationId eq '{run}' and category ne 'WorkflowManagement'");
        let mut entries = self.all(&format!("auditLogs/directoryAudits?$filter={filter}"));
        entries.reverse();
        for entry in &entries {
            assert_eq!(entry["loggedByService"], "Lifecycle Workflows", "{entry}");
            assert_eq!(entry["initiatedBy"]["app"]["displayName"], "Tenure", "{entry}");
            let details = entry["additionalDetails"].as_array().unwrap();
            let detail = |key: &str| details.iter().find(|one| one["key"] == key).unwrap()["value"].clone();
            assert_eq!(detail("runId"), json!(run));
            assert!(tasks.iter().any(|task| task["id"] == detail("taskProcessingResultId")), "{entry}");
        }
        let told = |entry: &Json| {
            let targets = entry["targetResources"].as_array().unwrap().iter();
            (
                entry["activityDisplayName"].as_str().unwrap().to_owned(),
                targets.map(|target| target["id"].as_str().unwrap().to_owned()).collect(),
            )
        };
        entries.iter().map(told).collect()
    }
}
