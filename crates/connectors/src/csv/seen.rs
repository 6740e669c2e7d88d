//! Which employee ids a file has brought already.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

/// The line of each id, under a keyed 64-bit hash of the id: a file of a million people needs some
/// tens of megabytes whatever its ids look like, and nobody can prepare ids that collide.
#[derive(Debug, Default)]
pub(super) struct Seen {
    lines: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Seen {
    /// Notes an id; gives the line on which it stood before, if it did.
    pub(super) fn note(&mut self, id: &str, line: u64) -> Option<u32> {
        match self.lines.entry(self.hasher.hash_one(id)) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(place) => {
                place.insert(u32::try_from(line).unwrap_or(u32::MAX));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_an_id_is_remembered() {
        let mut seen = Seen::default();
        assert_eq!(seen.note("7", 2), None);
        assert_eq!(seen.note("07", 3), None);
        assert_eq!(seen.note("7", 4), Some(2));
        assert_eq!(seen.note("7", 5), Some(2));
    }
}
