//! `tenure serve`

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::simulate;
use crate::configuration::Configuration;
use crate::output::{Output, moment};
use crate::server::{Address, LISTEN, Serving, Setup, System, TlsFiles, admin_token, make_private};

/// Where data is kept when nobody says.
const DATA: &str = "tenure-data";

/// Serve a data directory.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Configuration [default: ./tenure.toml if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Data directory; made if it is not there [default: ./tenure-data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// PostgreSQL that the store is on, such as postgresql://user@host/database; servers that name the same one share the work
    #[arg(long, value_name = "URL", env = "TENURE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Address to listen at; port 0 takes a free port [default: 127.0.0.1:8460]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Let the clock stand at this time; the data directory sends nothing outside from then on, for good
    #[arg(long, value_name = "TIME", value_parser = simulate::moment)]
    now: Option<Timestamp>,
    /// TLS ends before this server, so it may listen where other machines reach it
    #[arg(long)]
    behind_proxy: bool,
}

impl Serve {
    pub(crate) fn run(self, out: Output) -> anyhow::Result<()> {
        let configuration = Configuration::read(self.config.as_deref())?;
        let listen = self.listen.or(configuration.listen).unwrap_or_else(|| LISTEN.to_owned());
        let tls = configuration.tls.as_ref().map(TlsFiles::read).transpose()?;
        let address = Address::parse(&listen, self.behind_proxy || tls.is_some())?;
        let data = self.data.or(configuration.data).unwrap_or_else(|| DATA.into());
        make_private(&data)?;
        let setup = Setup {
            limits: configuration.limits,
            administrators: configuration.administrators,
            organization: configuration.organization,
            mail: configuration.mail,
            extensions: configuration.extensions,
            database: self.database.or(configuration.database),
        };
        let system = System::open(&data, setup, self.now)?;
        let listener = address.bind()?;
        let token = admin_token(&system.lifecycle, &data)?;
        let serving =
            Serving::prepare(system, listener)?.with_tls(tls).with_issuers(configuration.issuers)?;
        let url = serving.url()?;
        let system = serving.system();
        let document = json!({
            "url": url,
            "data": system.data,
            "adminTokenFile": token.file,
            "mail": system.mail,
            "now": self.now.map(|now| now.to_string()),
        });
        out.say(&document, |page| {
            page.line(format!("Tenure serves {} at {url}", system.data.display()))
                .line(format!("The administrator's token is in {}", token.file.display()))
                .line(format!("Mail goes to {}", system.mail));
            if let Some(now) = self.now {
                page.line(format!("The clock stands at {}; tenure.advanceClock moves it.", moment(now)));
            }
            Ok(())
        })?;
        serving.run()
    }
}
