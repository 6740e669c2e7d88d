//! The plays: who is there, and what happens. What stands before the first step is not cut.

use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, CallbackPatch, ClientPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::ports::Answer;
use tenure_lifecycle::run::{Status, TaskChoice, UserChoice};
use tenure_lifecycle::workflow::{
    Category, ExecutionConditions, MatchMode, MembershipChange, QuarantineCondition, QuarantineConfiguration,
    Scope, TimeAttribute, TimeOperator, Timing, Trigger,
};
use tenure_testkit::{Person, System, WorkflowSpec};

use crate::steps::{
    Step, activate, again, ask_for_too_many, at, call_back, cancel, delete_user, delete_workflow, enable,
    ends, join, keep_history, look, new_version, preview, quit, release, restore_user, restore_workflow, set,
    sweep, undo, work, work_cut_off,
};

use Status::{Canceled, Completed, CompletedWithErrors, Failed};

/// A system, and what happens in it.
pub(crate) struct Play {
    pub(crate) system: System,
    pub(crate) steps: Vec<Step>,
}

pub(crate) const NOW: &str = "2026-03-02T09:00:00Z";
const HIRE: &str = "employeeHireDate";
const LEAVE: &str = "employeeLeaveDateTime";
const SIGNED_IN: &str = "signInActivity/lastSuccessfulSignInDateTime";
const MAIL: &str = "Send welcome email";
const ENABLE: &str = "Enable user account";

/// People of the sales department.
pub(crate) fn people<const N: usize>(system: &System, names: [&str; N]) -> [UserId; N] {
    names.map(|name| {
        let person = Person { department: Some("Sales".to_owned()), ..Person::named(name) };
        system.person(&person).unwrap().id
    })
}

pub(crate) fn by_hand() -> WorkflowSpec {
    WorkflowSpec::on_demand(Category::Joiner)
}

/// A workflow for the sales department.
fn on(trigger: Trigger) -> WorkflowSpec {
    scoped(trigger, Scope::Rule { rule: "department eq 'Sales'".to_owned() })
}

fn scoped(trigger: Trigger, scope: Scope) -> WorkflowSpec {
    let mut spec = by_hand();
    spec.0.is_scheduling_enabled = true;
    spec.0.conditions = ExecutionConditions::TriggerAndScope { scope, trigger };
    spec
}

fn on_hire() -> WorkflowSpec {
    WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "department eq 'Sales'")
}

/// Those whose date comes, is late, is withdrawn and set again; their mails are tried again; a window of days.
pub(crate) fn dates() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let staff = system.group("Staff").unwrap().id;
    let joining = on_hire()
        .task(ENABLE, &[])
        .task(MAIL, &[])
        .task("Add user to groups", &[("groupID", &staff.to_string())]);
    let joining = system.workflow(joining).unwrap();
    let window = Trigger::TimeWindow {
        attribute: TimeAttribute::EmployeeHireDate,
        operator: TimeOperator::EqualTo { offset_in_days: 2 },
        timing: Timing::After,
    };
    let after = system.workflow(on(window).task("Disable user account", &[])).unwrap();
    let steps = vec![
        set(ann, HIRE, "2026-03-02T08:00:00Z"),
        set(ben, HIRE, "2026-02-01T08:00:00Z"),
        work_cut_off(),
        set(cyd, HIRE, "2026-03-02T08:30:00Z"),
        work_cut_off(),
        at("2026-03-02T09:00:20Z"),
        work_cut_off(),
        at("2026-03-02T09:10:00Z"),
        work(),
        look("ann and cyd are through, ben is too late", move |system| {
            let skipped = system.store.list_skipped(joining.number, 0, 9).unwrap();
            ends(system, joining.id).concat() == [Completed; 2] && skipped.len() == 1
        }),
        set(ann, HIRE, ""),
        set(ann, HIRE, "2026-03-04T08:00:00Z"),
        at("2026-03-04T09:00:00Z"),
        work(),
        at("2026-03-06T08:00:00Z"),
        work(),
        look("ann began twice, and the days after came to her and to cyd", move |system| {
            ends(system, joining.id).concat() == [Completed; 3] && ends(system, after.id).concat().len() == 2
        }),
    ];
    Play { system, steps }
}

/// Attributes that change, groups that people come into and leave, somebody who stays away, a guest nobody vouches for.
pub(crate) fn events() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let project = system.group("Project").unwrap().id;
    let moved = Trigger::AttributeChange { attributes: vec!["jobTitle".to_owned()] };
    let moving = on(moved).task("Add user to groups", &[("groupID", &project.to_string())]).task(MAIL, &[]);
    let moving = system.workflow(moving).unwrap();
    let group = |change| {
        scoped(Trigger::MembershipChange { change }, Scope::Groups { groups: vec![project] })
            .task(ENABLE, &[])
    };
    let coming = system.workflow(group(MembershipChange::Add)).unwrap();
    let going = system.workflow(group(MembershipChange::Remove).task(MAIL, &[])).unwrap();
    let idle = Trigger::UserInactivity { period_in_days: 30 };
    let idle = system.workflow(on(idle).task("Disable user account", &[])).unwrap();
    let guest = Trigger::GuestSponsor { minimum_required_sponsors: 0 };
    let guest = system.workflow(on(guest).task("Disable user account", &[])).unwrap();
    let steps = vec![
        work(),
        set(ann, "jobTitle", "Lead"),
        set(ben, SIGNED_IN, "2026-01-01T08:00:00Z"),
        work(),
        join(project, ben),
        quit(project, ann),
        set(cyd, "userType", "Guest"),
        work(),
        look("each came to whom it was meant for", move |system| {
            let ends = |id| ends(system, id).concat().len();
            (ends(moving.id), ends(coming.id), ends(going.id)) == (1, 2, 1)
                && (ends(idle.id), ends(guest.id)) == (1, 1)
        }),
    ];
    Play { system, steps }
}

