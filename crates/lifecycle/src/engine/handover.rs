//! Who does what goes outside: leases are handed over to whoever is free, and no place takes up everybody.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::ports::{Lane, Lease, Place};

/// Turns at the mail server at once.
const MAIL_TURNS: usize = 4;
/// Turns at one extension at once.
const EXTENSION_TURNS: usize = 1;

/// Leases on their way from those who plan to those who perform.
#[derive(Debug, Default)]
pub(super) struct Handover(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Those who wait for work.
    free: usize,
    offered: VecDeque<Lease>,
    /// Turns under way, by place.
    under_way: HashMap<Place, usize>,
}

impl State {
    fn has_room(&self, place: Place) -> bool {
        let most = if place == Place::MAIL { MAIL_TURNS } else { EXTENSION_TURNS };
        self.under_way.get(&place).is_none_or(|turns| *turns < most)
    }

    fn begin(&mut self, place: Place) {
        *self.under_way.entry(place).or_default() += 1;
    }
}

impl Handover {
    /// Hands a lease to somebody who is free; gives it back if nobody is, or enough is under way at its place.
    pub(super) fn offer(&self, lease: Lease) -> Result<(), Lease> {
        let mut state = self.state();
        if state.offered.len() >= state.free || !state.has_room(lease.place) {
            return Err(lease);
        }
        state.begin(lease.place);
        state.offered.push_back(lease);
        Ok(())
    }

    /// Takes what was offered, or else what `look` finds in a lane without the places where enough is under way.
    pub(super) fn take<E>(
        &self,
        look: impl FnOnce(&Lane) -> Result<Option<Lease>, E>,
    ) -> Result<Option<Lease>, E> {
        let mut state = self.state();
        if let Some(lease) = state.offered.pop_front() {
            return Ok(Some(lease));
        }
        // Held while looking, so that two do not begin at a place that has room for one.
        let found = look(&lane(&state))?;
        if let Some(lease) = &found {
            state.begin(lease.place);
        }
        Ok(found)
    }

    /// The lane without the places where enough is under way.
    pub(super) fn lane(&self) -> Lane {
        lane(&self.state())
    }

    /// A turn at that place is over.
    pub(super) fn end(&self, place: Place) {
        let mut state = self.state();
        match state.under_way.get_mut(&place) {
            Some(turns) if *turns > 1 => *turns -= 1,
            _ => {
                state.under_way.remove(&place);
            }
        }
    }

    /// Waits as somebody who is free; whether something was offered meanwhile is for [`Self::take`] to see.
    pub(super) fn wait(&self, wait: impl FnOnce()) {
        {
            let mut state = self.state();
            if !state.offered.is_empty() {
                return;
            }
            state.free += 1;
        }
        wait();
        self.state().free -= 1;
    }

    /// What was offered and will not be taken any more.
    pub(super) fn left_over(&self) -> Vec<Lease> {
        self.state().offered.drain(..).collect()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lane(state: &State) -> Lane {
    let except = state.under_way.keys().copied().filter(|place| !state.has_room(*place)).collect();
    Lane::Outside { except }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn lease(id: i64, place: Place) -> Lease {
        Lease { id, fence: id, run: 1, from: 1, to: 9, only: Some(vec![1]), place, ends: Timestamp::MAX }
    }

    fn nothing(_: &Lane) -> Result<Option<Lease>, ()> {
        Ok(None)
    }

    #[test]
    fn what_nobody_is_free_for_is_given_back() {
        let handover = Handover::default();
        assert!(handover.offer(lease(1, Place::MAIL)).is_err());
        handover.wait(|| {
            assert!(handover.offer(lease(1, Place::MAIL)).is_ok());
            assert!(handover.offer(lease(2, Place::MAIL)).is_err(), "one is free");
        });
        assert_eq!(handover.take(nothing).unwrap().map(|lease| lease.id), Some(1));
        assert_eq!(handover.take(nothing), Ok(None));
    }

    #[test]
    fn a_place_does_not_take_up_everybody() {
        let handover = Handover::default();
        for _ in 0..EXTENSION_TURNS {
            assert!(handover.take(|_| Ok::<_, ()>(Some(lease(1, Place(7))))).unwrap().is_some());
        }
        assert_eq!(handover.lane(), Lane::Outside { except: vec![Place(7)] });
        handover.wait(|| {
            assert!(handover.offer(lease(2, Place(7))).is_err());
            assert!(handover.offer(lease(2, Place(8))).is_ok());
        });
        for _ in 0..EXTENSION_TURNS {
            handover.end(Place(7));
        }
        assert!(handover.lane().does(Place(7)));
        assert!(!handover.lane().does(Place(8)), "its turn has begun when it was offered");
        assert_eq!(handover.left_over().len(), 1);
    }
}
