//! Who and what tasks may look up beside the subject.

use std::collections::HashMap;

use crate::directory::{AccessPackage, Agent, AssignmentPolicy, Group, Sku, User};
use crate::extension::CustomTaskExtension;
use crate::ids::{AccessPackageId, ExtensionId, GroupId, PolicyId, SkuId, UserId};

/// Who and what tasks may look up beside the subject: managers, users, groups and all else that arguments name or
/// subjects have. What is deleted is not among it, but for groups.
#[derive(Debug, Default)]
pub struct People {
    /// Managers, sponsors and users named in arguments, by number.
    pub users: HashMap<i64, User>,
    /// Numbers of the users named in arguments.
    pub user_numbers: HashMap<UserId, i64>,
    /// Groups named in arguments and groups subjects belong to, by number.
    pub groups: HashMap<i64, Group>,
    /// Numbers of the groups named in arguments.
    pub group_numbers: HashMap<GroupId, i64>,
    /// Licences named in arguments or held by subjects, by number.
    pub skus: HashMap<i64, Sku>,
    /// Numbers of the licences named in arguments.
    pub sku_numbers: HashMap<SkuId, i64>,
    /// Access packages named in arguments or held by subjects, by number.
    pub packages: HashMap<i64, AccessPackage>,
    /// Numbers of the access packages named in arguments.
    pub package_numbers: HashMap<AccessPackageId, i64>,
    /// Policies named in arguments.
    pub policies: HashMap<PolicyId, AssignmentPolicy>,
    /// Agent identities that subjects vouch for, by number.
    pub agents: HashMap<i64, SponsoredAgent>,
    /// Extensions named in arguments.
    pub extensions: HashMap<ExtensionId, CustomTaskExtension>,
    /// Why calls of some of them cannot be made.
    pub uncallable: HashMap<ExtensionId, String>,
    /// How mails go out.
    pub letterhead: Letterhead,
}

/// An agent identity, with the people who vouch for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SponsoredAgent {
    /// The agent.
    pub agent: Agent,
    /// Its sponsors, by number, ascending.
    pub sponsors: Vec<i64>,
}

/// How the mails of the organisation go out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// What the organisation calls itself; empty if nobody said.
    pub organization: String,
    /// The domain they come from; `None` is the configured sender's.
    pub sender_domain: Option<String>,
    /// Whether they carry the organisation's branding.
    pub branded: bool,
    /// Whom nobody else is told of: the administrators.
    pub administrators: Vec<String>,
}

impl Letterhead {
    /// The name that mails come from; `None` is the configured sender's.
    pub fn sender_name(&self) -> Option<String> {
        self.branded.then(|| self.organization.trim().to_owned()).filter(|name| !name.is_empty())
    }
}

impl People {
    /// A user by public id.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(self.user_numbers.get(&id)?)
    }

    /// A group by public id.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(self.group_numbers.get(&id)?)
    }

    /// A kind of licence by public id.
    pub fn sku(&self, id: SkuId) -> Option<&Sku> {
        self.skus.get(self.sku_numbers.get(&id)?)
    }

    /// An access package by public id.
    pub fn package(&self, id: AccessPackageId) -> Option<&AccessPackage> {
        self.packages.get(self.package_numbers.get(&id)?)
    }
}
