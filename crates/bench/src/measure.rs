//! What the machine says.

use std::path::Path;

use anyhow::Context;

/// The most memory this process has held, in MiB; 0 where the system does not say.
pub(crate) fn peak_rss_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
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
