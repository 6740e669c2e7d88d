//! `tenure template show`

use clap::Args;

use crate::client::Client;
use crate::commands::conditions::{tasks, when, who};
use crate::output::{Output, text};

/// Show a template with its tasks.
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// Its id or name
    #[arg(value_name = "TEMPLATE")]
    template: String,
}

impl Show {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let template = client.template(&self.template)?;
        out.say(&template, |page| {
            page.line(text(&template, "displayName")).line(text(&template, "description"));
            let conditions = &template["executionConditions"];
            let mut facts = vec![
                ("id", text(&template, "id")),
                ("category", text(&template, "category")),
                ("when", when(conditions)),
                ("who", who(conditions)),
            ];
            facts.retain(|(_, value)| !value.is_empty());
            page.facts(&facts).line("");
            tasks(page, &template["tasks"]);
            Ok(())
        })
    }
}
