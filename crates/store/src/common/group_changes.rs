//! Groups and who is in them, as whoever follows the changes sees them.

use std::collections::HashMap;

use serde_json::Map;
use tenure_lifecycle::audit::{Activity, differences};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{ChangePage, ChangedGroup, Position, StoreError, WatchedGroup};

use super::change_log::{ENTRIES, EXAMINED, gone};
use super::db::{self, Connection};
use super::groups::{GROUP, group};
use super::rows::{database, guid, json_numbers};
use super::sql;

/// Members that one answer holds.
const MEMBERS: usize = 1_000;
/// Columns of [`GROUP`].
const GROUP_COLUMNS: usize = 18;

/// Members of groups, or groups without any: group, member, the member's id, whether the member is deleted.
const REST_OF_GROUP: &str = "SELECT m.grp, m.user, u.id, u.deleted IS NOT NULL
  FROM memberships m CROSS JOIN users u ON u.number = m.user
 WHERE m.grp = ?1 AND m.user > ?2
 ORDER BY m.user LIMIT ?3";
const GROUPS_WITH_MEMBERS: &str = "SELECT g.number, m.user, u.id, u.deleted IS NOT NULL
  FROM groups g LEFT JOIN memberships m ON m.grp = g.number AND ?2 LEFT JOIN users u ON u.number = m.user
 WHERE g.number > ?1 AND g.deleted IS NULL
 ORDER BY g.number, m.user LIMIT ?3";

/// What was seen of a group.
#[derive(Default)]
struct Seen {
    place: usize,
    whole: bool,
    properties: Vec<String>,
    members: Vec<(i64, Option<(UserId, bool)>)>,
}

/// Groups in the order in which they were seen.
#[derive(Default)]
struct AllSeen {
    groups: HashMap<i64, Seen>,
    members: usize,
}

impl AllSeen {
    fn group(&mut self, number: i64) -> &mut Seen {
        let place = self.groups.len();
        self.groups.entry(number).or_insert_with(|| Seen { place, ..Seen::default() })
    }

    /// Reads rows of (group, member, id, deleted); says where it stopped if there were more than fit.
    fn listed(&mut self, rows: &mut db::Rows<'_>, limit: usize) -> db::Result<Option<(i64, i64)>> {
        let mut last = None;
        while let Some(row) = rows.next()? {
            let (number, member): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
            let is_new = !self.groups.contains_key(&number);
            if self.members >= MEMBERS || (is_new && self.groups.len() == limit) {
                // Behind the last one read; a group begun anew on the next page is one more part of it.
                return Ok(Some(last.unwrap_or((number - 1, i64::MAX))));
            }
            self.members += 1;
            let seen = self.group(number);
            seen.whole = true;
            if let Some(user) = member
                && !row.get::<_, bool>(3)?
            {
                seen.members.push((user, Some((UserId(guid(row, 2)?), true))));
            }
            last = Some((number, member.unwrap_or(i64::MAX)));
        }
        Ok(None)
    }

