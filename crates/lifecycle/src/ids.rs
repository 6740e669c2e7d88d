//! Identifiers. Every kind has its own type; results, runs and reports are *addresses*: their public
//! id is a version-8 UUID that holds kind, store epoch, run, seq and ordinal, so that finding one needs no index.

use std::fmt;

use uuid::Uuid;

macro_rules! resource_ids {
    ($($(#[$about:meta])* $name:ident,)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
    )*};
}

resource_ids! {
    /// A workflow, across all of its versions.
    WorkflowId,
    /// A task of one version of a workflow.
    TaskId,
    /// A built-in task definition.
    TaskDefinitionId,
    /// A person.
    UserId,
    /// A group.
    GroupId,
    /// A custom task extension.
    ExtensionId,
    /// An application, which may answer the call of a custom task extension.
    ApplicationId,
    /// A kind of licence.
    SkuId,
    /// An access package.
    AccessPackageId,
    /// A policy under which an access package is assigned.
    PolicyId,
    /// An access package that somebody has.
    AssignmentId,
    /// A wish for one, or for its end.
    AssignmentRequestId,
    /// An agent identity.
    AgentId,
    /// A temporary access pass, or another way to sign in.
    MethodId,
    /// A directory role that somebody has.
    RoleAssignmentId,
    /// Whoever holds a token.
    CallerId,
}

/// The random number of a store; ids that carry another one belong to somebody else. 28 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(pub u32);

impl Epoch {
    /// An epoch from random bytes.
    pub fn from_random(bytes: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(bytes) & 0x0fff_ffff)
    }
}

/// The dense number of a run, from 1.
pub type RunNumber = i64;
/// The dense number of a user result inside its run, from 1; never used twice.
pub type Seq = i64;
/// The place of a task result inside its user result: the task's `executionSequence`, or the next free number.
pub type Ordinal = i64;

/// What a public id of an addressed thing points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A run.
    Run(RunNumber),
    /// One user in one run.
    UserResult(RunNumber, Seq),
    /// One task for one user in one run.
    TaskResult(RunNumber, Seq, Ordinal),
    /// One task over all users of a run.
    TaskReport(RunNumber, Ordinal),
    /// Somebody who fits the conditions of a workflow and has no result yet: both by number.
    Candidate(i64, i64),
}

impl Address {
    /// The run that the thing belongs to; 0 for who is in none.
    pub fn run(self) -> RunNumber {
        match self {
            Self::Run(run)
            | Self::UserResult(run, _)
            | Self::TaskResult(run, _, _)
            | Self::TaskReport(run, _) => run,
            Self::Candidate(_, _) => 0,
        }
    }

    /// The public id of this address in the store of that epoch.
    ///
    /// Layout, high to low: kind 4 · epoch 28 · run high 16 · version 4 · ordinal 12 · variant 2 · zero 2 ·
    /// run low 20 (of 36) · seq 40.
    pub fn public(self, epoch: Epoch) -> Uuid {
        let (kind, run, seq, ordinal) = match self {
            Self::Run(run) => (1, run, 0, 0),
            Self::UserResult(run, seq) => (2, run, seq, 0),
            Self::TaskResult(run, seq, ordinal) => (3, run, seq, ordinal),
            Self::TaskReport(run, ordinal) => (4, run, 0, ordinal),
            Self::Candidate(workflow, user) => (5, workflow, user, 0),
        };
        let (run, seq, ordinal) = (run as u64, seq as u64, ordinal as u64);
        let high = (kind << 60)
            | (u64::from(epoch.0 & 0x0fff_ffff) << 32)
            | (((run >> 20) & 0xffff) << 16)
            | (0x8 << 12)
            | (ordinal & 0xfff);
        let low = (0b10 << 62) | ((run & 0xf_ffff) << 40) | (seq & 0xff_ffff_ffff);
        Uuid::from_u64_pair(high, low)
    }

    /// Reads a public id back; `None` if it is no address at all.
    pub fn parse(id: Uuid) -> Option<(Epoch, Self)> {
        let (high, low) = id.as_u64_pair();
        if (high >> 12) & 0xf != 0x8 || low >> 60 != 0b1000 {
            return None;
        }
        let epoch = Epoch(((high >> 32) & 0x0fff_ffff) as u32);
        let run = ((((high >> 16) & 0xffff) << 20) | ((low >> 40) & 0xf_ffff)) as i64;
        let seq = (low & 0xff_ffff_ffff) as i64;
        let ordinal = (high & 0xfff) as i64;
        let address = match high >> 60 {
            1 => Self::Run(run),
            2 => Self::UserResult(run, seq),
            3 => Self::TaskResult(run, seq, ordinal),
            4 => Self::TaskReport(run, ordinal),
            5 => Self::Candidate(run, seq),
            _ => return None,
        };
        // Only the one spelling of an address is that address.
        (address.public(epoch) == id).then_some((epoch, address))
    }
}

/// The key of one outside effect, the same in every repeat of it. A mail with another pass than before is another mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EffectKey {
    /// The public id of the task result that wants the effect.
    pub task_result: Uuid,
    /// The place of the effect inside the task.
    pub effect: u32,
    /// A number drawn for the temporary access pass that it carries; 0 if it carries none.
    pub pass: u32,
}

impl EffectKey {
    /// The key of the effect at that place of a task.
    pub fn of(task_result: Uuid, effect: u32) -> Self {
        Self { task_result, effect, pass: 0 }
    }
}

impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.task_result, self.effect)?;
        if self.pass == 0 { Ok(()) } else { write!(f, "-{:08x}", self.pass) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_address_reads_back(run in 1i64..(1 << 36), seq in 1i64..(1 << 40), ordinal in 1i64..4096, epoch: u32) {
            let epoch = Epoch(epoch & 0x0fff_ffff);
            for address in [Address::Run(run), Address::UserResult(run, seq), Address::TaskResult(run, seq, ordinal), Address::TaskReport(run, ordinal), Address::Candidate(run, seq)] {
                let id = address.public(epoch);
                prop_assert_eq!(id.get_version_num(), 8);
                prop_assert_eq!(Address::parse(id), Some((epoch, address)));
            }
        }
    }

    #[test]
    fn an_id_of_another_kind_is_no_address() {
        assert_eq!(Address::parse(Uuid::nil()), None);
        assert_eq!(Address::parse(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)), None);
    }
}
