//! `tenure migrate`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tenure_store::{Moved, Place, transfer};

use crate::output::Output;
use crate::server::make_private;
use crate::wrong_use::WrongUse;

/// Move everything from one database to another, while no server uses either; a move that is cut off goes on when it is
/// started again (docs/postgresql.md)
#[derive(Args, Debug)]
pub(crate) struct Migrate {
    /// Where it is: sqlite:DIR, a data directory, or postgresql://…; it stays there
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Where it goes, which holds nothing yet
    #[arg(long, value_name = "PLACE")]
    to: String,
}

impl Migrate {
    pub(crate) fn run(self, out: Output) -> anyhow::Result<()> {
        let (from, to) = (place("--from", &self.from)?, place("--to", &self.to)?);
        if let Place::Directory(directory) = &to {
            make_private(directory)?;
        }
        let moved = transfer(&from, &to, &mut |moved: &Moved| {
            if moved.checksum.is_empty() {
                tracing::info!(table = moved.table, rows = moved.rows, "moving");
            }
        })?;
        let tables: Vec<_> = moved
            .iter()
            .map(|moved| json!({ "table": moved.table, "rows": moved.rows, "checksum": moved.checksum }))
            .collect();
        let rows: u64 = moved.iter().map(|moved| moved.rows).sum();
        out.say(&json!({ "rows": rows, "tables": tables }), |page| {
            for one in &moved {
                page.line(format!("{:>12}  {}  {}", one.rows, one.checksum, one.table));
            }
            page.line(format!("{rows} rows are the same in both places."));
            page.line("Copy the file secret-key to the data directory of each server that is to use them.");
            Ok(())
        })
    }
}

fn place(option: &str, text: &str) -> anyhow::Result<Place> {
    if let Some(directory) = text.strip_prefix("sqlite:") {
        return Ok(Place::Directory(PathBuf::from(directory)));
    }
    if text.starts_with("postgresql://") || text.starts_with("postgres://") {
        return Ok(Place::Postgres(text.to_owned()));
    }
    // `postgres:` before an address in the other form, such as host=… user=….
    if let Some(address) = text.strip_prefix("postgres:") {
        return Ok(Place::Postgres(address.to_owned()));
    }
    Err(WrongUse::error(format!("{option}: sqlite:DIR, or postgresql://…")))
}
