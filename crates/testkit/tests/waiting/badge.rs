//! A workflow that waits for a badge system, and the people whose badges it is about.

use std::collections::BTreeMap;
use std::time::Duration;

use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, CallbackPatch, ClientPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ids::{Address, EffectKey, Ordinal, RunNumber, Seq};
use tenure_lifecycle::ports::{Answer, CallOut, CallReply, CallRequest, Failure, SendMail};
use tenure_lifecycle::run::Status;
use tenure_testkit::System;

pub(crate) const NOW: &str = "2026-03-02T09:00:00Z";
/// How long the extension waits.
pub(crate) const TIMEOUT: &str = "PT1H";

/// The place of a task in its run.
pub(crate) type Place = (RunNumber, Seq, Ordinal);

/// Creates an extension that waits, or does not; it is tried so often.
pub(crate) fn extension(system: &System, waits: bool, attempts: i64) -> String {
    let callback = CallbackPatch { timeout_duration: Some(TIMEOUT.to_owned()), authorized_apps: None };
    let new = ExtensionPatch {
        display_name: Some("Badge system".to_owned()),
        endpoint: Some(EndpointPatch::Http { target_url: Some("https://badges.example.com/".to_owned()) }),
        authentication: Some(AuthenticationPatch { kind: Authentication::None, secret: None }),
        client: Some(ClientPatch { maximum_retries: Some(Some(attempts - 1)), ..ClientPatch::default() }),
        callback: waits.then_some(Some(callback)),
        ..ExtensionPatch::default()
    };
    system.lifecycle.create_extension(&system.caller, &new).unwrap().id.to_string()
}

/// The task whose call that is.
pub(crate) fn place(key: EffectKey) -> Place {
    match Address::parse(key.task_result) {
        Some((_, Address::TaskResult(run, seq, ordinal))) => (run, seq, ordinal),
        other => panic!("{key} is no key of a call: {other:?}"),
    }
}

/// The calls that were made, by key; one that was made again has to be the same call.
pub(crate) fn calls(system: &System) -> BTreeMap<EffectKey, String> {
    let mut calls = BTreeMap::new();
    for (key, body) in system.deliveries.calls() {
        let known = calls.entry(key).or_insert_with(|| body.clone());
        assert_eq!(*known, body, "{key}");
    }
    calls
}

/// The tasks of a run that wait to be called back.
pub(crate) fn waiting(system: &System, run: RunNumber) -> Vec<Place> {
    let mut waiting = Vec::new();
    for result in system.results(run).unwrap() {
        for task in system.task_results(run, result.seq).unwrap() {
            let info = task.processing_info.as_deref().unwrap_or_default();
            if task.status == Status::InProgress && info.starts_with("waits to be called back") {
                waiting.push((run, result.seq, task.ordinal));
            }
        }
    }
    waiting
}

/// Says what became of a badge; whether anybody listens.
pub(crate) fn resume(system: &System, place: Place, answer: Answer) -> bool {
    system.lifecycle.resume(&system.caller, place, answer).unwrap()
}

/// Calls; while the endpoint has the call, something happens, and then it answers so.
pub(crate) struct Meanwhile<'a, F: Fn(EffectKey)>(
    pub(crate) &'a System,
    pub(crate) F,
    pub(crate) Result<(), Failure>,
);

impl<F: Fn(EffectKey) + Send + Sync> SendMail for Meanwhile<'_, F> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.0.deliveries.send(mail, key, deadline)
    }
}

impl<F: Fn(EffectKey) + Send + Sync> CallOut for Meanwhile<'_, F> {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        let reply = self.0.deliveries.call(request, key, deadline)?;
        self.1(key);
        self.2.clone().map(|()| reply)
    }
}