/// Run by hand, canceled, run again for those who failed and for all, and only shown.
pub(crate) fn on_demand() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let dan = system.person(&Person { mail: None, ..Person::named("dan") }).unwrap().id;
    let staff = system.group("Staff").unwrap().id;
    let spec = by_hand()
        .task("Add user to groups", &[("groupID", &staff.to_string())])
        .task(MAIL, &[])
        .continuing()
        .task(ENABLE, &[]);
    let id = system.workflow(spec).unwrap().id;
    let steps = vec![
        preview(id, 1, &[ann, dan]),
        work(),
        activate(id, 2, &[ann, ben, cyd, dan]),
        work_cut_off(),
        at("2026-03-02T09:00:30Z"),
        work(),
        look("only dan, who has no address, had an error", move |system| {
            ends(system, id)[1] == [Completed, Completed, Completed, CompletedWithErrors]
        }),
        set(dan, "mail", "dan@example.com"),
        again(id, 3, TaskChoice::Failed, UserChoice::Failed),
        work(),
        again(id, 4, TaskChoice::All, UserChoice::All),
        cancel(id),
        work(),
        activate(id, 5, &[ann, ben]),
        work_cut_off(),
        cancel(id),
        work(),
        look("what was failed is done, and what was canceled is not", move |system| {
            let ends = ends(system, id);
            ends[2] == [Completed] && ends[3].iter().chain(&ends[4]).all(|end| *end == Canceled)
        }),
    ];
    Play { system, steps }
}

/// Some are called about, some call back, some do not; meanwhile the workflow gets a new version and is disabled.
pub(crate) fn waiting() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben, cyd, dan] = people(&system, ["ann", "ben", "cyd", "dan"]);
    let extension = ExtensionPatch {
        display_name: Some("Badge system".to_owned()),
        endpoint: Some(EndpointPatch::Http { target_url: Some("https://badges.example.com/".to_owned()) }),
        authentication: Some(AuthenticationPatch { kind: Authentication::None, secret: None }),
        client: Some(ClientPatch { maximum_retries: Some(Some(2)), ..ClientPatch::default() }),
        callback: Some(Some(CallbackPatch {
            timeout_duration: Some("PT1H".to_owned()),
            authorized_apps: None,
        })),
        ..ExtensionPatch::default()
    };
    let extension = system.lifecycle.create_extension(&system.caller, &extension).unwrap().id.to_string();
    let call = ("customTaskExtensionID", extension.as_str());
    let spec = by_hand().task("Run a custom task extension", &[call]).task(ENABLE, &[]).task(MAIL, &[]);
    let newer = spec.clone().task(MAIL, &[]);
    let id = system.workflow(spec).unwrap().id;
    let steps = vec![
        activate(id, 1, &[ann, ben, cyd, dan]),
        work_cut_off(),
        at("2026-03-02T09:01:00Z"),
        work(),
        call_back(id, 1, Answer::Completed),
        new_version(id, 2, newer),
        call_back(id, 2, Answer::Failed),
        work(),
        enable(id, false),
        call_back(id, 3, Answer::Completed),
        work(),
        at("2026-03-02T11:00:00Z"),
        work(),
        look("each ended as was said of them, and who was not spoken of failed", move |system| {
            ends(system, id) == [[Completed, Failed, Completed, Failed]]
        }),
    ];
    Play { system, steps }
}

/// A new version, and disabling, while some are queued and some in progress.
pub(crate) fn queued() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let spec = on_hire().task(MAIL, &[]).task(ENABLE, &[]);
    let newer = on_hire().task(ENABLE, &[]).task(MAIL, &[]);
    let id = system.workflow(spec).unwrap().id;
    let steps = vec![
        set(ann, HIRE, "2026-03-02T08:00:00Z"),
        work_cut_off(),
        set(ben, HIRE, "2026-03-02T08:00:00Z"),
        sweep(),
        activate(id, 3, &[cyd]),
        new_version(id, 2, newer),
        at("2026-03-02T09:10:00Z"),
        work(),
        set(cyd, HIRE, "2026-03-02T08:30:00Z"),
        sweep(),
        enable(id, false),
        work(),
        enable(id, true),
        work(),
        look(
            "who had begun ended, who was queued was stopped, and who was due was due again",
            move |system| {
                let wanted = [Completed, Canceled, Completed, Completed, Canceled, Completed];
                ends(system, id) == wanted.map(|end| [end])
            },
        ),
    ];
    Play { system, steps }
}

