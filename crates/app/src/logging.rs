//! Log lines go to standard error; standard output belongs to what was asked for.

use tracing_subscriber::EnvFilter;

use crate::cli::{Global, LogFormat};
use crate::wrong_use::WrongUse;

/// Starts logging, with that filter if nobody asked for another.
pub(crate) fn start(global: &Global, default_filter: &str) -> anyhow::Result<()> {
    let wanted = global.log.as_deref().unwrap_or(default_filter);
    let filter = EnvFilter::try_new(wanted)
        .map_err(|error| WrongUse::error(format!("'{wanted}' is no log filter: {error}")))?;
    // A line that cannot be written, as to a disk that is full, is lost; telling of that on standard error would end whoever
    // wrote it.
    let lines = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .log_internal_errors(false);
    // Fails only when logging was started before, which does no harm.
    drop(match global.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    });
    Ok(())
}
