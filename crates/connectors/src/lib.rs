//! Where people come from. Each kind of source has a folder; what is peculiar to it stays inside.
//!
//! ```text
//! CSV file ──► csv::CsvFeed ──► lifecycle::directory::feed::FeedPerson, one at a time
//!                    └────────► Rejection ──► csv::write_rejected ──► FILE.rejected.csv
//! ```

pub mod csv;
