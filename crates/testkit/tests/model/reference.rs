//! The reference: what has to become of people, said as plainly as possible. It looks at everybody each time.

use std::collections::{BTreeMap, BTreeSet};

use crate::sequence::{Edit, FLOWS, Rule, Task, Version, first_versions};

/// Whole days after the due date on which somebody is still processed.
const CATCH_UP_DAYS: i64 = 3;

/// Somebody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub(crate) department: Option<usize>,
    pub(crate) enabled: bool,
    pub(crate) groups: BTreeSet<usize>,
    pub(crate) is_deleted: bool,
    protected: bool,
    /// Hire date and leave date.
    dates: [Option<i64>; 2],
    /// How often each was set to another value: the occasion.
    set: [u32; 2],
}

/// Why somebody who was due is not processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skip {
    TooLate,
    OutOfScope,
}

/// A workflow, and whom it was run for.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) version: Version,
    pub(crate) is_on: bool,
    /// Occasions that are used: a person and how often their date had been set.
    used: BTreeSet<(usize, u32)>,
    skipped: BTreeMap<(usize, u32), Skip>,
    newest_run: usize,
    /// How often each person was processed by itself, and by hand.
    pub(crate) processed: BTreeMap<usize, [usize; 2]>,
}

/// Somebody whose turn is to come.
#[derive(Clone, Debug)]
struct Queued {
    run: usize,
    flow: usize,
    person: usize,
    /// `None` by hand.
    occasion: Option<u32>,
    tasks: Vec<Task>,
}

/// What has to be.
pub(crate) struct Reference {
    /// Hours since the beginning.
    pub(crate) now: i64,
    pub(crate) people: Vec<Person>,
    pub(crate) flows: [Flow; FLOWS],
    /// Mails that people got.
    pub(crate) mails: usize,
    queue: Vec<Queued>,
    runs: usize,
}

/// Which date a workflow follows.
pub(crate) fn date_of(flow: usize) -> usize {
    usize::from(flow == 1)
}

impl Person {
    pub(crate) fn new(department: Option<usize>, hire: Option<i64>, protected: bool) -> Self {
        let set = [u32::from(hire.is_some()), 0];
        Self { department, protected, dates: [hire, None], set, ..Self::default() }
    }

    fn fits(&self, rule: Rule) -> bool {
        match rule {
            Rule::Department(department) => self.department == Some(department),
            Rule::Disabled => !self.enabled,
            Rule::DisabledIn(department) => !self.enabled && self.department == Some(department),
        }
    }
}

impl Reference {
    pub(crate) fn new() -> Self {
        let flows = first_versions().map(|version| Flow {
            version,
            is_on: true,
            used: BTreeSet::new(),
            skipped: BTreeMap::new(),
            newest_run: 0,
            processed: BTreeMap::new(),
        });
        Self { now: 0, people: Vec::new(), flows, mails: 0, queue: Vec::new(), runs: 0 }
    }

    /// Whether a moment has come, and whether it is too long ago; `None` while there is none.
    fn due(&self, flow: usize, person: usize) -> Option<(bool, bool)> {
        let date = self.people[person].dates[date_of(flow)]?;
        let due = date + self.flows[flow].version.offset_in_days * 24;
        Some((due <= self.now, self.now.div_euclid(24) - due.div_euclid(24) > CATCH_UP_DAYS))
    }

    pub(crate) fn edit(&mut self, edit: &Edit) {
        match edit {
            Edit::Department { person, department } => self.people[*person].department = *department,
            Edit::Account { person, enabled } => self.people[*person].enabled = *enabled,
            Edit::Delete { person } => self.people[*person].is_deleted = true,
            Edit::Date { person, is_leave, at } => {
                let (person, which) = (&mut self.people[*person], usize::from(*is_leave));
                if person.dates[which] != *at {
                    person.dates[which] = *at;
                    person.set[which] += 1;
                }
            }
            Edit::Switch { flow, on } => {
                if self.flows[*flow].is_on && !on {
                    self.stop(*flow, true);
                }
                self.flows[*flow].is_on = *on;
            }
            Edit::Version { flow, version } => {
                // Whoever is run by hand has the version that it was begun with.
                self.stop(*flow, false);
                self.flows[*flow].version = version.clone();
            }
            Edit::CancelNewest { flow } => {
                let newest = self.flows[*flow].newest_run;
                self.queue.retain(|queued| queued.run != newest);
            }
        }
    }