    /// These groups as they are now.
    fn into_items(mut self, connection: &Connection) -> Result<Vec<ChangedGroup>, StoreError> {
        self.look_up_members(connection).map_err(database)?;
        let numbers: Vec<i64> = self.groups.keys().copied().collect();
        let sql = format!(
            "SELECT {GROUP}, g.deleted IS NOT NULL, g.purged IS NOT NULL
               FROM json_each(?1) n CROSS JOIN groups g ON g.number = n.value"
        );
        let mut statement = connection.prepare_cached(&sql).map_err(database)?;
        let mut rows = statement.query([json_numbers(&numbers)]).map_err(database)?;
        let mut found = Vec::with_capacity(numbers.len());
        while let Some(row) = rows.next().map_err(database)? {
            let group = group(row)?;
            let Some(seen) = self.groups.remove(&group.number) else { continue };
            let flag = |column| row.get::<_, bool>(column).map_err(database);
            let gone = gone(flag(GROUP_COLUMNS)?, flag(GROUP_COLUMNS + 1)?);
            let members = seen.members.into_iter().filter_map(|(_, member)| member).collect();
            let (whole, properties) = (seen.whole, seen.properties);
            found.push((seen.place, ChangedGroup { group, gone, whole, properties, members }));
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }

    /// Who of those whose membership changed is a member now.
    fn look_up_members(&mut self, connection: &Connection) -> db::Result<()> {
        let pairs: Vec<[i64; 2]> = self
            .groups
            .iter()
            .flat_map(|(group, seen)| {
                let unknown = seen.members.iter().filter(|(_, known)| known.is_none());
                unknown.map(|(user, _)| [*group, *user])
            })
            .collect();
        if pairs.is_empty() {
            return Ok(());
        }
        let mut statement = connection.prepare_cached(&format!(
            "SELECT p.one, p.other, u.id,
                    u.deleted IS NULL
                    AND EXISTS (SELECT 1 FROM memberships m WHERE m.user = p.other AND m.grp = p.one)
               FROM {} p CROSS JOIN users u ON u.number = p.other",
            sql::pairs("?1")
        ))?;
        let mut rows = statement.query([serde_json::to_string(&pairs).unwrap_or_default()])?;
        let mut known: HashMap<(i64, i64), (UserId, bool)> = HashMap::new();
        while let Some(row) = rows.next()? {
            known.insert((row.get(0)?, row.get(1)?), (UserId(guid(row, 2)?), row.get(3)?));
        }
        for (group, seen) in &mut self.groups {
            for (user, member) in &mut seen.members {
                *member = member.or_else(|| known.get(&(*group, *user)).copied());
            }
        }
        Ok(())
    }
}

/// All groups that are not deleted, behind a group and a member of it.
pub(super) fn listed(
    connection: &Connection,
    change: i64,
    (after, member): (i64, i64),
    limit: usize,
    watched: &WatchedGroup,
) -> Result<ChangePage<ChangedGroup>, StoreError> {
    let mut seen = AllSeen::default();
    let mut read = || -> db::Result<Option<(i64, i64)>> {
        let most = MEMBERS as i64 + 1;
        if after > 0 && member < i64::MAX && watched.members {
            let mut statement = connection.prepare_cached(REST_OF_GROUP)?;
            let stopped = seen.listed(&mut statement.query([after, member, most])?, limit)?;
            if stopped.is_some() {
                return Ok(stopped);
            }
        }
        let mut statement = connection.prepare_cached(GROUPS_WITH_MEMBERS)?;
        seen.listed(&mut statement.query([after, i64::from(watched.members), most])?, limit)
    };
    let stopped = read().map_err(database)?;
    let next = match stopped {
        Some((after, member)) => Position::Listing { change, after, member },
        None => Position::Behind { change },
    };
    let mut items = seen.into_items(connection)?;
    // Deleted since the page before: the changes say so.
    items.retain(|one| one.gone.is_none());
    Ok(ChangePage { items, next, more: stopped.is_some() })
}

/// The members of a group that came back, behind one of them.
pub(super) fn members_from(
    connection: &Connection,
    change: i64,
    number: i64,
    member: i64,
) -> Result<ChangePage<ChangedGroup>, StoreError> {
    let mut seen = AllSeen::default();
    seen.group(number).whole = true;
    let mut read = || -> db::Result<Option<(i64, i64)>> {
        let mut statement = connection.prepare_cached(REST_OF_GROUP)?;
        seen.listed(&mut statement.query([number, member, MEMBERS as i64 + 1])?, 1)
    };
    let next = match read().map_err(database)? {
        Some((group, member)) => Position::Members { change, group, member },
        None => Position::Behind { change },
    };
    let mut items = seen.into_items(connection)?;
    for one in items.iter_mut().filter(|one| one.gone.is_some()) {
        one.members.clear();
    }
    Ok(ChangePage { items, next, more: true })
}

/// Groups that changed behind a change, up to the end of the log.
pub(super) fn behind(
    connection: &Connection,
    (change, end): (i64, i64),
    limit: usize,
    watched: &WatchedGroup,
) -> Result<ChangePage<ChangedGroup>, StoreError> {
    let mut statement = connection.prepare_cached(ENTRIES).map_err(database)?;
    let mut rows = statement.query([change, EXAMINED as i64, end]).map_err(database)?;
    let mut seen = AllSeen::default();
    let (mut last, mut looked) = (change, 0);
    while let Some(row) = rows.next().map_err(database)? {
        let entry = Entry::of(row).map_err(database)?;
        if entry.activity == Some(Activity::RestoreGroup) && watched.members {
            if !seen.groups.is_empty() {
                looked = EXAMINED;
                break;
            }
            // A group that comes back has any number of members: they come by themselves.
            return members_from(connection, entry.number, entry.target, 0);
        }
        if let Some((number, what)) = entry.about_a_group(watched) {
            let is_new = !seen.groups.contains_key(&number);
            let is_member = matches!(what, What::Member(_));
            if (is_new && seen.groups.len() == limit) || (is_member && seen.members == MEMBERS) {
                looked = EXAMINED;
                break;
            }
            seen.members += usize::from(is_member);
            let one = seen.group(number);
            match what {
                What::Whole => one.whole = true,
                What::Properties(names) => {
                    for name in names {
                        if !one.properties.contains(&name) {
                            one.properties.push(name);
                        }
                    }
                }
                What::Member(user) => {
                    if !one.members.iter().any(|(known, _)| *known == user) {
                        one.members.push((user, None));
                    }
                }
            }
        }
        (last, looked) = (entry.number, looked + 1);
    }
    let items = seen.into_items(connection)?;
    Ok(ChangePage { items, next: Position::Behind { change: last }, more: looked == EXAMINED })
}

/// An entry of the change log.
struct Entry {
    number: i64,
    activity: Option<Activity>,
    target: i64,
    object: Option<i64>,
    before: Option<String>,
    after: Option<String>,
}

/// What an entry says of a group.
enum What {
    Whole,
    Properties(Vec<String>),
    Member(i64),
}

impl Entry {
    fn of(row: &db::Row<'_>) -> db::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            activity: Activity::from_code(row.get(1)?),
            target: row.get::<_, Option<i64>>(2)?.unwrap_or(0),
            object: row.get(4)?,
            before: row.get(5)?,
            after: row.get(6)?,
        })
    }

    /// The group that a watched change is about, and what it says of it.
    fn about_a_group(&self, watched: &WatchedGroup) -> Option<(i64, What)> {
        match self.activity? {
            Activity::AddMember | Activity::RemoveMember if watched.members => {
                Some((self.object?, What::Member(self.target)))
            }
            Activity::CreateGroup
            | Activity::DeleteGroup
            | Activity::RestoreGroup
            | Activity::HardDeleteGroup => Some((self.target, What::Whole)),
            Activity::UpdateGroup => {
                let parse = |text: &Option<String>| -> Map<String, serde_json::Value> {
                    text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
                };
                let names = differences(&parse(&self.before), &parse(&self.after)).into_iter();
                let names = names.map(|change| change.name);
                // Shown under any selection.
                let is_watched = |name: &String| {
                    name == "protected"
                        || watched.properties.as_ref().is_none_or(|known| known.contains(name))
                };
                let names: Vec<String> = names.filter(is_watched).collect();
                (!names.is_empty()).then_some((self.target, What::Properties(names)))
            }
            _ => None,
        }
    }
}
