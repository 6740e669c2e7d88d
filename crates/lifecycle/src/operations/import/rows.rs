//! The rows of a file, in portions: the next one is read while one is looked at or written.

use std::io::Read;
use std::sync::mpsc::sync_channel;

use super::super::OperationError;
use super::Import;
use crate::directory::feed::{Feed, FeedPerson, Rejection};

/// Rows looked at, or written, in one step.
const CHUNK: usize = 1_000;

/// A row of a file.
pub(super) type Row = Result<FeedPerson, Rejection>;

pub(super) fn open<'a>(import: &Import<'a>) -> Result<Feed<'a>, OperationError> {
    let file: Box<dyn Read + Send> = (import.open)()
        .map_err(|error| OperationError::invalid("file", format!("cannot be read: {error}")))?;
    Ok(import.reader.read(import.map, file)?)
}

/// Shows the rows in portions, each read while the one before is looked at on another thread.
pub(super) fn each_chunk(
    rows: impl Iterator<Item = Row>,
    mut look: impl FnMut(Vec<Row>) -> Result<(), OperationError> + Send,
) -> Result<(), OperationError> {
    let mut chunks = Chunks(rows);
    let Some(first) = chunks.next() else { return Ok(()) };
    // Most files are one portion.
    let Some(second) = chunks.next() else { return look(first) };
    std::thread::scope(|scope| {
        let (send, chunks_read) = sync_channel(1);
        let looking = scope.spawn(move || chunks_read.into_iter().try_for_each(look));
        for chunk in [first, second].into_iter().chain(chunks) {
            if send.send(chunk).is_err() {
                // Looking has failed, and says why.
                break;
            }
        }
        drop(send);
        looking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

struct Chunks<I>(I);

impl<I: Iterator<Item = Row>> Iterator for Chunks<I> {
    type Item = Vec<Row>;

    fn next(&mut self) -> Option<Vec<Row>> {
        let chunk: Vec<Row> = self.0.by_ref().take(CHUNK).collect();
        (!chunk.is_empty()).then_some(chunk)
    }
}
