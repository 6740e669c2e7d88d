//! `tenure demo`

use std::path::Path;

use clap::Args;

use crate::demo::{Company, Report, recreate, settle_in, today};
use crate::output::Output;
use crate::server::{Address, LISTEN, Serving, Setup, System, admin_token};

/// Where the sample company lives.
const FOLDER: &str = "tenure-demo";

/// Make a sample company, run its workflows end to end, then serve it.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// How many people it has
    #[arg(long, value_name = "N", default_value_t = 200,
          value_parser = clap::value_parser!(u64).range(Company::FEWEST..=Company::MOST))]
    people: u64,
    /// Only run the workflows
    #[arg(long)]
    no_serve: bool,
    /// Address to listen at, of this machine; port 0 takes a free port
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    listen: String,
}

impl Demo {
    pub(crate) fn run(self, out: Output) -> anyhow::Result<()> {
        let address = Address::parse(&self.listen, false)?;
        // Before anything is made or deleted: an address that is taken is said at once.
        let listener = if self.no_serve { None } else { Some(address.bind()?) };
        let folder = Path::new(FOLDER);
        recreate(folder)?;
        let system = System::open(folder, Setup::default(), None)?;
        let lifecycle = &system.lifecycle;
        let token = admin_token(lifecycle, folder)?;
        let company = Company::of(self.people as usize, today(lifecycle.now()));
        let workflows =
            settle_in(&company, lifecycle, system.performer.as_ref(), &token.caller, &folder.join("hr"))?;
        let mut report = Report::read(&company, &workflows, lifecycle, folder, &token.file)?;

        let serving = listener.map(|listener| Serving::prepare(system, listener)).transpose()?;
        report.url = serving.as_ref().map(Serving::url).transpose()?;
        out.say(&report, |page| {
            report.tell(page);
            report.tell_how_to_go_on(page);
            Ok(())
        })?;
        serving.map_or(Ok(()), Serving::run)
    }
}
