//! The real engine beside the reference: what happens, happens to both, and then they are compared.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::engine::{Step, Worker, sweep_all};
use tenure_lifecycle::ids::{GroupId, UserId, WorkflowId};
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::WorkflowPatch;
use tenure_lifecycle::ports::{QueuedWork, SkipReason};
use tenure_lifecycle::run::{ExecutionType, Status};
use tenure_lifecycle::workflow::{Category, TimeAttribute, Workflow};
use tenure_testkit::{Cut, Person, System, WorkflowSpec};

use crate::ledger::balances;
use crate::reference::{Person as Somebody, Reference, Skip, date_of};
use crate::sequence::{DEPARTMENTS, Edit, FLOWS, GROUPS, Op, Rule, Task, Version, first_versions};

const BEGINNING: &str = "2026-03-02T00:00:00Z";
const DATES: [(&str, TimeAttribute); 2] = [
    ("employeeHireDate", TimeAttribute::EmployeeHireDate),
    ("employeeLeaveDateTime", TimeAttribute::EmployeeLeaveDateTime),
];

pub(crate) struct World {
    system: System,
    reference: Reference,
    people: Vec<UserId>,
    flows: Vec<WorkflowId>,
    groups: Vec<GroupId>,
    was_cut_off: bool,
}

fn moment(hours: i64) -> Timestamp {
    BEGINNING.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

fn text(rule: Rule) -> String {
    match rule {
        Rule::Department(department) => format!("department eq '{}'", DEPARTMENTS[department]),
        Rule::Disabled => "accountEnabled eq false".to_owned(),
        Rule::DisabledIn(department) => {
            format!("accountEnabled eq false and department eq '{}'", DEPARTMENTS[department])
        }
    }
}

fn spec(flow: usize, version: &Version, groups: &[GroupId]) -> WorkflowSpec {
    let (attribute, offset) = (DATES[date_of(flow)].1, version.offset_in_days as i32);
    let mut spec = WorkflowSpec::scheduled(Category::Joiner, attribute, offset, &text(version.rule));
    for task in &version.tasks {
        spec = match task {
            Task::Enable => spec.task("Enable user account", &[]),
            Task::Disable => spec.task("Disable user account", &[]),
            Task::Join(group) => spec.task("Add user to groups", &[("groupID", &groups[*group].to_string())]),
            Task::Quit(group) => {
                spec.task("Remove user from selected groups", &[("groupID", &groups[*group].to_string())])
            }
            Task::Mail => spec.task("Send welcome email", &[]),
        };
    }
    spec
}

impl World {
    pub(crate) fn new() -> Self {
        // Nothing is held back: quarantine has tests of its own.
        let limits = Limits { leavers_at_most: 1_000, ..Limits::default() };
        let system = System::with_limits(BEGINNING, limits).unwrap();
        let groups: Vec<GroupId> =
            (0..GROUPS).map(|group| system.group(&format!("group {group}")).unwrap().id).collect();
        let flows = first_versions();
        let flows = flows.iter().enumerate();
        let flows =
            flows.map(|(flow, version)| system.workflow(spec(flow, version, &groups)).unwrap().id).collect();
        Self { system, reference: Reference::new(), people: Vec::new(), flows, groups, was_cut_off: false }
    }

    fn flow(&self, flow: usize) -> Workflow {
        self.system.lifecycle.workflow(self.flows[flow], false).unwrap()
    }

    pub(crate) fn take(&mut self, op: &Op) {
        match op {
            Op::Create { department, hire, protected } => {
                let name = format!("p{}", self.people.len());
                let person = Person {
                    department: department.map(|place| DEPARTMENTS[place].to_owned()),
                    hire: hire.map(moment),
                    protected: *protected,
                    ..Person::named(&name)
                };
                self.people.push(self.system.person(&person).unwrap().id);
                self.reference.people.push(Somebody::new(*department, *hire, *protected));
            }
            Op::Edit(edit) => self.edit(edit),
            Op::Activate { flow, people } => self.activate(*flow, people),
            Op::Pass { hours } => {
                self.reference.now += hours;
                self.system.clock.set(moment(self.reference.now));
            }
            Op::Work { meanwhile, cut } => {
                sweep_all(&self.system.lifecycle, self.system.lifecycle.now()).unwrap();
                self.reference.sweep();
                for edit in meanwhile {
                    self.edit(edit);
                }
                self.work(*cut);
                self.reference.work();
                self.compare();
            }
        }
    }

    /// The person of that number who is still there.
    fn somebody(&self, person: usize) -> Option<usize> {
        let person = person.checked_rem(self.people.len())?;
        (!self.reference.people[person].is_deleted).then_some(person)
    }

    fn edit(&mut self, edit: &Edit) {
        let (lifecycle, caller) = (self.system.lifecycle.clone(), self.system.caller.clone());
        let mut edit = edit.clone();
        if let Edit::Department { person, .. }
        | Edit::Date { person, .. }
        | Edit::Account { person, .. }
        | Edit::Delete { person } = &mut edit
        {
            let Some(there) = self.somebody(*person) else { return };
            *person = there;
        }
        let set = |person: usize, name: &str, value: Value| {
            let patch = UserPatch { set: vec![(attribute(name).unwrap(), value)], ..UserPatch::default() };
            lifecycle.update_user(&caller, self.people[person], &patch).unwrap();
        };
        match &edit {
            Edit::Department { person, department } => {
                let value =
                    department.map_or(Value::Null, |place| Value::Text(DEPARTMENTS[place].to_owned()));
                set(*person, "department", value);
            }
            Edit::Date { person, is_leave, at } => {
                let value = at.map_or(Value::Null, |at| Value::DateTime(moment(at)));
                set(*person, DATES[usize::from(*is_leave)].0, value);
            }
            Edit::Account { person, enabled } => set(*person, "accountEnabled", Value::Boolean(*enabled)),
            Edit::Delete { person } => lifecycle.delete_user(&caller, self.people[*person]).unwrap(),
            Edit::Switch { flow, on } => {
                let patch = WorkflowPatch {
                    is_enabled: Some(*on),
                    is_scheduling_enabled: Some(*on),
                    ..WorkflowPatch::default()
                };
                lifecycle.update_workflow(&caller, self.flows[*flow], patch, None).unwrap();
            }
            Edit::Version { flow, version } => {
                let mut spec = spec(*flow, version, &self.groups);
                let is_on = self.reference.flows[*flow].is_on;
                (spec.0.is_enabled, spec.0.is_scheduling_enabled) = (is_on, is_on);
                lifecycle.create_new_version(&caller, self.flows[*flow], spec.0, None).unwrap();
            }
            Edit::CancelNewest { flow } => {
                // Refused if it is through.
                if let Some(run) = self.system.runs(&self.flow(*flow)).unwrap().first() {
                    drop(lifecycle.cancel(&caller, run));
                }
            }
        }
        self.reference.edit(&edit);
    }

    fn activate(&mut self, flow: usize, people: &[usize]) {
        let people: BTreeSet<usize> = people.iter().filter_map(|person| self.somebody(*person)).collect();
        if people.is_empty() || !self.reference.flows[flow].is_on {
            return;
        }
        let ids: Vec<UserId> = people.iter().map(|person| self.people[*person]).collect();
        self.system.activate(&self.flow(flow), &ids).unwrap();
        self.reference.activate(flow, &people);
    }

    /// Works until there is nothing to do; if it is cut off, another process does.
    fn work(&mut self, cut: Option<(usize, bool)>) {
        let cut = cut.map(|(call, before)| if before { Cut::Before(call) } else { Cut::After(call) });
        if self.system.power.until(cut, || work(&self.system)).0.is_none() {
            let system = std::mem::replace(&mut self.system, System::at(BEGINNING).unwrap());
            self.system = system.crashed().unwrap();
            self.was_cut_off = true;
            balances(&self.system);
            work(&self.system);
        }
    }

    fn compare(&self) {
        balances(&self.system);
        for (place, wanted) in self.reference.people.iter().enumerate().filter(|(_, one)| !one.is_deleted) {
            let found = self.system.user(self.people[place]).unwrap();
            assert_eq!(found.account_enabled, Some(wanted.enabled), "the account of person {place}");
            let department = found.attributes.get("department").and_then(|text| text.as_str());
            assert_eq!(department, wanted.department.map(|place| DEPARTMENTS[place]), "person {place}");
            let groups: BTreeSet<String> =
                self.system.groups_of(self.people[place]).unwrap().into_iter().collect();
            let expected: BTreeSet<String> =
                wanted.groups.iter().map(|group| format!("group {group}")).collect();
            assert_eq!(groups, expected, "the groups of person {place}");
        }
        let keys: BTreeSet<_> = self.system.deliveries.keys().into_iter().collect();
        assert_eq!(keys.len(), self.reference.mails, "mails");
        for flow in 0..FLOWS {
            assert_eq!(self.processed(flow), self.reference.flows[flow].processed, "processed by {flow}");
            let (mut skipped, wanted) = (self.skipped(flow), self.reference.skipped(flow));
            if self.was_cut_off {
                // Whoever looks between two workflows of a person may see what was so for a moment only.
                skipped.retain(|person, _| wanted.contains_key(person));
            }
            assert_eq!(skipped, wanted, "skipped by {flow}");
        }
    }

    /// How often each person was processed by a workflow: by itself, and by hand.
    fn processed(&self, flow: usize) -> BTreeMap<usize, [usize; 2]> {
        let mut processed: BTreeMap<usize, [usize; 2]> = BTreeMap::new();
        for run in self.system.runs(&self.flow(flow)).unwrap() {
            for result in self.system.results(run.number).unwrap() {
                assert!(result.status.is_finished(), "{result:?}");
                if result.status != Status::Canceled {
                    let person = self.people.iter().position(|id| Some(*id) == result.subject).unwrap();
                    let by_hand = run.execution_type != ExecutionType::Scheduled;
                    processed.entry(person).or_default()[usize::from(by_hand)] += 1;
                }
            }
        }
        processed
    }

    /// Who is listed as skipped for the date that they have now.
    fn skipped(&self, flow: usize) -> BTreeMap<usize, Skip> {
        let attribute = DATES[date_of(flow)].1;
        let listed = self.system.store.list_skipped(self.flow(flow).number, 0, 1_000).unwrap();
        let current = listed.into_iter().filter_map(|(skipped, id, _)| {
            let person = self.people.iter().position(|known| *known == id)?;
            let user = self.system.user(id).ok()?;
            let (_, change) = attribute.of(&user)?;
            (change == skipped.change).then_some((
                person,
                match skipped.reason {
                    SkipReason::OutsideCatchUp => Skip::TooLate,
                    SkipReason::OutOfScope => Skip::OutOfScope,
                    SkipReason::RunStopped => panic!("only who waits for an event is listed so: {skipped:?}"),
                },
            ))
        });
        current.collect()
    }
}

/// Looks who is due, and processes, until nothing is left.
fn work(system: &System) {
    let performer = system.power.over(system.deliveries.as_ref());
    let worker = Worker::new(&system.lifecycle, &performer, 1).with_batch(2);
    for _ in 0..50 {
        let swept = sweep_all(&system.lifecycle, system.lifecycle.now()).unwrap();
        let mut worked = false;
        let left = loop {
            match worker.step().unwrap() {
                Step::Worked => worked = true,
                Step::Idle(left) => break left,
            }
        };
        match left {
            // Somebody waits until what was begun for them elsewhere is through.
            QueuedWork::At(at) => system.clock.set(at),
            _ if swept.admitted == 0 && !worked => return,
            _ => {}
        }
    }
    panic!("it does not come to an end");
}
