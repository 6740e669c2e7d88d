//! Whose turn it is: runs that somebody waits for come before those that came by themselves, leavers before others, and no
//! run, however long, keeps the others waiting.

use jiff::{SignedDuration, Timestamp};

use super::ExecutionType;
use crate::workflow::Category;

/// What was asked for by hand comes before what came by itself up to so much earlier,
const BY_HAND: SignedDuration = SignedDuration::from_hours(1);
/// with so many of its people: nobody watches how the rest of a long run goes, and a leaver may wait behind it.
const WATCHED: i64 = 1_000;
/// Leavers come before others who came up to so much earlier.
const LEAVER: SignedDuration = SignedDuration::from_mins(30);
/// By how much a run falls behind with each of its people who had their turn.
const EACH: SignedDuration = SignedDuration::from_millis(1);

/// The place of a run in the line: the run with the earliest is next. Since a run that waits keeps its place while those that
/// come stand further and further behind, every run has its turn.
pub fn first_turn(created: Timestamp, execution_type: ExecutionType, category: Category) -> Timestamp {
    let leaves = category == Category::Leaver && execution_type != ExecutionType::Preview;
    let ahead = by_hand(execution_type) + if leaves { LEAVER } else { SignedDuration::ZERO };
    created.checked_sub(ahead).unwrap_or(Timestamp::MIN)
}

/// How far a run falls behind when so many of its people have their turn after so many others.
pub fn behind(execution_type: ExecutionType, others: i64, people: i64) -> SignedDuration {
    let each = EACH.checked_mul(i32::try_from(people).unwrap_or(i32::MAX)).unwrap_or(SignedDuration::MAX);
    let watched_last = others < WATCHED && others.saturating_add(people) >= WATCHED;
    if watched_last { each.saturating_add(by_hand(execution_type)) } else { each }
}

fn by_hand(execution_type: ExecutionType) -> SignedDuration {
    match execution_type {
        ExecutionType::Scheduled => SignedDuration::ZERO,
        ExecutionType::OnDemand | ExecutionType::ActivatedWithScope | ExecutionType::Preview => BY_HAND,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_waited_for_comes_first_and_whoever_waits_long_before_that() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let by_itself = |minutes, category| first_turn(at(minutes), ExecutionType::Scheduled, category);
        let by_hand = |minutes, category| first_turn(at(minutes), ExecutionType::OnDemand, category);
        let (joiner, leaver) = (Category::Joiner, Category::Leaver);
        assert!(by_hand(59, joiner) < by_itself(0, joiner));
        assert!(by_hand(61, joiner) > by_itself(0, joiner), "an hour is enough");
        assert!(by_itself(29, leaver) < by_itself(0, joiner));
        assert!(by_itself(31, leaver) > by_itself(0, joiner));
        assert!(by_hand(0, leaver) < by_hand(0, joiner) && by_hand(0, joiner) < by_itself(0, leaver));
        // A thousand people are a second.
        let alone = ExecutionType::Scheduled;
        assert!(by_itself(0, joiner) + behind(alone, 0, 60_000) == by_itself(1, joiner));
        assert_eq!(first_turn(Timestamp::MIN, ExecutionType::OnDemand, leaver), Timestamp::MIN);
        assert!(behind(alone, 1, i64::MAX) > behind(alone, 0, 1));
    }

    #[test]
    fn what_is_asked_for_by_hand_is_ahead_with_its_first_thousand_people() {
        let asked = ExecutionType::OnDemand;
        for (others, people, expected) in [
            (0, 999, SignedDuration::from_millis(999)),
            (0, 1_000, SignedDuration::from_secs(3_601)),
            (999, 1, SignedDuration::from_millis(3_600_001)),
            (1_000, 1_000, SignedDuration::from_secs(1)),
        ] {
            assert_eq!(behind(asked, others, people), expected, "{others} {people}");
        }
        assert_eq!(behind(ExecutionType::Scheduled, 0, 1_000), SignedDuration::from_secs(1));
    }
}
