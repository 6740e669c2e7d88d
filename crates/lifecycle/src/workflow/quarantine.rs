//! Quarantine: a scheduled run that would touch too many people is held back until a person has looked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Invalid;

/// Why and since when a workflow is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// Since when.
    pub since: Timestamp,
    /// Why; names how many people were due and how many are allowed.
    pub reason: String,
    /// Which limit they exceed.
    pub kind: QuarantineKind,
    /// How many people were due.
    pub due: u64,
    /// Which administrators need not be told any more, a bit each in the order in which they are configured.
    pub told: u64,
}

/// What an administrator let through by clearing a quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuarantineApproval {
    /// How many people were due then: that many, beside what is allowed anyway, may be admitted in the day after.
    pub due: u64,
    /// When.
    pub at: Timestamp,
    /// Since when the workflow was held back: who was due then is not too late now.
    pub since: Timestamp,
}

/// How long an approval holds: a day.
pub const APPROVED: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Which limit was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuarantineKind {
    /// A number of people.
    Count,
    /// A share of all people.
    Percentage,
    /// More than one.
    Multiple,
}

impl QuarantineKind {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "countBasedThresholdExceeded",
            Self::Percentage => "percentageBasedThresholdExceeded",
            Self::Multiple => "multipleConditionsExceeded",
        }
    }
}

/// When the organisation wants a workflow to be held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuarantineConfiguration {
    /// The limits.
    pub conditions: Vec<QuarantineCondition>,
    /// How many of them have to be exceeded.
    pub match_mode: MatchMode,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QuarantineCondition {
    /// So many people.
    Count(i64),
    /// Such a share of all people, in percent.
    Percentage(i32),
}

/// How many limits have to be exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MatchMode {
    /// One is enough.
    Any,
    /// All of them.
    All,
}

impl MatchMode {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Any, Self::All].into_iter().find(|mode| mode.as_str().eq_ignore_ascii_case(text))
    }
}

/// Most limits of one configuration.
const MOST_CONDITIONS: usize = 10;

impl QuarantineConfiguration {
    /// Checks the limits; `at` is the path of the configuration.
    pub fn validate(&self, at: &str) -> Result<(), Invalid> {
        if self.conditions.is_empty() || self.conditions.len() > MOST_CONDITIONS {
            let rule = format!("must hold 1 to {MOST_CONDITIONS} conditions");
            return Err(Invalid::new(format!("{at}/conditions"), rule));
        }
        for (place, condition) in self.conditions.iter().enumerate() {
            let (member, rule) = match condition {
                QuarantineCondition::Count(threshold) if *threshold < 1 => {
                    ("threshold", "must be at least 1")
                }
                QuarantineCondition::Percentage(percentage) if !(1..=100).contains(percentage) => {
                    ("percentage", "must lie between 1 and 100")
                }
                _ => continue,
            };
            return Err(Invalid::new(format!("{at}/conditions/{place}/{member}"), rule));
        }
        Ok(())
    }

    /// How many people do not yet exceed it, in a directory of `population`.
    pub fn allowed(&self, population: u64) -> u64 {
        let each = self.conditions.iter().map(|condition| match condition {
            QuarantineCondition::Count(threshold) => u64::try_from(*threshold).unwrap_or(0),
            QuarantineCondition::Percentage(percentage) => {
                let share = u128::from(population) * u128::from(percentage.unsigned_abs()) / 100;
                u64::try_from(share).unwrap_or(u64::MAX)
            }
        });
        match self.match_mode {
            MatchMode::Any => each.min(),
            MatchMode::All => each.max(),
        }
        .unwrap_or(u64::MAX)
    }

    /// Which limit so many people exceed, in a directory of `population`, if the workflow is to be held back.
    pub fn exceeded(&self, people: u64, population: u64) -> Option<QuarantineKind> {
        let exceeds = |condition: &QuarantineCondition| match condition {
            QuarantineCondition::Count(threshold) => i128::from(people) > i128::from(*threshold),
            QuarantineCondition::Percentage(percentage) => {
                i128::from(people) * 100 > i128::from(population) * i128::from(*percentage)
            }
        };
        let exceeded: Vec<&QuarantineCondition> =
            self.conditions.iter().filter(|condition| exceeds(condition)).collect();
        match (self.match_mode, exceeded.as_slice()) {
            (_, []) => None,
            (MatchMode::All, some) if some.len() < self.conditions.len() => None,
            (_, [QuarantineCondition::Count(_)]) => Some(QuarantineKind::Count),
            (_, [QuarantineCondition::Percentage(_)]) => Some(QuarantineKind::Percentage),
            (_, [_, _, ..]) => Some(QuarantineKind::Multiple),
        }
    }

    /// The limits in words.
    pub fn in_words(&self) -> String {
        let each = self.conditions.iter().map(|condition| match condition {
            QuarantineCondition::Count(threshold) => format!("{threshold} people"),
            QuarantineCondition::Percentage(percentage) => format!("{percentage} % of all people"),
        });
        let between = match self.match_mode {
            MatchMode::Any => " or ",
            MatchMode::All => " and ",
        };
        each.collect::<Vec<_>>().join(between)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(match_mode: MatchMode) -> QuarantineConfiguration {
        let conditions = vec![QuarantineCondition::Count(10), QuarantineCondition::Percentage(5)];
        QuarantineConfiguration { conditions, match_mode }
    }

    #[test]
    fn a_limit_is_exceeded_only_by_more() {
        let (any, all) = (limits(MatchMode::Any), limits(MatchMode::All));
        for (people, population, of_any, of_all) in [
            (10, 1_000, None, None),
            (11, 1_000, Some(QuarantineKind::Count), None),
            (5, 100, None, None),
            (6, 100, Some(QuarantineKind::Percentage), None),
            (11, 100, Some(QuarantineKind::Multiple), Some(QuarantineKind::Multiple)),
            (1, 0, Some(QuarantineKind::Percentage), None),
            (u64::MAX, u64::MAX, Some(QuarantineKind::Multiple), Some(QuarantineKind::Multiple)),
        ] {
            assert_eq!(any.exceeded(people, population), of_any, "any of {people} in {population}");
            assert_eq!(all.exceeded(people, population), of_all, "all of {people} in {population}");
            for limits in [&any, &all] {
                let exceeds = people > limits.allowed(population);
                assert_eq!(
                    exceeds,
                    limits.exceeded(people, population).is_some(),
                    "{people} in {population}"
                );
            }
        }
        assert_eq!(any.in_words(), "10 people or 5 % of all people");
    }

    #[test]
    fn a_limit_that_is_none_is_named() {
        let refused = |conditions: Vec<QuarantineCondition>| {
            let configuration = QuarantineConfiguration { conditions, match_mode: MatchMode::Any };
            configuration.validate("q").map_err(|invalid| invalid.property)
        };
        assert_eq!(refused(vec![]), Err("q/conditions".to_owned()));
        assert_eq!(refused(vec![QuarantineCondition::Count(1); 11]), Err("q/conditions".to_owned()));
        let good = QuarantineCondition::Count(i64::MAX);
        assert_eq!(
            refused(vec![good, QuarantineCondition::Count(0)]),
            Err("q/conditions/1/threshold".to_owned())
        );
        for percentage in [0, 101, -1] {
            let conditions = vec![QuarantineCondition::Percentage(percentage)];
            assert_eq!(refused(conditions), Err("q/conditions/0/percentage".to_owned()));
        }
        assert_eq!(refused(vec![good, QuarantineCondition::Percentage(100)]), Ok(()));
    }
}
