//! Text as HTML, and the little markup that a text of one's own may use.

/// The markup that a text of one's own may use.
const MARKUP: [&str; 3] = ["b", "i", "u"];

/// Text as HTML text.
pub(crate) fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A template of one's own as HTML in which only bold, italic and underline are left as markup.
pub(super) fn with_markup(template: &str) -> String {
    let mut html = escape_html(template);
    for tag in MARKUP {
        let upper = tag.to_uppercase();
        for (escaped, kept) in [
            (format!("&lt;{tag}&gt;"), format!("<{tag}>")),
            (format!("&lt;{upper}&gt;"), format!("<{tag}>")),
            (format!("&lt;/{tag}&gt;"), format!("</{tag}>")),
            (format!("&lt;/{upper}&gt;"), format!("</{tag}>")),
        ] {
            html = html.replace(&escaped, &kept);
        }
    }
    balanced(&html)
}

/// The HTML with what is opened closed in order, and what closes nothing left out: the rest of the mail is not ours to mark.
fn balanced(html: &str) -> String {
    let mut written = String::with_capacity(html.len());
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        written.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let (tag, behind) = rest.split_at(end);
        rest = behind;
        match MARKUP.iter().find(|name| tag == format!("</{name}>")) {
            None => {
                written.push_str(tag);
                open.extend(MARKUP.iter().find(|name| tag == format!("<{name}>")));
            }
            Some(name) => {
                let Some(place) = open.iter().rposition(|known| known == name) else { continue };
                for inner in open.drain(place..).rev() {
                    written.push_str(&format!("</{inner}>"));
                }
            }
        }
    }
    written.push_str(rest);
    for name in open.iter().rev() {
        written.push_str(&format!("</{name}>"));
    }
    written
}

/// A template of one's own as plain text: the markup is taken away.
pub(super) fn without_markup(template: &str) -> String {
    let mut text = template.to_owned();
    for tag in MARKUP {
        for tag in [tag, &tag.to_uppercase()] {
            text = text.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "");
        }
    }
    text
}

/// HTML paragraphs of a text that is HTML but for its line breaks.
pub(super) fn paragraphs(html: &str) -> String {
    let html = html.replace("\r\n", "\n");
    let parts = html.split("\n\n").map(|part| part.trim_matches('\n')).filter(|part| !part.trim().is_empty());
    parts.fold(String::new(), |html, part| html + "<p>" + &part.replace('\n', "<br>\n") + "</p>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_markups_are_left() {
        assert_eq!(
            with_markup("<B>Hi</B> <script>x</script> <i>now</i> <b onclick=x>"),
            "<b>Hi</b> &lt;script&gt;x&lt;/script&gt; <i>now</i> &lt;b onclick=x&gt;"
        );
        for (template, html) in [
            ("<b>open <i>x", "<b>open <i>x</i></b>"),
            ("<b class=x>y</b>", "&lt;b class=x&gt;y"),
            ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
            ("</u>", ""),
        ] {
            assert_eq!(with_markup(template), html);
        }
        assert_eq!(without_markup("<B>Hi</B> <script>x</script>"), "Hi <script>x</script>");
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        assert_eq!(paragraphs("a\nb\r\n\r\nc\n"), "<p>a<br>\nb</p>\n<p>c</p>\n");
    }
}
