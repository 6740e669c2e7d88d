//! Performing the frozen outside effects of a batch, several at a time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::ids::{Address, EffectKey, Seq};
use crate::ports::{Batch, Failure, PendingEffect, Perform};

/// Outside calls under way at once.
const AT_ONCE: usize = 16;
/// Longest time one outside effect may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// What became of a user's frozen effects; nothing is said of those there was no time for.
pub(super) type Performed = HashMap<Seq, Result<(), Failure>>;

/// Performs the frozen effects of all users of the batch, until `budget` is used up.
pub(super) fn perform(batch: &Batch, run: i64, performer: &dyn Perform, budget: Duration) -> Performed {
    let waiting: Vec<(Seq, &PendingEffect)> = batch
        .users
        .iter()
        .filter_map(|user| user.pending.as_ref().map(|pending| (user.seq, pending)))
        .collect();
    let performed = Mutex::new(Performed::with_capacity(waiting.len()));
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let work = || {
        while let Some((seq, pending)) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
            if begun.elapsed() + DEADLINE > budget {
                return;
            }
            let task_result = Address::TaskResult(run, *seq, pending.ordinal).public(batch.epoch);
            let outcome = pending.effects.iter().enumerate().try_for_each(|(place, effect)| {
                performer.perform(effect, EffectKey { task_result, effect: place as u32 }, DEADLINE)
            });
            performed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(*seq, outcome);
        }
    };
    match waiting.len() {
        0 => {}
        1 => work(),
        many => std::thread::scope(|scope| {
            for _ in 0..many.min(AT_ONCE) {
                scope.spawn(work);
            }
        }),
    }
    performed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
