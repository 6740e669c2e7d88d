//! `tenure workflow forecast`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::{Client, LIFECYCLE, WORKFLOWS};
use crate::output::{Output, Page, text, time};

/// Say who becomes due in the days to come, and on which day how many.
#[derive(Args, Debug)]
pub(crate) struct Forecast {
    /// A workflow's id or name; without one, all that run by themselves
    #[arg(value_name = "W")]
    workflow: Option<String>,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: u32,
    /// Show at most that many people
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
}

impl Forecast {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let base = match &self.workflow {
            Some(key) => format!("{WORKFLOWS}/{}", text(&client.workflow(key)?, "id")),
            None => LIFECYCLE.to_owned(),
        };
        let days = self.days;
        let mut summary = client.get(&format!("{base}/tenure.forecastSummary?days={days}"))?;
        let people = client.list(&format!("{base}/tenure.forecast?days={days}"), self.limit)?;
        let document = json!({ "days": days, "workflows": summary["value"].take(), "people": people.items, "more": people.more });
        out.say(&document, |page| {
            self.show(page, &document);
            Ok(())
        })
    }

    fn show(&self, page: &mut Page, document: &Json) {
        let workflows = items(&document["workflows"]);
        if workflows.is_empty() {
            page.line("There is no workflow.");
        }
        for workflow in workflows {
            self.tell(page, workflow);
        }
        let row = |one: &Json| {
            [
                time(one, "runDateTime"),
                text(&one["workflow"], "displayName"),
                text(&one["subject"], "displayName"),
                format!("{} {}", text(one, "attribute"), time(one, "attributeDateTime")),
                outcome(one),
            ]
        };
        let people = items(&document["people"]);
        if !people.is_empty() {
            page.line("").table(
                ["when", "workflow", "person", "because of", "what comes of it"],
                people.iter().map(row).collect(),
            );
        }
        if document["more"] == true {
            page.line(format!("There is more; --limit {} shows more of it.", self.limit.saturating_mul(10)));
        }
    }

    /// A workflow in a line, and its days in one each.
    fn tell(&self, page: &mut Page, outlook: &Json) {
        let name = text(&outlook["workflow"], "displayName");
        let people = counted(&outlook["peopleCount"]);
        let reasons: Vec<String> =
            items(&outlook["reasons"]).iter().map(|reason| text(reason, "message")).collect();
        let incomplete = outlook["isComplete"] == false;
        let at_least = if incomplete { "at least " } else { "" };
        let within =
            if self.days == 1 { "the next day".to_owned() } else { format!("the next {} days", self.days) };
        if outlook["attribute"].is_null() {
            page.line(format!("{name}: nobody can be named. {}", sentence(&reasons)));
            return;
        }
        if reasons.is_empty() {
            page.line(format!("{name}: {at_least}{people} in {within}"));
        } else {
            page.line(format!("{name}: nobody in {within}. {}", sentence(&reasons)));
            page.line(format!("  If it were not for that: {at_least}{people}"));
        }
        for day in items(&outlook["days"]) {
            let mut line = format!("  {}  {}", weekday(&text(day, "date")), counted(&day["peopleCount"]));
            for (count, what) in
                [("outOfScopeCount", "out of scope"), ("occasionUsedCount", "processed before")]
            {
                if day[count].as_u64().is_some_and(|count| count > 0) {
                    line.push_str(&format!(", {} {what}", day[count]));
                }
            }
            page.line(line);
        }
        let quarantine = &outlook["quarantine"];
        if !quarantine.is_null() {
            page.line(format!(
                "  It would be held back in quarantine on {}: {}",
                time(quarantine, "quarantinedDateTime"),
                text(quarantine, "quarantineReason")
            ));
        }
        if incomplete {
            page.line("  Not everybody was looked at: ask for fewer days.");
        }
    }
}

fn outcome(one: &Json) -> String {
    if one["isProcessed"] == true {
        return "processed".to_owned();
    }
    let reasons: Vec<String> = items(&one["reasons"]).iter().map(|reason| text(reason, "code")).collect();
    format!("nothing: {}", reasons.join(", "))
}

fn sentence(reasons: &[String]) -> String {
    let text = reasons.join("; ");
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// `Monday 2026-03-02`.
fn weekday(date: &str) -> String {
    let parsed: Option<jiff::civil::Date> = date.parse().ok();
    parsed.map_or_else(|| date.to_owned(), |date| date.strftime("%a %Y-%m-%d").to_string())
}

fn counted(count: &Json) -> String {
    match count.as_u64() {
        Some(1) => "1 person".to_owned(),
        Some(count) => format!("{count} people"),
        None => String::new(),
    }
}

fn items(list: &Json) -> &[Json] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}
