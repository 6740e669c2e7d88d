//! What happened on a day, read from the store like anybody else would.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::Value as Json;
use tenure_lifecycle::audit::{Activity, Record};
use tenure_lifecycle::directory::User;
use tenure_lifecycle::expression::parse;
use tenure_lifecycle::ids::{RunNumber, Seq, UserId};
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{Order, Query, ResultScope};
use tenure_lifecycle::run::{ExecutionType, Run, Status, UserResult};
use tenure_lifecycle::workflow::{SweepCursor, Workflow};

use super::day::{Changed, Day, Person, Property, Quarantined, Skipped, Told};

/// Rows read at once.
const CHUNK: usize = 1_000;
/// Tasks of a result that are read.
const TASKS: usize = 100;

/// The changes of each user result.
type Changes = HashMap<(RunNumber, Seq), Vec<Record>>;

/// What was told by now.
#[derive(Default)]
pub(super) struct Chronicle {
    /// The newest run of each workflow.
    runs: HashMap<i64, RunNumber>,
    /// Runs that are not finished, with those of whom was told.
    open: BTreeMap<RunNumber, HashSet<Seq>>,
    /// How many people of each of these are not through.
    waiting: HashMap<RunNumber, u64>,
    /// Since when workflows are held back.
    quarantined: HashMap<i64, Timestamp>,
    /// Who is on the list of the skipped, of each workflow: person and occasion.
    skipped: HashMap<i64, HashSet<(i64, i64)>>,
    /// How far each workflow has looked.
    cursors: HashMap<i64, SweepCursor>,
    change: i64,
}

impl Chronicle {
    /// Takes note of what is there before the first day.
    pub(super) fn begin(lifecycle: &Lifecycle) -> anyhow::Result<Self> {
        let mut chronicle = Self { change: lifecycle.store.last_change()?, ..Self::default() };
        for workflow in lifecycle.store.workflows(false)? {
            let runs =
                lifecycle.store.list_runs(workflow.number, &Query { limit: CHUNK, ..Query::default() })?;
            chronicle.runs.insert(workflow.number, runs.items.first().map_or(0, |run| run.number));
            // What is under way goes on.
            for run in runs.items.iter().filter(|run| !run.status.is_finished()) {
                let told = results(lifecycle, run.number)?;
                let told = told.into_iter().filter(|one| one.status.is_finished()).map(|one| one.seq);
                chronicle.open.insert(run.number, told.collect());
            }
            chronicle.newly_quarantined(&workflow);
            chronicle.newly_skipped(lifecycle, &workflow)?;
            chronicle.cursors.insert(workflow.number, workflow.cursor);
        }
        Ok(chronicle)
    }

