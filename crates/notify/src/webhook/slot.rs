//! The right to have one more call under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tenure_lifecycle::ports::Failure;

/// Calls under way at once, those included that nobody waits for any more.
pub(super) const AT_ONCE: usize = 64;
/// Of these, calls of one host: an endpoint that hangs leaves room for the others.
pub(super) const OF_ONE_HOST: usize = 16;

/// The calls under way, by host.
pub(super) type UnderWay = Arc<Mutex<HashMap<String, usize>>>;

/// One of the calls under way, until it is dropped.
pub(super) struct Slot {
    under_way: UnderWay,
    host: String,
}

impl Slot {
    pub(super) fn take(under_way: &UnderWay, host: &str) -> Result<Self, Failure> {
        let mut counts = under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, here) = (counts.values().sum::<usize>(), counts.get(host).copied().unwrap_or(0));
        if all >= AT_ONCE || here >= OF_ONE_HOST {
            return Err(Failure::NotNow(format!("too many calls of {host} are under way")));
        }
        counts.insert(host.to_owned(), here + 1);
        Ok(Self { under_way: Arc::clone(under_way), host: host.to_owned() })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let left = counts.get(&self.host).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            counts.remove(&self.host);
        } else {
            counts.insert(self.host.clone(), left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(under_way: &UnderWay, host: &str, count: usize) -> Vec<Slot> {
        (0..count).map(|_| Slot::take(under_way, host).unwrap()).collect()
    }

    #[test]
    fn one_host_does_not_take_all_the_room() {
        let under_way = UnderWay::default();
        let mut slots = take(&under_way, "slow.example", OF_ONE_HOST);
        assert!(matches!(Slot::take(&under_way, "slow.example"), Err(Failure::NotNow(_))));
        drop(take(&under_way, "other.example", 1));
        slots.pop();
        assert!(Slot::take(&under_way, "slow.example").is_ok());
    }

    #[test]
    fn only_so_many_calls_are_under_way() {
        let under_way = UnderWay::default();
        let hosts: Vec<String> = (0..AT_ONCE / OF_ONE_HOST).map(|host| format!("{host}.example")).collect();
        let slots: Vec<Vec<Slot>> = hosts.iter().map(|host| take(&under_way, host, OF_ONE_HOST)).collect();
        assert!(matches!(Slot::take(&under_way, "another.example"), Err(Failure::NotNow(_))));
        drop(slots);
        assert!(under_way.lock().unwrap().is_empty());
    }
}
