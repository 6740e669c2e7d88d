//! A law: whatever happens to those who wait, the counters say what the rows say at every moment, every answer that was
//! taken counts, and in the end everybody is through, once.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::WorkflowPatch;
use tenure_lifecycle::ports::{Answer, Failure, QueuedWork};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_testkit::{Cut, Person, System, WorkflowSpec};

use crate::badge::{Meanwhile, NOW, Place, calls, extension, place, resume};
use crate::ledger::balances;

#[derive(Clone, Debug)]
enum Step {
    Activate {
        people: usize,
    },
    Fail {
        times: usize,
        permanently: bool,
    },
    Drain,
    /// Everybody who is called answers at once, or an administrator stops everything meanwhile.
    Meanwhile {
        answer: Option<Answer>,
        fails: bool,
    },
    CutOff {
        call: usize,
        delivered: bool,
    },
    Crash,
    Resume {
        call: usize,
        answer: Answer,
    },
    Wait {
        minutes: i64,
    },
    Cancel {
        run: usize,
    },
    Enable {
        enabled: bool,
    },
    Version,
    Delete {
        person: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1..4_usize).prop_map(|people| Step::Activate { people }),
        1 => (1..4_usize, any::<bool>()).prop_map(|(times, permanently)| Step::Fail { times, permanently }),
        3 => Just(Step::Drain),
        2 => (proptest::option::weighted(0.7, answer()), any::<bool>())
            .prop_map(|(answer, fails)| Step::Meanwhile { answer, fails }),
        1 => (1..4_usize, any::<bool>()).prop_map(|(call, delivered)| Step::CutOff { call, delivered }),
        1 => Just(Step::Crash),
        4 => (0..20_usize, answer()).prop_map(|(call, answer)| Step::Resume { call, answer }),
        2 => (1..45_i64).prop_map(|minutes| Step::Wait { minutes }),
        1 => (0..5_usize).prop_map(|run| Step::Cancel { run }),
        1 => any::<bool>().prop_map(|enabled| Step::Enable { enabled }),
        1 => Just(Step::Version),
        1 => (0..10_usize).prop_map(|person| Step::Delete { person }),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![Just(Answer::Completed), Just(Answer::Failed)]
}

struct World {
    system: System,
    workflow: Workflow,
    spec: WorkflowSpec,
    people: Vec<UserId>,
    answers: BTreeMap<Place, Answer>,
}

impl World {
    fn new() -> Self {
        let system = System::at(NOW).unwrap();
        let (waits, goes_on) = (extension(&system, true, 2), extension(&system, false, 2));
        let spec = WorkflowSpec::on_demand(Category::Joiner)
            .task("Enable user account", &[])
            .task("Run a custom task extension", &[("customTaskExtensionID", &waits)])
            .continuing()
            .task("Run a custom task extension", &[("customTaskExtensionID", &goes_on)])
            .task("Run a custom task extension", &[("customTaskExtensionID", &waits)]);
        let workflow = system.workflow(spec.clone()).unwrap();
        Self { system, workflow, spec, people: Vec::new(), answers: BTreeMap::new() }
    }