    /// People who are not through.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.values().sum()
    }

    /// Adds to the day what happened since it was asked last.
    pub(super) fn tell(
        &mut self,
        lifecycle: &Lifecycle,
        (begin, end): (Timestamp, Timestamp),
        day: &mut Day,
    ) -> anyhow::Result<()> {
        let change = lifecycle.store.last_change()?;
        let workflows = lifecycle.store.workflows(false)?;
        let has_changed = change != self.change;
        // A run in which there was nothing to do changes nothing, but somebody has looked.
        let has_looked = |workflow: &Workflow| self.cursors.get(&workflow.number) != Some(&workflow.cursor);
        if has_changed || !self.open.is_empty() || workflows.iter().any(has_looked) {
            let changes = if has_changed { changes(lifecycle, begin, end)? } else { Changes::new() };
            self.change = change;
            for workflow in &workflows {
                for run in self.new_runs(lifecycle, workflow)? {
                    self.open.insert(run.number, HashSet::new());
                }
            }
            let open: Vec<RunNumber> = self.open.keys().copied().collect();
            for run in open {
                self.tell_run(lifecycle, &workflows, run, &changes, day)?;
            }
            day.results.sort_by(|one, other| one.at.cmp(&other.at));
        }
        for workflow in &workflows {
            if let Some(reason) = self.newly_quarantined(workflow) {
                let name = workflow.display_name.clone();
                day.quarantined.push(Quarantined { workflow: name, reason });
            }
            if self.cursors.insert(workflow.number, workflow.cursor) != Some(workflow.cursor) {
                day.skipped.extend(self.newly_skipped(lifecycle, workflow)?);
            }
        }
        Ok(())
    }

    /// The runs of a workflow that were made since, but for previews.
    fn new_runs(&mut self, lifecycle: &Lifecycle, workflow: &Workflow) -> anyhow::Result<Vec<Run>> {
        let last = self.runs.get(&workflow.number).copied().unwrap_or_default();
        let mut found = Vec::new();
        let mut query = Query { limit: 100, ..Query::default() };
        loop {
            let slice = lifecycle.store.list_runs(workflow.number, &query)?;
            let count = slice.items.len();
            found.extend(slice.items.into_iter().take_while(|run| run.number > last));
            match slice.next {
                Some(next) if found.len() >= count && count > 0 => query.after = Some(next),
                _ => break,
            }
        }
        if let Some(newest) = found.iter().map(|run| run.number).max() {
            self.runs.insert(workflow.number, newest);
        }
        found.retain(|run| run.execution_type != ExecutionType::Preview);
        Ok(found)
    }

    /// Tells of those of a run who are through since.
    fn tell_run(
        &mut self,
        lifecycle: &Lifecycle,
        workflows: &[Workflow],
        run: RunNumber,
        changes: &Changes,
        day: &mut Day,
    ) -> anyhow::Result<()> {
        let all = results(lifecycle, run)?;
        let told = self.open.entry(run).or_default();
        let waiting = all.iter().filter(|one| !one.status.is_finished()).count() as u64;
        let new: Vec<UserResult> = all
            .into_iter()
            .filter(|one| one.status.is_finished() && !one.reported && told.insert(one.seq))
            .collect();
        for chunk in new.chunks(CHUNK) {
            day.results.extend(tell_results(lifecycle, workflows, chunk, changes)?);
        }
        self.waiting.insert(run, waiting);
        let is_over = lifecycle.store.run(run)?.is_none_or(|run| run.status.is_finished());
        if is_over {
            self.open.remove(&run);
            self.waiting.remove(&run);
        }
        Ok(())
    }

    /// Why the workflow is held back, if it is only now.
    fn newly_quarantined(&mut self, workflow: &Workflow) -> Option<String> {
        let quarantine = workflow.quarantine.as_ref()?;
        let known = self.quarantined.insert(workflow.number, quarantine.since);
        (known != Some(quarantine.since)).then(|| quarantine.reason.clone())
    }

    /// Who is on the list of the skipped only now.
    fn newly_skipped(&mut self, lifecycle: &Lifecycle, workflow: &Workflow) -> anyhow::Result<Vec<Skipped>> {
        let known = self.skipped.remove(&workflow.number).unwrap_or_default();
        let (mut listed, mut new) = (HashSet::new(), Vec::new());
        let (mut after, mut limit) = (0, CHUNK);
        loop {
            let rows = lifecycle.store.list_skipped(workflow.number, after, limit)?;
            for (one, id, name) in &rows {
                let place = (one.user, one.change);
                if listed.insert(place) && !known.contains(&place) {
                    new.push(Skipped {
                        workflow: workflow.display_name.clone(),
                        subject: Person { id: *id, display_name: name.clone() },
                        due: one.due.to_string(),
                        reason: one.reason.as_str(),
                    });
                }
            }
            // A person may have several: the last one of a page is begun again.
            let last = rows.last().map(|(one, ..)| one.user);
            match (rows.len() == limit, last) {
                (true, Some(last)) if last - 1 > after => (after, limit) = (last - 1, CHUNK),
                (true, Some(_)) => limit *= 2,
                _ => break,
            }
        }
        self.skipped.insert(workflow.number, listed);
        Ok(new)
    }
}

