//! People, as whoever follows the changes sees them.

use std::collections::HashMap;

use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::ports::{ChangePage, ChangedUser, Position, WatchedUser};

use super::change_log::{ENTRIES, EXAMINED, gone};
use super::db::{self, Connection};
use super::rows::json_numbers;
use super::users::{USER, USER_COLUMNS, user};

/// Everybody who is not deleted, behind a number.
pub(super) fn listed(
    connection: &Connection,
    change: i64,
    after: i64,
    limit: usize,
) -> db::Result<ChangePage<ChangedUser>> {
    // People who are deleted are looked at too, so that they count.
    let sql = format!("SELECT {USER} FROM users u WHERE u.number > ?1 ORDER BY u.number LIMIT ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([after, EXAMINED as i64])?;
    let (mut items, mut last, mut looked) = (Vec::new(), after, 0);
    while let Some(row) = rows.next()? {
        let user = user(row, 0)?;
        if items.len() == limit {
            looked = EXAMINED;
            break;
        }
        (last, looked) = (user.number, looked + 1);
        if user.deleted.is_none() {
            items.push(ChangedUser {
                user,
                gone: None,
                whole: true,
                attributes: Vec::new(),
                manager: true,
                licenses: true,
            });
        }
    }
    let more = looked == EXAMINED;
    let next =
        if more { Position::Listing { change, after: last, member: 0 } } else { Position::Behind { change } };
    Ok(ChangePage { items, next, more })
}

#[derive(Default)]
struct Seen {
    place: usize,
    whole: bool,
    attributes: Vec<i64>,
    manager: bool,
    licenses: bool,
}

/// People who changed behind a change, up to the end of the log.
pub(super) fn behind(
    connection: &Connection,
    (change, end): (i64, i64),
    limit: usize,
    watched: &WatchedUser,
) -> db::Result<ChangePage<ChangedUser>> {
    let mut statement = connection.prepare_cached(ENTRIES)?;
    let mut rows = statement.query([change, EXAMINED as i64, end])?;
    let mut seen: HashMap<i64, Seen> = HashMap::new();
    let (mut last, mut looked) = (change, 0);
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        let attribute: Option<i64> = row.get(3)?;
        let activity = Activity::from_code(row.get(1)?);
        let is_watched = match activity {
            Some(
                Activity::CreateUser
                | Activity::DeleteUser
                | Activity::RestoreUser
                | Activity::HardDeleteUser,
            ) => true,
            Some(Activity::UpdateUser | Activity::RevokeSessions) => match (attribute, &watched.attributes) {
                (Some(code), Some(codes)) => codes.contains(&code),
                _ => true,
            },
            Some(Activity::UpdateManager) => watched.manager,
            Some(Activity::AssignLicense | Activity::RemoveLicense) => watched.licenses,
            _ => false,
        };
        if is_watched {
            let target = row.get(2)?;
            let place = seen.len();
            if place == limit && !seen.contains_key(&target) {
                looked = EXAMINED;
                break;
            }
            let one = seen.entry(target).or_insert_with(|| Seen { place, ..Seen::default() });
            match activity {
                Some(Activity::UpdateManager) => one.manager = true,
                Some(Activity::AssignLicense | Activity::RemoveLicense) => one.licenses = true,
                Some(Activity::UpdateUser | Activity::RevokeSessions) => {
                    one.attributes.extend(attribute.filter(|code| !one.attributes.contains(code)));
                }
                _ => one.whole = true,
            }
        }
        (last, looked) = (number, looked + 1);
    }
    let items = as_they_are(connection, seen)?;
    Ok(ChangePage { items, next: Position::Behind { change: last }, more: looked == EXAMINED })
}

/// These people as they are now, in the order in which they were seen.
fn as_they_are(connection: &Connection, mut seen: HashMap<i64, Seen>) -> db::Result<Vec<ChangedUser>> {
    let numbers: Vec<i64> = seen.keys().copied().collect();
    let sql = format!(
        "SELECT {USER}, u.deleted IS NOT NULL, u.purged IS NOT NULL
           FROM json_each(?1) n CROSS JOIN users u ON u.number = n.value"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([json_numbers(&numbers)])?;
    let mut found = Vec::with_capacity(numbers.len());
    while let Some(row) = rows.next()? {
        let user = user(row, 0)?;
        let Some(one) = seen.remove(&user.number) else { continue };
        let gone = gone(row.get(USER_COLUMNS)?, row.get(USER_COLUMNS + 1)?);
        found.push((
            one.place,
            ChangedUser {
                user,
                gone,
                whole: one.whole,
                attributes: one.attributes,
                manager: one.manager || one.whole,
                licenses: one.licenses || one.whole,
            },
        ));
    }
    found.sort_unstable_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, one)| one).collect())
}
