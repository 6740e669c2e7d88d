//! Numbers in sentences.

/// The number with the word for one or for several: `1 person`, `2 people`.
pub fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// So many people.
pub fn people(count: u64) -> String {
    counted(count, "person", "people")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_person() {
        assert_eq!([0, 1, 2].map(people), ["0 people", "1 person", "2 people"]);
    }
}
