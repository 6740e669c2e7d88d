//! What the machine says.

use std::path::Path;

use anyhow::Context;
use tempfile::TempDir;

/// What every benchmark is told.
#[derive(clap::Args, Default)]
pub(crate) struct Output {
    /// One JSON object instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
    /// Where the data is put while it runs; a directory of the system's temporary one by default.
    #[arg(long)]
    pub(crate) directory: Option<std::path::PathBuf>,
}

/// Where the data of a benchmark goes; it is taken away with it.
pub(crate) fn place(directory: Option<&Path>) -> anyhow::Result<TempDir> {
    match directory {
        Some(directory) => tempfile::tempdir_in(directory),
        None => tempfile::tempdir(),
    }
    .context("cannot make a directory for the data")
}

/// Says the figures: one JSON object, or a line for each.
pub(crate) fn print(figures: &impl serde::Serialize, json: bool) -> anyhow::Result<()> {
    let value = serde_json::to_value(figures)?;
    if json {
        println!("{value}");
    } else if let serde_json::Value::Object(map) = value {
        for (name, value) in map {
            println!("{name:>28}  {value}");
        }
    }
    Ok(())
}

/// The middle one.
pub(crate) fn median(values: Vec<f64>) -> f64 {
    quantile(values, 0.5)
}

/// What that part of the values is at most.
pub(crate) fn quantile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len().saturating_sub(1) as f64 * part) as usize).copied().unwrap_or_default()
}

/// The most memory this process has held, in MiB; 0 where the system does not say.
pub(crate) fn peak_rss_mib() -> f64 {
    peak_rss_mib_of("self")
}

/// The same of another process.
pub(crate) fn peak_rss_mib_of(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kib| kib.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

/// Bytes of the database on disk.
pub(crate) fn database_bytes(directory: &Path) -> anyhow::Result<u64> {
    let path = directory.join("tenure.db");
    Ok(std::fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?.len())
}

/// Two figures after the point are enough.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
