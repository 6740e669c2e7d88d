//! Day by day: files come in, the engine does what is due, and it is told.

use anyhow::Context as _;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tenure_lifecycle::ports::StoreError;

use super::chronicle::Chronicle;
use super::day::{Day, Totals};
use super::feeds::Feeds;
use super::stage::Stage;

/// From when, until when, and what comes in between.
pub(crate) struct Play {
    pub(crate) from: Timestamp,
    /// Inclusive.
    pub(crate) to: Timestamp,
    pub(crate) feeds: Feeds,
}

impl Play {
    /// Plays it; every day is shown to `tell` when it is over.
    pub(crate) fn run(
        &self,
        stage: &Stage,
        mut tell: impl FnMut(&Day) -> anyhow::Result<()>,
    ) -> anyhow::Result<Totals> {
        let mut chronicle = Chronicle::begin(&stage.lifecycle)?;
        let mut totals = Totals::default();
        let (mut begin, mut imported) = (self.from, 0);
        while begin <= self.to {
            let date = TimeZone::UTC.to_datetime(begin).date();
            let next = midnight_after(begin).context("the days end here")?;
            let end = next.checked_sub(SignedDuration::from_millis(1))?.min(self.to);
            let mut day = Day::new(date);
            while let Some(at) = self.feeds.next(imported, end) {
                // Whoever is due by then is processed as they were before the file came.
                advance(stage, at)?;
                day.imports.push(self.feeds.import(imported, &stage.lifecycle, &stage.caller)?);
                advance(stage, at)?;
                imported += 1;
            }
            advance(stage, end)?;
            chronicle.tell(&stage.lifecycle, (begin, end), &mut day)?;
            totals.add(&day);
            tell(&day)?;
            begin = next;
        }
        totals.people = stage.lifecycle.store.population()?;
        totals.waiting = chronicle.waiting();
        (totals.mails, totals.calls) = stage.outside.counts();
        Ok(totals)
    }
}

fn advance(stage: &Stage, to: Timestamp) -> anyhow::Result<()> {
    let mut others = || -> Result<bool, StoreError> { stage.outside.answer(&stage.lifecycle) };
    Ok(stage.simulation.advance_among(to, &mut others)?)
}

fn midnight_after(at: Timestamp) -> Option<Timestamp> {
    let tomorrow = TimeZone::UTC.to_datetime(at).date().tomorrow().ok()?;
    tomorrow.to_zoned_datetime(TimeZone::UTC).ok().map(|start| start.timestamp())
}