    /// Nobody of the workflow has their turn; what they were queued for may come again.
    fn stop(&mut self, flow: usize, also_by_hand: bool) {
        let used = &mut self.flows[flow].used;
        self.queue.retain(|queued| match queued.occasion {
            Some(occasion) if queued.flow == flow => {
                used.remove(&(queued.person, occasion));
                false
            }
            Some(_) => true,
            None => !(also_by_hand && queued.flow == flow),
        });
    }

    /// Runs a workflow by hand.
    pub(crate) fn activate(&mut self, flow: usize, people: &BTreeSet<usize>) {
        self.runs += 1;
        self.flows[flow].newest_run = self.runs;
        let tasks = &self.flows[flow].version.tasks;
        let queued = |person: &usize| Queued {
            run: self.runs,
            flow,
            person: *person,
            occasion: None,
            tasks: tasks.clone(),
        };
        self.queue.extend(people.iter().map(queued));
    }

    /// Looks who is due; whether anybody is.
    pub(crate) fn sweep(&mut self) -> bool {
        let mut any = false;
        for flow in 0..FLOWS {
            if !self.flows[flow].is_on {
                continue;
            }
            let mut admitted = Vec::new();
            for person in 0..self.people.len() {
                let occasion = (person, self.people[person].set[date_of(flow)]);
                if self.people[person].is_deleted || self.flows[flow].used.contains(&occasion) {
                    continue;
                }
                let fits = self.people[person].fits(self.flows[flow].version.rule);
                let skip = match self.due(flow, person) {
                    Some((true, false)) if fits => {
                        admitted.push(occasion);
                        continue;
                    }
                    Some((true, false)) => Skip::OutOfScope,
                    Some((true, true)) if fits => Skip::TooLate,
                    _ => continue,
                };
                self.flows[flow].skipped.insert(occasion, skip);
            }
            if admitted.is_empty() {
                continue;
            }
            any = true;
            self.runs += 1;
            let flow_of = &mut self.flows[flow];
            flow_of.newest_run = self.runs;
            for (person, occasion) in admitted {
                flow_of.used.insert((person, occasion));
                flow_of.skipped.remove(&(person, occasion));
                let (run, tasks) = (self.runs, flow_of.version.tasks.clone());
                self.queue.push(Queued { run, flow, person, occasion: Some(occasion), tasks });
            }
        }
        any
    }

    /// Lets everybody have their turn; whether anybody had.
    fn drain(&mut self) -> bool {
        let queue = std::mem::take(&mut self.queue);
        let any = !queue.is_empty();
        for Queued { flow, person, occasion, tasks, .. } in queue {
            let is_due = matches!(self.due(flow, person), Some((true, _)));
            let (somebody, rule) = (&mut self.people[person], self.flows[flow].version.rule);
            if let Some(occasion) = occasion
                && (somebody.is_deleted
                    || !is_due
                    || somebody.set[date_of(flow)] != occasion
                    || !somebody.fits(rule))
            {
                self.flows[flow].used.remove(&(person, occasion));
                continue;
            }
            if somebody.is_deleted {
                continue;
            }
            self.flows[flow].processed.entry(person).or_default()[usize::from(occasion.is_none())] += 1;
            // Nothing is done to whoever is protected.
            for task in tasks.iter().filter(|_| !somebody.protected) {
                match task {
                    Task::Enable => somebody.enabled = true,
                    Task::Disable => somebody.enabled = false,
                    Task::Join(group) => drop(somebody.groups.insert(*group)),
                    Task::Quit(group) => drop(somebody.groups.remove(group)),
                    Task::Mail => self.mails += 1,
                }
            }
        }
        any
    }

    /// Works until nobody is due.
    pub(crate) fn work(&mut self) {
        while {
            let any_due = self.sweep();
            self.drain() || any_due
        } {}
    }

    /// Who is due, or was, and not processed: with the reason why not.
    pub(crate) fn skipped(&self, flow: usize) -> BTreeMap<usize, Skip> {
        let of = &self.flows[flow];
        let current = |(person, occasion): &(usize, u32)| {
            let person = &self.people[*person];
            !person.is_deleted
                && person.set[date_of(flow)] == *occasion
                && person.dates[date_of(flow)].is_some()
        };
        let listed = of.skipped.iter().filter(|(occasion, _)| current(occasion));
        listed.map(|((person, _), skip)| (*person, *skip)).collect()
    }
}
