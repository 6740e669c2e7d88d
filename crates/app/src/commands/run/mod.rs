//! Runs.

pub(crate) mod list;
pub(crate) mod show;
pub(crate) mod undo;

/// A number of things to show.
pub(crate) fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("expected a number".to_owned()),
    }
}
