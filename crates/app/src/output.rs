//! What a command says: tables and sentences for people, one JSON document for machines.

use std::io::{ErrorKind, Write};

use comfy_table::{Table, presets};
use serde::Serialize;
use serde_json::Value as Json;

/// Where a command says what it did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// Output for machines (`json`) or for people.
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Says one thing: the document to machines, what `for_people` writes to people.
    pub(crate) fn say(
        self,
        document: &impl Serialize,
        for_people: impl FnOnce(&mut Page) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut page = Page::default();
        if self.json {
            page.0 = serde_json::to_string(document)?;
            page.0.push('\n');
        } else {
            for_people(&mut page)?;
        }
        let mut out = std::io::stdout().lock();
        out.write_all(page.0.as_bytes())?;
        out.flush()?;
        Ok(())
    }
}

impl Output {
    /// Says a part of one thing, when the whole is long: a piece of the document to machines, what `for_people` writes to
    /// people.
    pub(crate) fn part(self, document: &str, for_people: impl FnOnce(&mut Page)) -> anyhow::Result<()> {
        let mut page = Page::default();
        if self.json {
            page.0.push_str(document);
        } else {
            for_people(&mut page);
        }
        let mut out = std::io::stdout().lock();
        out.write_all(page.0.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// Whether it is for machines.
    pub(crate) fn is_for_machines(self) -> bool {
        self.json
    }
}

/// Text for people.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    /// A line.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.0.push_str(&harmless(text.as_ref()));
        self.0.push('\n');
        self
    }

    /// A table; nothing if it has no rows.
    pub(crate) fn table<const N: usize>(&mut self, header: [&str; N], rows: Vec<[String; N]>) -> &mut Self {
        if rows.is_empty() {
            return self;
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
        for row in rows {
            table.add_row(row.map(|cell| harmless(&cell)));
        }
        self.0.push_str(&table.trim_fmt());
        self.0.push('\n');
        self
    }

    /// Names and what stands behind them, one a line.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) -> &mut Self {
        let widest = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        for (name, value) in facts {
            self.line(format!("{name:widest$}  {value}"));
        }
        self
    }
}

/// The text without characters that would steer a terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A property of a JSON object as text; nothing for what is not set.
pub(crate) fn text(object: &Json, property: &str) -> String {
    match &object[property] {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A date-time property, to the second.
pub(crate) fn time(object: &Json, property: &str) -> String {
    let text = text(object, property);
    text.parse().map_or(text, moment)
}

/// A moment, to the second.
pub(crate) fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// Writes to standard error why the command was not done.
pub(crate) fn complain(error: &anyhow::Error) -> std::io::Result<()> {
    let text = format!("{error:#}");
    let lines: Vec<String> = text.lines().map(harmless).collect();
    writeln!(std::io::stderr(), "tenure: {}", lines.join("\n"))
}

/// Whether whoever read our output has stopped reading, as `head` does.
pub(crate) fn is_closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_not_steer_the_terminal() {
        let mut page = Page::default();
        page.line("a\u{1b}[2Jb").table(["name"], vec![["x\ny\u{7}".to_owned()]]);
        assert!(!page.0.contains('\u{1b}') && !page.0.contains('\u{7}'));
        assert!(page.0.contains("x y"));
    }

    #[test]
    fn times_are_shown_to_the_second() {
        let object = serde_json::json!({ "at": "2026-03-01T08:00:00.123Z", "not": null });
        assert_eq!(time(&object, "at"), "2026-03-01 08:00:00Z");
        assert_eq!(time(&object, "not"), "");
    }
}
