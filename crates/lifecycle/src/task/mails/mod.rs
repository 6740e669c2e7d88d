//! The tasks that send a mail and nothing else, one a file.

mod after_last_day;
mod before_last_day;
mod guest_removal;
mod inactivity;
mod moved;
mod on_last_day;
mod onboarding_reminder;
mod sponsorship_for_co_sponsors;
mod sponsorship_for_manager;
mod welcome;

use super::mail::MailTask;

/// All of them.
pub(super) static TASKS: [&MailTask; 10] = [
    &welcome::TASK,
    &before_last_day::TASK,
    &on_last_day::TASK,
    &after_last_day::TASK,
    &onboarding_reminder::TASK,
    &moved::TASK,
    &inactivity::TASK,
    &sponsorship_for_manager::TASK,
    &sponsorship_for_co_sponsors::TASK,
    &guest_removal::TASK,
];
