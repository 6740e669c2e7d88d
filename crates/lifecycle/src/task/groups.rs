//! What adding to and removing from named groups and teams have in common.

use super::{Arguments, Names, Parameter, People, Plan, Refusal, Snapshot};
use crate::directory::Group;
use crate::effect::{Change, Effect};
use crate::ids::GroupId;

/// Whether it is about groups, or only those that are teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Groups of every kind.
    Groups,
    /// Teams.
    Teams,
}

impl Of {
    /// The argument that names them.
    fn argument(self) -> &'static str {
        match self {
            Self::Groups => "groupID",
            Self::Teams => "teamID",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Groups => "group",
            Self::Teams => "team",
        }
    }

    /// One of them that a task may change, or why it may not.
    fn usable(self, people: &People, id: GroupId) -> Result<&Group, Refusal> {
        let noun = self.noun();
        let Some(group) = people.group(id) else {
            return Err(Refusal(format!("the {noun} {id} does not exist")));
        };
        match group.refusal() {
            Some(reason) => Err(Refusal(format!("the {noun} '{}' {reason}", group.display_name))),
            None if self == Self::Teams && !group.is_team => {
                Err(Refusal(format!("the group '{}' is no team", group.display_name)))
            }
            None => Ok(group),
        }
    }

    /// Why the first of those named that cannot be changed makes the task fail for everybody.
    pub(super) fn fails_for_everybody(self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        let ids = arguments.ids::<GroupId>(self.argument());
        ids.into_iter().find_map(|id| self.usable(people, id).err()).map(|refusal| refusal.0)
    }

    /// Plans a change for every one named that `wants` one; nothing is done when one of them cannot be changed.
    pub(super) fn plan(
        self,
        subject: &Snapshot<'_>,
        arguments: &Arguments<'_>,
        wants: impl Fn(&Group) -> bool,
        change: impl Fn(i64) -> Change,
        nothing: &str,
    ) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let mut effects: Vec<Effect> = Vec::new();
        for id in arguments.ids::<GroupId>(self.argument()) {
            let group = self.usable(subject.people, id)?;
            let planned = change(group.number).into();
            if wants(group) && !effects.contains(&planned) {
                effects.push(planned);
            }
        }
        Ok(Plan::each(effects, nothing))
    }
}

/// The one parameter of the tasks about groups.
pub(super) static GROUP_ID: &[Parameter] = &[Parameter::ids("groupID", Names::Groups, true)];
/// The one parameter of the tasks about teams.
pub(super) static TEAM_ID: &[Parameter] = &[Parameter::ids("teamID", Names::Teams, true)];
