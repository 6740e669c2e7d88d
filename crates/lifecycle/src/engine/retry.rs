//! How long to wait before the next attempt.

use jiff::SignedDuration;

use crate::workflow::Retry;

/// Wait before attempt `attempt` (2 is the first repeat): the first wait, doubled each time up to the longest, and spread
/// by up to a quarter so that a server that comes back is not met by everybody at once.
pub fn back_off(retry: &Retry, attempt: u32, spread: u64) -> SignedDuration {
    let doubled = 1_u64 << attempt.saturating_sub(2).min(30);
    let seconds = u64::from(retry.first_wait_in_seconds)
        .saturating_mul(doubled)
        .min(u64::from(retry.longest_wait_in_seconds));
    let quarter = (seconds * 250).max(1);
    SignedDuration::from_secs(seconds as i64) + SignedDuration::from_millis((spread % quarter) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_no_further() {
        let retry = Retry::attempts(12);
        assert_eq!(back_off(&retry, 2, 0).as_secs(), 10);
        assert_eq!(back_off(&retry, 3, 0).as_secs(), 20);
        assert_eq!(back_off(&retry, 40, 0).as_secs(), 3_600);
        assert!(back_off(&retry, 2, u64::MAX) < SignedDuration::from_millis(12_500));
        let quick = Retry { maximum_attempts: 3, first_wait_in_seconds: 1, longest_wait_in_seconds: 3 };
        assert_eq!([2, 3, 4].map(|attempt| back_off(&quick, attempt, 0).as_secs()), [1, 2, 3]);
    }
}
