//! What the mails of a task would say, were they sent now. Nothing is sent or stored, and no pass is issued.

use super::{Lifecycle, OperationError};
use crate::effect::{CallWorkflow, Effect, Mail, Mailbox, Outside};
use crate::ids::{TaskDefinitionId, TaskId, UserId, WorkflowId};
use crate::task::{Arguments, BuiltIn, Context, Snapshot, built_in};
use crate::workflow::{Argument, Invalid, Task, Workflow, validate_arguments};

/// What stands where a pass would.
const NO_PASS: &str = "••••••••";
/// The argument that says the language.
const LOCALE: &str = "locale";

/// Mails that would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPreview {
    /// The mails, each with whom it comes from.
    pub mails: Vec<(Mailbox, Mail)>,
    /// Who is left out or why there is nobody, and what would come before.
    pub info: Option<String>,
}

impl Lifecycle {
    /// The mails that a task of a workflow would send about somebody, after what the tasks before it would change.
    pub fn preview_mail(
        &self,
        workflow: &Workflow,
        task: TaskId,
        subject: UserId,
        locale: Option<&str>,
    ) -> Result<MailPreview, OperationError> {
        let found = workflow.tasks.iter().find(|known| known.id == task);
        let found = found.ok_or_else(|| OperationError::NotFound(format!("task '{task}'")))?;
        let before = |known: &&Task| known.is_enabled && known.execution_sequence < found.execution_sequence;
        let mut tasks: Vec<Task> = workflow.tasks.iter().filter(before).cloned().collect();
        tasks.push(found.clone());
        let workflow = CallWorkflow {
            id: workflow.id,
            display_name: workflow.display_name.clone(),
            workflow_version: workflow.version,
        };
        self.previewed(workflow, tasks, subject, locale)
    }

    /// The mails that a task of that definition would send about somebody, without a workflow.
    pub fn preview_mail_of(
        &self,
        definition: TaskDefinitionId,
        arguments: Vec<Argument>,
        subject: UserId,
        locale: Option<&str>,
    ) -> Result<MailPreview, OperationError> {
        let found = built_in(definition)
            .ok_or_else(|| OperationError::NotFound(format!("task definition '{definition}'")))?;
        sends_mail(found)?;
        validate_arguments("arguments", found, &arguments)?;
        let about = found.definition();
        let task = Task {
            id: TaskId(uuid::Uuid::nil()),
            execution_sequence: 1,
            task_definition_id: about.id(),
            display_name: about.display_name.to_owned(),
            description: None,
            is_enabled: true,
            continue_on_error: about.continue_on_error,
            arguments,
            retry: None,
        };
        let people = self.people_named(std::iter::once(&task))?;
        if let Some(missing) = Arguments(&task.arguments).missing(about, &people) {
            let rule = format!("is not valid: argument '{}' names {}", missing.argument, missing.what);
            return Err(OperationError::invalid("arguments", rule));
        }
        let workflow = CallWorkflow {
            id: WorkflowId(uuid::Uuid::nil()),
            display_name: about.display_name.to_owned(),
            workflow_version: 1,
        };
        self.previewed(workflow, vec![task], subject, locale)
    }

    /// The mails of the last of the tasks.
    fn previewed(
        &self,
        workflow: CallWorkflow,
        mut tasks: Vec<Task>,
        subject: UserId,
        locale: Option<&str>,
    ) -> Result<MailPreview, OperationError> {
        if let Some(last) = tasks.last_mut() {
            let found = known(last)?;
            sends_mail(found)?;
            if let Some(locale) = locale {
                speak(found, last, locale)?;
            }
        }
        let loaded = self.store.load_person(subject, &tasks)?;
        let mut loaded = loaded.ok_or_else(|| {
            OperationError::invalid("subject/id", format!("names the user {subject}, who does not exist"))
        })?;
        loaded.people.letterhead = self.letterhead()?;
        let now = self.now();
        let context = Context { workflow, created: now };
        let has = (loaded.groups.as_slice(), &loaded.holdings);
        let mut snapshot = Snapshot::of(&loaded.user, has, &loaded.people, &context, self.ids.as_ref(), now);
        let mut infos = Vec::new();
        for (place, task) in tasks.iter().enumerate() {
            snapshot.task = Some(task);
            let plan = known(task)?.plan(&snapshot, &Arguments(&task.arguments));
            if place + 1 == tasks.len() {
                let plan =
                    plan.map_err(|why| OperationError::Conflict(format!("the task would fail: {why}")))?;
                infos.extend(plan.info);
                let mails = plan.effects.into_iter().filter_map(mail);
                let mails = mails.map(|mail| (mail.sender(&self.sender), mail)).collect();
                let info = (!infos.is_empty()).then(|| infos.join("; "));
                return Ok(MailPreview { mails, info });
            }
            match plan {
                Ok(plan) => plan.effects.iter().for_each(|effect| snapshot.apply(effect)),
                Err(_) if task.continue_on_error => {}
                Err(why) => infos.push(format!(
                    "the task '{}' before this one would fail and end the workflow: {why}",
                    task.display_name
                )),
            }
        }
        Ok(MailPreview { mails: Vec::new(), info: None })
    }
}

fn known(task: &Task) -> Result<BuiltIn, OperationError> {
    built_in(task.task_definition_id).ok_or_else(|| {
        OperationError::Conflict(format!(
            "this version of Tenure does not know the task '{}'",
            task.display_name
        ))
    })
}

fn sends_mail(task: BuiltIn) -> Result<(), OperationError> {
    if task.sends_mail() {
        return Ok(());
    }
    let rule = format!("is '{}', which sends no mail", task.definition().display_name);
    Err(OperationError::invalid("taskDefinitionId", rule))
}

/// Has the built-in text in that language, whatever the task says.
fn speak(built_in: BuiltIn, task: &mut Task, locale: &str) -> Result<(), OperationError> {
    task.arguments.retain(|argument| !argument.name.eq_ignore_ascii_case(LOCALE));
    task.arguments.push(Argument { name: LOCALE.to_owned(), value: locale.to_owned() });
    match built_in.check(&Arguments(&task.arguments)) {
        Err(error) if error.name == LOCALE => Err(Invalid::new(LOCALE, error.rule).into()),
        _ => Ok(()),
    }
}

/// A mail, as it can be shown.
fn mail(effect: Effect) -> Option<Mail> {
    match effect {
        Effect::Outside(Outside::SendMail(mail)) => Some(mail.with_pass(NO_PASS)),
        Effect::Outside(Outside::IssuePass(_) | Outside::Call(_)) | Effect::Change(_) => None,
    }
}
