//! A Tenure in one value.

use std::sync::{Arc, Mutex};

use crate::audit::{Activity, Actor, Entry};
use crate::calendar::Calendar;
use crate::clock::{Clock, Ids, whole_millis};
use crate::effect::Mailbox;
use crate::engine::Signal;
use crate::limits::Limits;
use crate::ports::{Endpoints, NoEndpoints, Store, StoreError};
use crate::task::Letterhead;
use crate::token::Caller;

/// What the organisation calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its name.
    pub display_name: String,
    /// Its domains, the main one first.
    pub verified_domains: Vec<String>,
}

impl Default for Organization {
    fn default() -> Self {
        Self { display_name: "Tenure".to_owned(), verified_domains: Vec::new() }
    }
}

/// The store with everything that operations on it need.
pub struct Lifecycle {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// What is allowed.
    pub limits: Limits,
    /// Rung when there is something to process.
    pub work: Signal,
    /// Rung when somebody may have become due.
    pub changes: Signal,
    /// Rung when there is something to tell the administrators.
    pub notices: Signal,
    /// Mail addresses of the administrators, who are told when a workflow is held back.
    pub administrators: Vec<String>,
    /// What the organisation calls itself.
    pub organization: Organization,
    /// Whom mails come from, unless the settings say otherwise.
    pub sender: Mailbox,
    /// Where calls may go, and how their secrets are kept.
    pub endpoints: Arc<dyn Endpoints>,
    /// Held while an import is written, and while somebody looks who is due.
    pub(crate) importing: Mutex<()>,
    /// Held while a workflow is changed.
    pub(crate) editing: Mutex<()>,
}

impl Lifecycle {
    /// A Tenure on that store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, limits: Limits) -> Self {
        Self {
            store,
            clock,
            ids,
            limits,
            work: Signal::default(),
            changes: Signal::default(),
            notices: Signal::default(),
            administrators: Vec::new(),
            organization: Organization::default(),
            sender: Mailbox::default(),
            endpoints: Arc::new(NoEndpoints),
            importing: Mutex::new(()),
            editing: Mutex::new(()),
        }
    }

    /// The same, with administrators who are told by mail when a workflow is held back.
    pub fn with_administrators(self, administrators: Vec<String>) -> Self {
        Self { administrators, ..self }
    }

    /// The same, with somebody who knows where calls may go.
    pub fn with_endpoints(self, endpoints: Arc<dyn Endpoints>) -> Self {
        Self { endpoints, ..self }
    }

    /// The same, for an organisation with that name and those domains.
    pub fn with_organization(self, organization: Organization) -> Self {
        Self { organization, ..self }
    }

    /// The same, with whom mails come from.
    pub fn with_sender(self, sender: Mailbox) -> Self {
        Self { sender, ..self }
    }

    /// How mails go out.
    pub fn letterhead(&self) -> Result<Letterhead, StoreError> {
        let settings = self.store.settings()?;
        Ok(Letterhead {
            organization: self.organization.display_name.clone(),
            sender_domain: settings.sender_domain,
            branded: settings.use_company_branding,
            administrators: self.administrators.clone(),
        })
    }

    /// How days are counted.
    pub fn calendar(&self) -> Result<Calendar, StoreError> {
        Ok(self.store.settings()?.calendar.calendar())
    }

    /// The present moment, as the store keeps it.
    pub fn now(&self) -> jiff::Timestamp {
        whole_millis(self.clock.now())
    }

    pub(super) fn entry(&self, caller: &Caller, activity: Activity, after: Option<String>) -> Entry {
        Entry { at: self.now(), actor: Actor::Caller(caller.id), activity, before: None, after }
    }
}