/// Two leave where one may; the administrators are told, somebody looks, and lets it go.
pub(crate) fn quarantine() -> Play {
    let limits = Limits { leavers_at_most: 1, leavers_percent: 0.0, ..Limits::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    let administrators = vec!["ops@example.com".to_owned(), "hr@example.com".to_owned()];
    let system = system.with_administrators(administrators).unwrap();
    let [ann, ben] = people(&system, ["ann", "ben"]);
    let staff = system.group("Staff").unwrap().id;
    system.lifecycle.add_member(&system.caller, staff, ann).unwrap();
    let spec = WorkflowSpec::scheduled(
        Category::Leaver,
        TimeAttribute::EmployeeLeaveDateTime,
        0,
        "department eq 'Sales'",
    );
    let spec = spec.task("Remove user from all groups", &[]).task("Disable user account", &[]);
    let id = system.workflow(spec).unwrap().id;
    let held = move |system: &System| system.lifecycle.workflow(id, false).unwrap().quarantine.is_some();
    let steps = vec![
        set(ann, LEAVE, "2026-03-02T08:00:00Z"),
        set(ben, LEAVE, "2026-03-02T08:00:00Z"),
        work_cut_off(),
        work(),
        look("it is held back, and both administrators know", move |system| {
            held(system) && ends(system, id).is_empty() && system.deliveries.mails().len() >= 2
        }),
        at("2026-03-12T08:00:00Z"),
        work(),
        release(id),
        work(),
        look("it ran for both, however late", move |system| {
            !held(system) && ends(system, id) == [[Completed; 2]]
        }),
    ];
    Play { system, steps }
}

/// A workflow that is deleted while people are queued, somebody who is, and both restored; what is left is deleted for
/// good when its time comes.
pub(crate) fn deleting() -> Play {
    let system = System::at(NOW).unwrap();
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let id = system.workflow(by_hand().task(ENABLE, &[]).task(MAIL, &[])).unwrap().id;
    let other = system.workflow(on_hire().task(ENABLE, &[])).unwrap().id;
    let removing = WorkflowSpec::on_demand(Category::Leaver).task("Delete user account", &[]);
    let removing = system.workflow(removing).unwrap().id;
    let steps = vec![
        activate(id, 1, &[ann, ben]),
        delete_workflow(id),
        work(),
        restore_workflow(id),
        enable(id, true),
        activate(id, 2, &[ann, ben]),
        delete_user(ann),
        work(),
        restore_user(ann),
        look("who was deleted was not processed, and whose workflow was, was not either", move |system| {
            ends(system, id) == [[Canceled; 2], [Canceled, Completed]]
        }),
        activate(removing, 1, &[ben]),
        work(),
        set(cyd, HIRE, "2026-03-02T08:00:00Z"),
        work(),
        delete_workflow(other),
        at("2026-04-10T08:00:00Z"),
        work(),
        look("ben and the other workflow are gone for good, and ann is there", move |system| {
            system.lifecycle.workflow(other, true).is_err()
                && system.lifecycle.deleted_item(&ben.to_string()).is_err()
                && system.user(ann).is_ok()
        }),
    ];
    Play { system, steps }
}

/// Somebody leaves by hand and comes back, and the history of it goes.
pub(crate) fn taken_back() -> Play {
    let system = System::at(NOW).unwrap().with_administrators(vec!["ops@example.com".to_owned()]).unwrap();
    let [ann, ben, cyd] = people(&system, ["ann", "ben", "cyd"]);
    let staff = system.group("Staff").unwrap().id;
    for person in [ann, ben, cyd] {
        system.lifecycle.add_member(&system.caller, staff, person).unwrap();
    }
    let limits = QuarantineConfiguration {
        conditions: vec![QuarantineCondition::Count(2)],
        match_mode: MatchMode::Any,
    };
    let mut spec = WorkflowSpec::on_demand(Category::Leaver)
        .task("Disable user account", &[])
        .task("Remove user from all groups", &[])
        .task("Update user attributes", &[("attributeUpdates", r#"[{"attribute":"city","value":"Oslo"}]"#)])
        .task("Delete user account", &[]);
    spec.0.quarantine_configuration = Some(Some(limits));
    let id = system.workflow(spec).unwrap().id;
    let steps = vec![
        ask_for_too_many(id, &[ann, ben, cyd]),
        work(),
        release(id),
        activate(id, 1, &[ann, ben]),
        work(),
        look("they are gone", move |system| system.user(ann).is_err() && system.user(ben).is_err()),
        undo(id, 2),
        work(),
        look("they are back, as they were", move |system| {
            let is_as_before = |who: UserId| {
                let user = system.user(who).unwrap();
                user.text("city").is_none() && system.groups_of(who).unwrap() == ["Staff"]
            };
            is_as_before(ann) && is_as_before(ben)
        }),
        keep_history(30),
        at("2026-04-10T08:00:00Z"),
        work(),
        look("nothing is told of it any more", move |system| ends(system, id).is_empty()),
    ];
    Play { system, steps }
}
