//! `tenure mail preview`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::{Client, LIFECYCLE, WORKFLOWS};
use crate::output::{Output, Page, text};
use crate::wrong_use::WrongUse;

/// Show the mails of a task as they would be sent now; nothing is sent.
#[derive(Args, Debug)]
#[command(
    override_usage = "tenure mail preview [OPTIONS] <WORKFLOW> <TASK> <USER>\n       tenure mail preview [OPTIONS] --kind <NAME> <USER>"
)]
pub(crate) struct Preview {
    /// The workflow (id or name), its task (id, name or place), and whom it is about (id or user principal name)
    #[arg(value_name = "WORKFLOW TASK USER", required = true, num_args = 1..=3)]
    names: Vec<String>,
    /// Without a workflow: the mails of this task definition (id or name), such as 'Send welcome email'
    #[arg(long, value_name = "NAME")]
    kind: Option<String>,
    /// Without a workflow: an argument of the task
    #[arg(long, value_name = "NAME=VALUE", requires = "kind", value_parser = argument)]
    argument: Vec<(String, String)>,
    /// The language of built-in texts, such as de-DE, instead of the task's or the recipient's
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// Show the HTML instead of the text
    #[arg(long)]
    html: bool,
}

impl Preview {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let mut body = json!({});
        if let Some(locale) = &self.locale {
            body["locale"] = json!(locale);
        }
        let (path, user) = match (&self.kind, self.names.as_slice()) {
            (None, [workflow, task, user]) => {
                let workflow = client.workflow(workflow)?;
                let task = client.task(&workflow, task)?;
                (format!("{WORKFLOWS}/{}/tasks/{}", text(&workflow, "id"), text(&task, "id")), user)
            }
            (Some(kind), [user]) => {
                let arguments = self.argument.iter();
                body["arguments"] =
                    arguments.map(|(name, value)| json!({ "name": name, "value": value })).collect();
                let id = text(&client.task_definition(kind)?, "id");
                (format!("{LIFECYCLE}/taskDefinitions/{id}"), user)
            }
            (None, _) => {
                return Err(WrongUse::error(
                    "name a workflow, a task and a user, or use --kind and name a user",
                ));
            }
            (Some(_), _) => return Err(WrongUse::error("with --kind, name a user and nothing else")),
        };
        body["subject"] = json!({ "id": text(&client.user(user)?, "id") });
        let preview = client.post(&format!("{path}/tenure.previewMail"), &body)?;
        out.say(&preview, |page| {
            let mails = preview["value"].as_array().map(Vec::as_slice).unwrap_or_default();
            if mails.is_empty() {
                page.line("No mail would be sent.");
            }
            for (place, mail) in mails.iter().enumerate() {
                if mails.len() > 1 {
                    page.line(format!("Mail {} of {}", place + 1, mails.len()));
                }
                show(page, mail, if self.html { "html" } else { "text" });
            }
            if let Some(info) = preview["processingInfo"].as_str() {
                page.line(format!("Note: {info}"));
            }
            Ok(())
        })
    }
}

fn show(page: &mut Page, mail: &Json, part: &str) {
    let copies = mail["cc"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut facts = vec![("from", address(&mail["from"])), ("to", address(&mail["to"]))];
    if !copies.is_empty() {
        facts.push(("cc", copies.iter().map(address).collect::<Vec<_>>().join(", ")));
    }
    facts.push(("subject", text(mail, "subject")));
    page.facts(&facts).line("");
    for line in text(mail, part).lines() {
        page.line(line);
    }
    page.line("");
}

/// `Name <address>`, or the address alone.
fn address(mailbox: &Json) -> String {
    let (name, address) = (text(mailbox, "name"), text(mailbox, "address"));
    if name.is_empty() { address } else { format!("{name} <{address}>") }
}

fn argument(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(name, _)| !name.trim().is_empty());
    let (name, value) = parts.ok_or("expected a name and a value, such as cc=ID")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_a_name_and_whatever_stands_behind_the_first_sign() {
        assert_eq!(argument("customBody=a=b"), Ok(("customBody".to_owned(), "a=b".to_owned())));
        assert_eq!(argument("cc="), Ok(("cc".to_owned(), String::new())));
        assert!(argument("cc").is_err() && argument("=x").is_err());
    }

    #[test]
    fn a_name_stands_before_its_address() {
        assert_eq!(address(&json!({ "name": "Ann", "address": "a@b" })), "Ann <a@b>");
        assert_eq!(address(&json!({ "name": null, "address": "a@b" })), "a@b");
    }
}
