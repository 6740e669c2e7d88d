//! Sequences of what may happen, drawn from a seed.

/// Departments; no department is one too.
pub(crate) const DEPARTMENTS: [&str; 2] = ["Sales", "Legal"];
/// Workflows: the first and the last follow the hire date, the other one the leave date.
pub(crate) const FLOWS: usize = 3;
/// Groups.
pub(crate) const GROUPS: usize = 2;

/// Which people a workflow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Department(usize),
    Disabled,
    DisabledIn(usize),
}

/// What a workflow does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Enable,
    Disable,
    Join(usize),
    Quit(usize),
    Mail,
}

/// What a version of a workflow says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) rule: Rule,
    pub(crate) offset_in_days: i64,
    pub(crate) tasks: Vec<Task>,
}

/// A change that somebody makes. People are meant by number, whoever that is by then; times are hours since the beginning.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Department { person: usize, department: Option<usize> },
    Date { person: usize, is_leave: bool, at: Option<i64> },
    Account { person: usize, enabled: bool },
    Delete { person: usize },
    Switch { flow: usize, on: bool },
    Version { flow: usize, version: Version },
    CancelNewest { flow: usize },
}

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Create {
        department: Option<usize>,
        hire: Option<i64>,
        protected: bool,
    },
    Edit(Edit),
    Activate {
        flow: usize,
        people: Vec<usize>,
    },
    Pass {
        hours: i64,
    },
    /// The engine works; these things happen when it has looked who is due and processed nobody yet. It is cut off at that
    /// call of the store or outside, before it or after it.
    Work {
        meanwhile: Vec<Edit>,
        cut: Option<(usize, bool)>,
    },
}

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn department(&mut self) -> Option<usize> {
        DEPARTMENTS.get(self.below(DEPARTMENTS.len() + 1)).map(|_| self.below(DEPARTMENTS.len()))
    }

    /// A date around now, at a whole hour; often one at which several people are due.
    fn date(&mut self, now: i64) -> Option<i64> {
        (!self.one_in(6)).then(|| now - 140 + self.below(20) as i64 * 12)
    }

    fn version(&mut self) -> Version {
        let rule = match self.below(3) {
            0 => Rule::Disabled,
            1 => Rule::DisabledIn(self.below(DEPARTMENTS.len())),
            _ => Rule::Department(self.below(DEPARTMENTS.len())),
        };
        let tasks = (0..=self.below(3)).map(|_| match self.below(5) {
            0 => Task::Enable,
            1 => Task::Disable,
            2 => Task::Join(self.below(GROUPS)),
            3 => Task::Quit(self.below(GROUPS)),
            _ => Task::Mail,
        });
        Version { tasks: tasks.collect(), rule, offset_in_days: self.below(5) as i64 - 2 }
    }

    fn edit(&mut self, now: i64) -> Edit {
        let (person, flow) = (self.below(64), self.below(FLOWS));
        match self.below(12) {
            0..=2 => Edit::Department { person, department: self.department() },
            3..=5 => Edit::Date { person, is_leave: self.one_in(3), at: self.date(now) },
            6 => Edit::Account { person, enabled: self.one_in(2) },
            7 if self.one_in(2) => Edit::Delete { person },
            8 => Edit::Switch { flow, on: false },
            9 => Edit::Switch { flow, on: true },
            10 => Edit::CancelNewest { flow },
            _ => Edit::Version { flow, version: self.version() },
        }
    }
}

/// The versions that workflows begin with.
pub(crate) fn first_versions() -> [Version; FLOWS] {
    [
        Version {
            rule: Rule::Department(0),
            offset_in_days: 0,
            tasks: vec![Task::Enable, Task::Mail, Task::Join(0)],
        },
        Version { rule: Rule::Department(0), offset_in_days: 1, tasks: vec![Task::Quit(0), Task::Disable] },
        Version { rule: Rule::Disabled, offset_in_days: -1, tasks: vec![Task::Join(1)] },
    ]
}

/// What happens under that seed.
pub(crate) fn sequence(seed: u64) -> Vec<Op> {
    let mut dice = Dice(seed);
    let mut now = 0;
    (0..20 + dice.below(20))
        .map(|_| match dice.below(10) {
            0 | 1 => {
                Op::Create { department: dice.department(), hire: dice.date(now), protected: dice.one_in(8) }
            }
            2..=4 => Op::Edit(dice.edit(now)),
            5 => Op::Activate {
                flow: dice.below(FLOWS),
                people: (0..=dice.below(3)).map(|_| dice.below(64)).collect(),
            },
            6 | 7 => {
                let longest = if dice.one_in(4) { 150 } else { 40 };
                let hours = 1 + dice.below(longest) as i64;
                now += hours;
                Op::Pass { hours }
            }
            _ => Op::Work {
                meanwhile: (0..dice.below(3)).map(|_| dice.edit(now)).collect(),
                cut: (!dice.one_in(3)).then(|| (1 + dice.below(60), dice.one_in(2))),
            },
        })
        .collect()
}
