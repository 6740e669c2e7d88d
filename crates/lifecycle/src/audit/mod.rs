//! The audit: who changed what, before and after, in which run and task. Append only.

mod activity;
mod record;

pub use activity::{Operation, Service, TargetKind};
pub use record::{By, PropertyChange, Record, Target, differences, property_changes, remarks};

use jiff::Timestamp;

use crate::ids::CallerId;

/// What was done. The codes are stored; they never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the name it has in `name`")]
pub enum Activity {
    CreateUser = 1,
    UpdateUser = 2,
    DeleteUser = 3,
    AddMember = 4,
    RemoveMember = 5,
    CreateGroup = 6,
    UpdateGroup = 7,
    DeleteGroup = 8,
    UpdateManager = 9,
    RestoreUser = 10,
    HardDeleteUser = 11,
    RestoreGroup = 12,
    HardDeleteGroup = 13,
    AssignLicense = 14,
    RemoveLicense = 15,
    RevokeSessions = 16,
    AddSponsor = 17,
    RemoveSponsor = 18,
    CreateWorkflow = 20,
    UpdateWorkflow = 21,
    AddWorkflowVersion = 22,
    DeleteWorkflow = 23,
    RestoreWorkflow = 24,
    HardDeleteWorkflow = 25,
    UpdateTask = 26,
    EnableWorkflow = 27,
    DisableWorkflow = 28,
    EnableSchedule = 29,
    DisableSchedule = 30,
    Quarantine = 31,
    ClearQuarantine = 32,
    Activate = 33,
    ScheduleStarted = 34,
    UpdateSettings = 35,
    Preview = 36,
    CancelRun = 37,
    Undo = 38,
    DeleteHistory = 39,
    CreateResult = 40,
    UpdateResult = 41,
    DeleteResult = 42,
    CreateTaskResult = 43,
    AddSubject = 44,
    RemoveSubject = 45,
    SendMail = 50,
    IssuePass = 51,
    DeletePass = 52,
    AddMethod = 53,
    RemoveMethod = 54,
    AddRole = 55,
    RemoveRole = 56,
    CallExtension = 57,
    ResumeTask = 58,
    AttemptFailed = 59,
    CreateToken = 60,
    RevokeToken = 61,
    ImportPeople = 62,
    CreateExtension = 70,
    UpdateExtension = 71,
    DeleteExtension = 72,
    CreateApplication = 80,
    DeleteApplication = 81,
    CreateSku = 90,
    UpdateSku = 91,
    DeleteSku = 92,
    CreateAccessPackage = 93,
    UpdateAccessPackage = 94,
    DeleteAccessPackage = 95,
    CreatePolicy = 96,
    UpdatePolicy = 97,
    DeletePolicy = 98,
    AssignPackage = 99,
    EndAssignment = 100,
    RequestPackage = 101,
    CancelRequest = 102,
    CreateAgent = 103,
    UpdateAgent = 104,
    DeleteAgent = 105,
    AddAgentSponsor = 106,
    RemoveAgentSponsor = 107,
    ReopenAssignment = 108,
    ReopenRequest = 109,
}

impl Activity {
    /// The stored code.
    pub fn code(self) -> i64 {
        self as i64
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody with a token.
    Caller(CallerId),
    /// Tenure itself.
    Engine,
}

/// One entry about something other than a person's data, which the store writes by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub activity: Activity,
    /// Before, as JSON.
    pub before: Option<String>,
    /// After, as JSON.
    pub after: Option<String>,
}
