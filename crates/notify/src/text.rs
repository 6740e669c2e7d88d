//! Text from outside, made fit to be shown or to stand in a header.

use std::collections::HashSet;

/// The text on one line, without control characters and Unicode's own breaks, at most `longest` characters long.
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let blanked: String = text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect();
    // Whoever reads a header takes `=?…?=` for something that is encoded (RFC 2047), such as another line.
    let blanked = blanked.replace("=?", "= ?");
    let trimmed = blanked.trim();
    match trimmed.char_indices().nth(longest) {
        None => trimmed.to_owned(),
        Some(_) => trimmed.chars().take(longest.saturating_sub(3)).chain("...".chars()).collect(),
    }
}

/// So many characters in a row of something confidential are not repeated; what is shorter, as a whole.
pub(crate) const RECOGNISED: usize = 8;

/// Whether a text repeats a secret, or a part of it that is long enough to be recognised.
pub(crate) fn repeats(text: &str, secret: &str) -> bool {
    let (text, secret): (Vec<char>, Vec<char>) = (text.chars().collect(), secret.chars().collect());
    let length = secret.len().min(RECOGNISED);
    if length == 0 {
        return false;
    }
    let pieces: HashSet<&[char]> = secret.windows(length).collect();
    text.windows(length).any(|piece| pieces.contains(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_blanks_and_long_text_is_cut() {
        assert_eq!(one_line(" a\r\nBcc:\u{2028}b\0\u{85}", 100), "a  Bcc: b");
        assert_eq!(one_line("=?utf-8?q?=0D=0ABcc:_x?= ==?", 100), "= ?utf-8?q?=0D=0ABcc:_x?= == ?");
        assert_eq!(one_line("ééééé", 5), "ééééé");
        assert_eq!(one_line("éééééé", 5), "éé...");
    }

    #[test]
    fn a_secret_is_recognised_by_a_part_of_it_and_a_short_one_as_a_whole() {
        let secret = "correct-horse-battery";
        for (text, secret, found) in [
            ("no such password: correct-horse-battery", secret, true),
            ("...ect-horse...", secret, true),
            ("the horse is correct", secret, false),
            ("pw is wrong", "pw", true),
            ("p w", "pw", false),
            ("", secret, false),
            ("anything", "", false),
        ] {
            assert_eq!(repeats(text, secret), found, "{text}");
        }
    }
}
