//! Text from outside, made fit to be shown or to stand in a header.

/// The text on one line, without control characters and Unicode's own breaks, at most `longest` characters long.
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let blanked: String = text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect();
    let trimmed = blanked.trim();
    match trimmed.char_indices().nth(longest) {
        None => trimmed.to_owned(),
        Some(_) => trimmed.chars().take(longest.saturating_sub(3)).chain("...".chars()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_blanks_and_long_text_is_cut() {
        assert_eq!(one_line(" a\r\nBcc:\u{2028}b\0\u{85}", 100), "a  Bcc: b");
        assert_eq!(one_line("ééééé", 5), "ééééé");
        assert_eq!(one_line("éééééé", 5), "éé...");
    }
}