    fn take(&mut self, step: &Step) {
        let Self { system, workflow, .. } = self;
        let (lifecycle, caller) = (&system.lifecycle, &system.caller);
        match step {
            Step::Activate { people } => {
                let ids: Vec<UserId> = (0..*people)
                    .map(|place| {
                        let name = format!("p{}", self.people.len() + place);
                        system.person(&Person::named(&name)).unwrap().id
                    })
                    .collect();
                // Refused while the workflow is disabled.
                drop(system.activate(workflow, &ids));
                self.people.extend(ids);
            }
            Step::Fail { times, permanently } => {
                for _ in 0..*times {
                    let why = "the endpoint is away".to_owned();
                    let failure =
                        if *permanently { Failure::Permanent(why) } else { Failure::Retryable(why) };
                    system.deliveries.fail_next(failure);
                }
            }
            Step::Drain => drop(system.drain().unwrap()),
            Step::Meanwhile { answer, fails } => {
                let taken = Mutex::new(Vec::new());
                let meanwhile = |key| match answer {
                    Some(answer) if resume(system, place(key), *answer) => {
                        taken.lock().unwrap().push((place(key), *answer));
                    }
                    Some(_) => {}
                    None => {
                        for run in system.runs(workflow).unwrap() {
                            drop(lifecycle.cancel(caller, &run));
                        }
                    }
                };
                let outcome = if *fails { Err(Failure::Retryable("too late".to_owned())) } else { Ok(()) };
                let performer = Meanwhile(system, meanwhile, outcome);
                Worker::new(lifecycle, &performer, 1).drain().unwrap();
                for (place, answer) in taken.into_inner().unwrap() {
                    assert_eq!(self.answers.insert(place, answer), None, "{place:?} is answered once");
                }
            }
            Step::CutOff { call, delivered } => {
                let cut = if *delivered { Cut::After(*call) } else { Cut::Before(*call) };
                if system.drain_until(cut, 3).unwrap().is_none() {
                    self.crash();
                }
            }
            Step::Crash => self.crash(),
            Step::Resume { call, answer } => {
                let made = system.deliveries.calls();
                if let Some((key, _)) = made.get(call % made.len().max(1)) {
                    let place = place(*key);
                    if resume(system, place, *answer) {
                        assert_eq!(self.answers.insert(place, *answer), None, "{place:?} is answered once");
                    }
                }
            }
            Step::Wait { minutes } => {
                system.clock.set(lifecycle.now() + jiff::SignedDuration::from_mins(*minutes));
            }
            Step::Cancel { run } => {
                let runs = system.runs(workflow).unwrap();
                if let Some(run) = runs.get(run % runs.len().max(1)) {
                    drop(lifecycle.cancel(caller, run));
                }
            }
            Step::Enable { enabled } => {
                let patch = WorkflowPatch { is_enabled: Some(*enabled), ..WorkflowPatch::default() };
                lifecycle.update_workflow(caller, workflow.id, patch, None).unwrap();
            }
            Step::Version => {
                let mut new = self.spec.0.clone();
                new.is_enabled = lifecycle.workflow(workflow.id, false).unwrap().is_enabled;
                *workflow = lifecycle.create_new_version(caller, workflow.id, new, None).unwrap();
            }
            Step::Delete { person } => {
                if let Some(id) = self.people.get(person % self.people.len().max(1)) {
                    drop(lifecycle.delete_user(caller, *id));
                }
            }
        }
        balances(&self.system);
    }

    fn crash(&mut self) {
        let other = System::at(NOW).unwrap();
        let system = std::mem::replace(&mut self.system, other);
        self.system = system.crashed().unwrap();
    }

    /// Lets time pass until nothing is left to do.
    fn end(&self) {
        while let QueuedWork::At(at) = self.system.drain().unwrap() {
            self.system.clock.set(at);
        }
        balances(&self.system);
        // What is on record was called under one key with one body.
        calls(&self.system);
        for run in self.system.runs(&self.workflow).unwrap() {
            assert!(run.status.is_finished(), "{run:?}");
            for result in self.system.results(run.number).unwrap() {
                assert!(result.status.is_finished(), "{result:?}");
            }
        }
        for ((run, seq, ordinal), answer) in &self.answers {
            let tasks = self.system.task_results(*run, *seq).unwrap();
            let task = tasks.iter().find(|task| task.ordinal == *ordinal).unwrap();
            let wanted = match answer {
                Answer::Completed => Status::Completed,
                Answer::Failed => Status::Failed,
            };
            assert_eq!(task.status, wanted, "an answer that was taken counts: {task:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tenure_testkit::cases(40), ..ProptestConfig::default() })]
    #[test]
    fn everybody_ends_once_and_every_answer_counts(steps in proptest::collection::vec(step(), 1..30)) {
        let mut world = World::new();
        world.take(&Step::Activate { people: 3 });
        for step in &steps {
            world.take(step);
        }
        world.end();
    }
}
