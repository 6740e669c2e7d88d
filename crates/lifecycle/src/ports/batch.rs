//! A leased range of a run, as it is loaded: the users, and all that planning needs to know of them.

use jiff::Timestamp;

use super::Event;
use crate::directory::User;
use crate::effect::{History, Outside};
use crate::ids::{Epoch, Ordinal, RunNumber, Seq, WorkflowId};
use crate::run::{CancelReason, ExecutionType, Status, TaskCounts};
use crate::task::{Holdings, People};
use crate::workflow::Version;

/// Where an outside effect goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(pub i64);

impl Place {
    /// Nowhere: what is to be done is done here.
    pub const HERE: Self = Self(0);
    /// The mail server, with whatever a mail carries.
    pub const MAIL: Self = Self(-1);
}

/// Which work somebody does. What goes outside may be slow, and nobody who does other work waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    /// All of it.
    Any,
    /// New users, and those who have nothing to be done outside next.
    Here,
    /// Those who have something to be done outside next, but for what goes to these places.
    Outside {
        /// Where enough is under way already.
        except: Vec<Place>,
    },
}

impl Lane {
    /// Whether it does what goes to that place.
    pub fn does(&self, place: Place) -> bool {
        match self {
            Self::Any => true,
            Self::Here => place == Place::HERE,
            Self::Outside { except } => place != Place::HERE && !except.contains(&place),
        }
    }
}

/// The right to process some users of one run until `ends`; a lost lease cannot settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its number: the row.
    pub id: i64,
    /// The fence.
    pub fence: i64,
    /// The run.
    pub run: RunNumber,
    /// The first seq.
    pub from: Seq,
    /// The last seq, inclusive.
    pub to: Seq,
    /// Only these seqs of the range, when it is a repeat.
    pub only: Option<Vec<Seq>>,
    /// Where what they want done outside goes, when it is a repeat.
    pub place: Place,
    /// Until when, by the store's clock.
    pub ends: Timestamp,
}

/// A user result as it was loaded; nobody but the lease's holder changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Queued or in progress.
    pub status: Status,
    /// Counts.
    pub tasks: TaskCounts,
    /// The occasion.
    pub change: i64,
}

/// One user of a leased range.
#[derive(Debug)]
pub struct LoadedUser {
    /// Place in the run.
    pub seq: Seq,
    /// The person; `None` if they are gone.
    pub user: Option<User>,
    /// Groups the person is a direct member of, by number, ascending.
    pub groups: Vec<i64>,
    /// What the person has, as far as the tasks look at it.
    pub holdings: Holdings,
    /// The result as it stands.
    pub before: Before,
    /// When the first task was begun, if one was.
    pub started: Option<Timestamp>,
    /// Tasks already done: ordinal and status.
    pub done: Vec<(Ordinal, Status)>,
    /// An outside effect of a task that was begun: frozen, to be done under its key.
    pub pending: Option<PendingEffect>,
    /// What happened to them that the workflow acts on, if it waits for such a thing.
    pub event: Option<Event>,
    /// How many sponsors they have, if the workflow asks for that.
    pub sponsor_count: usize,
    /// Only these tasks are run, when it is a repeat of those that failed or takes back what was done.
    pub chosen: Option<Vec<Ordinal>>,
    /// What is to be taken back, if that is what the run is for.
    pub history: Option<Box<History>>,
}

impl LoadedUser {
    /// Whether the task at that place is to be run for the user.
    pub fn is_for(&self, ordinal: Ordinal) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&ordinal))
    }
}

/// One person, loaded as a batch loads its users.
#[derive(Debug)]
pub struct LoadedPerson {
    /// The person.
    pub user: User,
    /// Groups the person is a direct member of, by number, ascending.
    pub groups: Vec<i64>,
    /// What the person has, as far as the tasks look at it.
    pub holdings: Holdings,
    /// The person's manager, and who and what else planning may look up.
    pub people: People,
}

/// People, loaded as a batch loads its users.
#[derive(Debug, Default)]
pub struct LoadedPeople {
    /// The people, by number, each at the seq of that number.
    pub users: Vec<LoadedUser>,
    /// Their managers, and who and what else planning may look up.
    pub people: People,
}

/// A task whose outside effects are frozen in the store until they are done.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingEffect {
    /// The task's place.
    pub ordinal: Ordinal,
    /// When the task was begun.
    pub started: Timestamp,
    /// All outside effects of the task, in order.
    pub effects: Vec<Outside>,
    /// How many of them, from the first on, are done and are not repeated.
    pub done: u32,
    /// What the task says when they are done.
    pub info: Option<String>,
    /// How often it has been tried in vain.
    pub attempt: u32,
    /// What the last attempt came to.
    pub failure: Option<String>,
    /// Until when the task waits to be called back.
    pub waits_until: Option<Timestamp>,
    /// What whoever called back has said.
    pub answer: Option<Answer>,
}

impl PendingEffect {
    /// Where it goes next.
    pub fn place(&self) -> Place {
        if self.waits_until.is_some() || self.answer.is_some() {
            return Place::HERE;
        }
        match self.effects.first() {
            Some(Outside::Call(call)) => Place(call.number),
            Some(Outside::SendMail(_) | Outside::IssuePass(_)) => Place::MAIL,
            None => Place::HERE,
        }
    }
}

/// What whoever calls back says of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Completed,
    /// It failed.
    Failed,
}

impl Answer {
    const ALL: [Self; 2] = [Self::Completed, Self::Failed];

    /// The stored code.
    pub fn code(self) -> i64 {
        match self {
            Self::Completed => 1,
            Self::Failed => 2,
        }
    }

    /// The answer of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code() == code)
    }

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str().eq_ignore_ascii_case(text))
    }
}

/// A leased range, with all that planning needs to know.
#[derive(Debug)]
pub struct Batch {
    /// The run's epoch.
    pub epoch: Epoch,
    /// The workflow's number.
    pub workflow: i64,
    /// The workflow.
    pub workflow_id: WorkflowId,
    /// The version.
    pub version: Version,
    /// The workflow's name.
    pub workflow_name: String,
    /// How the run came about.
    pub execution_type: ExecutionType,
    /// When the run was made.
    pub created: Timestamp,
    /// The run is being canceled.
    pub cancel: Option<CancelReason>,
    /// The users, by seq; reported results are not among them.
    pub users: Vec<LoadedUser>,
    /// Managers and groups that subjects have, users and groups that arguments name.
    pub people: People,
    /// The number of the last change that all this has in it.
    pub change: i64,
}
