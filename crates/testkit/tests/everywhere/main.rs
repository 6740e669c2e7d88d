//! The power is cut at every call of the store, before it and after it, and at everything that is done outside, of plays
//! that show everything the engine does. Wherever it is cut, a new process ends each step with the same directory, results,
//! counters, audit, mails and calls as if nothing had happened.
//!
//! A play is a list of steps. All that a process knows from one step to the next is in the store, so it is enough that
//! each step ends with the same store: then whatever follows is the same too.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../ledger/mod.rs"]
mod ledger;

mod books;
mod cutting;
mod entitlements;
mod plays;
mod steps;

use books::everything_but_repeats;
use cutting::{cut_and_compare, cut_everywhere};

#[test]
fn dates_and_mails_that_are_retried() {
    cut_everywhere(plays::dates());
}

#[test]
fn changes_groups_sign_ins_and_guests() {
    cut_everywhere(plays::events());
}

#[test]
fn on_demand_canceled_processed_again_and_previewed() {
    cut_everywhere(plays::on_demand());
}

#[test]
fn an_extension_that_waits_under_a_workflow_that_changes() {
    cut_everywhere(plays::waiting());
}

#[test]
fn workflows_that_change_while_people_are_queued() {
    cut_everywhere(plays::queued());
}

#[test]
fn quarantine_and_release() {
    cut_everywhere(plays::quarantine());
}

#[test]
fn taken_back_and_forgotten() {
    cut_everywhere(plays::taken_back());
}

#[test]
fn passes_that_are_sent_and_sent_again() {
    // A pass that nobody may have got is issued anew, which the audit says.
    cut_and_compare(entitlements::passes(), everything_but_repeats);
}

#[test]
fn licenses_and_access_packages() {
    cut_everywhere(entitlements::given_and_taken());
}

#[test]
fn teams_and_agent_identities() {
    cut_everywhere(entitlements::vouched_for());
}

#[test]
fn people_from_a_feed_and_reported_results() {
    cut_everywhere(entitlements::fed());
}

#[test]
fn deleted_and_restored() {
    cut_everywhere(plays::deleting());
}
