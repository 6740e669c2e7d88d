//! What the conditions of filters need and SQLite does not have.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use tenure_lifecycle::expression::{fold, parse_guid, parse_time};

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
