//! What the conditions of filters need and SQLite does not have.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use tenure_lifecycle::expression::{fold, parse_guid, parse_time};
use tenure_lifecycle::ids::{Address, Epoch};
use tenure_lifecycle::run::{ReportCounters, Status, report_status};

/// Adds the functions that the conditions use: `fold(text)` for texts without letter case,
/// `time_of(text)` for the milliseconds of a date-time, `guid_of(text)` for the bytes of a guid.
///
/// Each is NULL for what is no text, or not such a text. They may be used in indexes.
pub fn register_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(c"fold", 1, flags, |context| {
        Ok(argument(context)?.map(|text| fold(text).into_owned()))
    })?;
    connection.create_scalar_function(c"time_of", 1, flags, |context| {
        Ok(argument(context)?.and_then(parse_time).map(jiff::Timestamp::as_millisecond))
    })?;
    connection.create_scalar_function(c"guid_of", 1, flags, |context| {
        Ok(argument(context)?.and_then(parse_guid).map(|guid| guid.as_bytes().to_vec()))
    })
}

fn argument<'a>(context: &'a Context<'_>) -> rusqlite::Result<Option<&'a str>> {
    match context.get_raw(0) {
        text @ ValueRef::Text(_) => {
            text.as_str().map(Some).map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))
        }
        _ => Ok(None),
    }
}

/// `address(kind, epoch, run, seq, ordinal)`: the public id of an addressed row, as 16 bytes;
/// `report_status(total, successful, failed, in_progress, run status)`: the code of a task report's status.
pub(super) fn register_addresses(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("address", 5, flags, |context| {
        let (run, seq, ordinal) = (context.get(2)?, context.get(3)?, context.get(4)?);
        let address = match context.get::<i64>(0)? {
            1 => Address::Run(run),
            2 => Address::UserResult(run, seq),
            3 => Address::TaskResult(run, seq, ordinal),
            _ => Address::TaskReport(run, ordinal),
        };
        Ok(address.public(Epoch(context.get(1)?)).into_bytes().to_vec())
    })?;
    connection.create_scalar_function("report_status", 5, flags, |context| {
        let counters = ReportCounters {
            total: context.get(0)?,
            successful: context.get(1)?,
            failed: context.get(2)?,
            in_progress: context.get(3)?,
        };
        let run = Status::from_code(context.get(4)?).unwrap_or(Status::Queued);
        Ok(report_status(&counters, run).code())
    })
}
