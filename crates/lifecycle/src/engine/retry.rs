//! How long to wait before the next attempt.

use jiff::SignedDuration;

/// Wait before attempt `attempt` (2 is the first repeat): 10 s, doubled each time up to an hour, and spread by up
/// to a quarter so that a server that comes back is not met by everybody at once.
pub fn back_off(attempt: u32, spread: u64) -> SignedDuration {
    let seconds = 10_i64.saturating_mul(1 << attempt.saturating_sub(2).min(9)).min(3_600);
    let quarter = (seconds as u64 * 250).max(1);
    SignedDuration::from_secs(seconds) + SignedDuration::from_millis((spread % quarter) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_no_further() {
        assert_eq!(back_off(2, 0).as_secs(), 10);
        assert_eq!(back_off(3, 0).as_secs(), 20);
        assert_eq!(back_off(40, 0).as_secs(), 3_600);
        assert!(back_off(2, u64::MAX) < SignedDuration::from_millis(12_500));
    }
}
