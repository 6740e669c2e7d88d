//! What every turn does with a leased batch: load it, plan it, settle it.

use std::collections::HashSet;

use super::perform::Performed;
use super::plan::Planning;
use crate::audit::Actor;
use crate::calendar::Calendar;
use crate::ids::Seq;
use crate::operations::Lifecycle;
use crate::ports::{Batch, Lease, Place, Settlement, StoreError, UserOutcome};
use crate::workflow::{Rule, Scope};

/// Loads what is leased.
pub(super) fn load(lifecycle: &Lifecycle, lease: &Lease) -> Result<Batch, StoreError> {
    let mut batch = lifecycle.store.load(lease)?;
    lifecycle.prepare(&mut batch.people)?;
    Ok(batch)
}

/// Plans what becomes of the users and settles it, but for those who are `left` as they are; `carries` says that the lease has
/// others beside them, and `hands_over` that somebody else takes up what is to be done outside. Gives those who have something to be done outside next, and where it goes: the lease goes on for them.
pub(super) fn settle(
    lifecycle: &Lifecycle,
    lease: &Lease,
    batch: &Batch,
    performed: Performed,
    left: &HashSet<Seq>,
    (carries, hands_over): (bool, bool),
) -> Result<Vec<(Seq, Place)>, StoreError> {
    let mut settlement = plan(lifecycle, batch, &lifecycle.calendar()?, performed, left);
    (settlement.carries, settlement.hands_over) = (carries || !left.is_empty(), hands_over);
    let outside: Vec<(Seq, Place)> = settlement
        .users
        .iter()
        .filter_map(|user| match &user.outcome {
            UserOutcome::Outside(pending) => Some((user.seq, pending.place())),
            _ => None,
        })
        .collect();
    let settled = lifecycle.store.settle(lease, settlement, Actor::Engine)?;
    if settled.released {
        lifecycle.changes.ring();
    }
    let again: HashSet<Seq> = settled.again.into_iter().collect();
    Ok(outside.into_iter().filter(|(seq, _)| !again.contains(seq)).collect())
}

fn plan(
    lifecycle: &Lifecycle,
    batch: &Batch,
    calendar: &Calendar,
    mut performed: Performed,
    left: &HashSet<Seq>,
) -> Settlement {
    let rule = match batch.version.conditions.trigger_and_scope() {
        Some((Scope::Rule { rule }, _)) => Rule::parse(rule).ok(),
        _ => None,
    };
    let (days, ids) = ((&lifecycle.limits, calendar), lifecycle.ids.as_ref());
    let planning = Planning::of(batch, rule.as_ref(), days, ids, lifecycle.clock.now());
    let users: Vec<_> = batch
        .users
        .iter()
        .filter(|user| !left.contains(&user.seq))
        .map(|user| planning.user(user, performed.remove(&user.seq)))
        .collect();
    let mut touched: Vec<i64> =
        users.iter().flat_map(|user| &user.effects).filter_map(|(_, change)| change.group()).collect();
    touched.sort_unstable();
    touched.dedup();
    let groups = touched
        .into_iter()
        .filter_map(|number| batch.people.groups.get(&number))
        .map(|group| (group.number, group.version))
        .collect();
    let (carries, hands_over) = (false, false);
    Settlement { at: planning.now, users, change: batch.change, groups, carries, hands_over }
}