/// All user results of a run.
fn results(lifecycle: &Lifecycle, run: RunNumber) -> anyhow::Result<Vec<UserResult>> {
    let mut all = Vec::new();
    let mut query = Query { limit: CHUNK, ..Query::default() };
    loop {
        let slice = lifecycle.store.list_user_results(ResultScope::Run(run), &query)?;
        all.extend(slice.items);
        match slice.next {
            Some(next) => query.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// What workflows changed between two moments, by user result.
fn changes(lifecycle: &Lifecycle, begin: Timestamp, end: Timestamp) -> anyhow::Result<Changes> {
    let filter = format!("activityDateTime ge {begin} and activityDateTime le {end}");
    let mut query = Query {
        filter: Some(parse(&filter).context("the days cannot be told apart")?),
        order: vec![Order { property: "activityDateTime".to_owned(), descending: false }],
        after: None,
        limit: CHUNK,
    };
    let mut changes = Changes::new();
    loop {
        let slice = lifecycle.store.list_audit(&query)?;
        for record in slice.items {
            if let (Some((_, run)), Some(seq)) = (record.run, record.seq) {
                changes.entry((run, seq)).or_default().push(record);
            }
        }
        match slice.next {
            Some(next) => query.after = Some(next),
            None => return Ok(changes),
        }
    }
}

fn tell_results(
    lifecycle: &Lifecycle,
    workflows: &[Workflow],
    results: &[UserResult],
    changes: &Changes,
) -> anyhow::Result<Vec<Told>> {
    let names = names(lifecycle, results)?;
    let failed: Vec<&UserResult> = results.iter().filter(|one| one.tasks.failed > 0).collect();
    let places: Vec<(RunNumber, Seq)> = failed.iter().map(|one| (one.run, one.seq)).collect();
    let mut reasons: HashMap<(RunNumber, Seq), Vec<String>> = HashMap::new();
    for (result, tasks) in failed.iter().zip(lifecycle.store.first_task_results(&places, TASKS)?) {
        let version = lifecycle.store.version(result.workflow, result.version)?;
        let failed = tasks.items.into_iter().filter(|task| task.status == Status::Failed).map(|task| {
            let tasks = version.iter().flat_map(|version| &version.tasks);
            let name = tasks
                .filter(|one| one.execution_sequence == task.ordinal)
                .map(|one| one.display_name.as_str());
            let name = name.collect::<String>();
            format!("{name}: {}", task.failure_reason.unwrap_or_default())
        });
        reasons.insert((result.run, result.seq), failed.collect());
    }
    let told = results.iter().map(|result| {
        let place = (result.run, result.seq);
        let records = changes.get(&place).map(Vec::as_slice).unwrap_or_default();
        let workflow = workflows.iter().find(|one| one.number == result.workflow);
        Told {
            at: result.completed.or(result.started).unwrap_or(result.scheduled).to_string(),
            workflow: workflow.map(|one| one.display_name.clone()).unwrap_or_default(),
            subject: result.subject.map(|id| Person {
                id,
                display_name: names
                    .get(&id)
                    .cloned()
                    .or_else(|| records.first()?.targets.first()?.display_name.clone())
                    .unwrap_or_default(),
            }),
            status: result.status.as_str(),
            changes: records.iter().filter_map(changed).collect(),
            failures: reasons.remove(&place).unwrap_or_default(),
        }
    });
    Ok(told.collect())
}

/// The names of those whom results are about; deleted people have none here.
fn names(lifecycle: &Lifecycle, results: &[UserResult]) -> anyhow::Result<HashMap<UserId, String>> {
    let ids: Vec<UserId> = results.iter().filter_map(|one| one.subject).collect();
    let numbers: Vec<i64> = lifecycle.store.user_numbers(&ids)?.into_iter().flatten().collect();
    let users: Vec<User> = lifecycle.store.users_by_number(&numbers)?;
    Ok(users.into_iter().map(|user| (user.id, user.display_name().to_owned())).collect())
}

/// An entry of the audit, as it is told; what is no change of anything is not.
fn changed(record: &Record) -> Option<Changed> {
    if record.activity == Activity::ResumeTask {
        return None;
    }
    let value = |text: &Option<String>| {
        text.as_ref()
            .map_or(Json::Null, |text| serde_json::from_str(text).unwrap_or_else(|_| text.clone().into()))
    };
    Some(Changed {
        activity: record.activity.name(),
        target: record.targets.get(1).and_then(|target| target.display_name.clone()),
        recipients: record
            .details
            .iter()
            .find(|(name, _)| *name == "recipients")
            .map(|(_, recipients)| recipients.clone()),
        properties: record
            .changes
            .iter()
            .map(|change| Property {
                name: change.name.clone(),
                before: value(&change.before),
                after: value(&change.after),
            })
            .collect(),
    })
}
