//! What somebody says of an extension, and the rules that it has to keep (behaviour §12).

use std::fmt;

use uuid::Uuid;

use super::duration::parse_iso_duration;
use super::{Authentication, Callback, Client, Configuration, CustomTaskExtension, Endpoint, ReplyMode};
use crate::ids::ApplicationId;
use crate::limits::Profile;
use crate::workflow::{Invalid, validate_description, validate_name};

/// Most applications that may answer.
const MOST_APPS: usize = 100;

/// What somebody says of an extension: what is not named stays, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtensionPatch {
    /// Name.
    pub display_name: Option<String>,
    /// Description; `Some(None)` clears.
    pub description: Option<Option<String>>,
    /// What is called.
    pub endpoint: Option<EndpointPatch>,
    /// How the call proves who it is.
    pub authentication: Option<AuthenticationPatch>,
    /// How patient the call is.
    pub client: Option<ClientPatch>,
    /// How long the task waits; `Some(None)`: not at all.
    pub callback: Option<Option<CallbackPatch>>,
    /// Where the outcome comes from.
    pub reply_mode: Option<ReplyMode>,
}

/// What is called.
#[derive(Clone, PartialEq, Eq)]
pub enum EndpointPatch {
    /// A Logic App.
    LogicApp(LogicAppPatch),
    /// Any other address.
    Http {
        /// The address.
        target_url: Option<String>,
    },
}

impl fmt::Debug for EndpointPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LogicApp(_) => "LogicApp",
            Self::Http { .. } => "Http",
        })
    }
}

/// How the call proves who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthenticationPatch {
    /// The way.
    pub kind: Authentication,
    /// The token, password or signing secret; `None` leaves the one there is.
    pub secret: Option<String>,
}

impl fmt::Debug for AuthenticationPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

/// Parts of a Logic App's address.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LogicAppPatch {
    /// Subscription.
    pub subscription_id: Option<String>,
    /// Resource group.
    pub resource_group_name: Option<String>,
    /// The Logic App.
    pub logic_app_workflow_name: Option<String>,
    /// The address of its trigger, key and all, which Graph asks Azure for.
    pub url: Option<String>,
}

/// Parts of how patient the call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientPatch {
    /// How long one attempt may take; `Some(None)` is the default.
    pub timeout_in_milliseconds: Option<Option<i64>>,
    /// Attempts after the first; `Some(None)` is the default.
    pub maximum_retries: Option<Option<i64>>,
    /// Calls under way at once; `Some(None)` is the default.
    pub maximum_concurrent_calls: Option<Option<i64>>,
}

/// Parts of how long a task waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackPatch {
    /// How long, as ISO 8601 writes it.
    pub timeout_duration: Option<String>,
    /// Ids of the applications that may answer.
    pub authorized_apps: Option<Vec<String>>,
}

/// What becomes of a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Kept {
    /// It stays.
    #[default]
    AsItIs,
    /// There is none any more.
    Gone,
    /// It is this one.
    New(String),
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsItIs => "AsItIs",
            Self::Gone => "Gone",
            Self::New(_) => "New",
        })
    }
}

/// What an extension is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionDraft {
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// What is called, and how.
    pub configuration: Configuration,
    /// The address, where it may hold a key.
    pub url: Kept,
    /// The token, password or signing secret.
    pub secret: Kept,
}

impl ExtensionPatch {
    /// What an extension is to be that was `before`, or is new.
    pub fn apply(
        &self,
        before: Option<&CustomTaskExtension>,
        profile: Profile,
    ) -> Result<ExtensionDraft, Invalid> {
        let known = before.map(|before| &before.configuration);
        let display_name = self
            .display_name
            .clone()
            .or_else(|| before.map(|before| before.display_name.clone()))
            .ok_or_else(|| Invalid::new("displayName", "is required"))?;
        validate_name("displayName", &display_name)?;
        let description = match &self.description {
            Some(description) => description.clone(),
            None => before.and_then(|before| before.description.clone()),
        };
        validate_description("description", description.as_deref())?;
        let (endpoint, url) = match &self.endpoint {
            Some(patch) => patch.apply(known.map(|known| &known.endpoint))?,
            None => known
                .map(|known| (known.endpoint.clone(), Kept::AsItIs))
                .ok_or_else(|| Invalid::new("endpointConfiguration", "is required"))?,
        };
        let authentication = self.authentication(known)?;
        let secret = self.secret(known, &authentication, &endpoint)?;
        let callback = match &self.callback {
            Some(Some(patch)) => Some(patch.apply(known.and_then(|known| known.callback.as_ref()))?),
            Some(None) => None,
            None => known.and_then(|known| known.callback.clone()),
        };
        let configuration = Configuration {
            endpoint,
            authentication,
            client: self
                .client
                .unwrap_or_default()
                .apply(known.map_or_else(Client::default, |known| known.client), profile)?,
            reply_mode: self.reply_mode(known, callback.is_some())?,
            callback,
        };
        Ok(ExtensionDraft { display_name, description, configuration, url, secret })
    }

    fn authentication(&self, known: Option<&Configuration>) -> Result<Authentication, Invalid> {
        let before = known.map(|known| &known.authentication);
        let Some(AuthenticationPatch { kind: wanted, .. }) = &self.authentication else {
            return Ok(before.cloned().unwrap_or(Authentication::Pop));
        };
        match (before, wanted) {
            (Some(Authentication::Pop), Authentication::Token { .. })
            | (Some(Authentication::Token { .. }), Authentication::Pop) => Err(Invalid::new(
                "authenticationConfiguration/@odata.type",
                "cannot be changed: one kind of authentication never becomes the other",
            )),
            (Some(before @ Authentication::Token { .. }), Authentication::Token { resource_id: None }) => {
                Ok(before.clone())
            }
            (_, Authentication::Token { resource_id: Some(resource) }) => {
                validate_name("authenticationConfiguration/resourceId", resource)?;
                Ok(wanted.clone())
            }
            (_, Authentication::Basic { user_name }) => {
                let property = "authenticationConfiguration/username";
                validate_name(property, user_name)?;
                if user_name.contains(':') {
                    return Err(Invalid::new(property, "must not hold a colon"));
                }
                Ok(wanted.clone())
            }
            _ => Ok(wanted.clone()),
        }
    }

    /// What becomes of the token, password or signing secret.
    fn secret(
        &self,
        known: Option<&Configuration>,
        now: &Authentication,
        endpoint: &Endpoint,
    ) -> Result<Kept, Invalid> {
        let given = self.authentication.as_ref().and_then(|patch| patch.secret.as_ref());
        if !now.has_secret() {
            return Ok(Kept::Gone);
        }
        let same = known.is_some_and(|known| {
            std::mem::discriminant(&known.authentication) == std::mem::discriminant(now)
        });
        match given {
            Some(secret) if secret.is_empty() || secret.len() > LONGEST_SECRET => {
                Err(Invalid::new(secret_property(now), format!("must have 1 to {LONGEST_SECRET} bytes")))
            }
            Some(secret) if *now == Authentication::Bearer && !is_header_text(secret) => {
                Err(Invalid::new(secret_property(now), "must be printable ASCII, as it is sent in a header"))
            }
            Some(secret) => Ok(Kept::New(secret.clone())),
            // Whoever does not know it does not have it sent to a place of their own.
            None if same
                && now.sends_secret()
                && known.is_some_and(|known| moves(&known.endpoint, endpoint)) =>
            {
                Err(Invalid::new(secret_property(now), "has to be given again when calls go to another host"))
            }
            None if same => Ok(Kept::AsItIs),
            None => Err(Invalid::new(secret_property(now), "is required")),
        }
    }

    fn reply_mode(&self, known: Option<&Configuration>, waits: bool) -> Result<ReplyMode, Invalid> {
        let by_itself = match known.map(|known| known.reply_mode) {
            _ if waits => ReplyMode::Callback,
            Some(ReplyMode::Response) => ReplyMode::Response,
            _ => ReplyMode::None,
        };
        let mode = self.reply_mode.unwrap_or(by_itself);
        match (mode, waits) {
            (ReplyMode::Callback, false) => {
                Err(Invalid::new("replyMode", "callback needs a callbackConfiguration"))
            }
            (ReplyMode::None | ReplyMode::Response, true) => Err(Invalid::new(
                "replyMode",
                format!("{} does not go with a callbackConfiguration", mode.as_str()),
            )),
            _ => Ok(mode),
        }
    }
}

/// Longest token, password or signing secret, in bytes.
const LONGEST_SECRET: usize = 4_096;
/// Longest address, in bytes.
const LONGEST_URL: usize = 4_096;

/// Whether a header can hold it as it is.
fn is_header_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// Whether calls go to another host, by another scheme or port, than before.
fn moves(before: &Endpoint, now: &Endpoint) -> bool {
    let origin = |endpoint: &Endpoint| {
        let url = match endpoint {
            Endpoint::Http { target_url } => target_url,
            Endpoint::LogicApp { url, .. } => url.as_deref().unwrap_or_default(),
        };
        let begins = url.find("://").map_or(0, |place| place + 3);
        let ends = url[begins..].find(['/', '?', '#', '\\']).map_or(url.len(), |place| begins + place);
        url[..ends].to_ascii_lowercase()
    };
    origin(before) != origin(now)
}

/// Where the secret stands in a body.
pub(crate) fn secret_property(authentication: &Authentication) -> &'static str {
    match authentication {
        Authentication::Bearer => "authenticationConfiguration/token",
        Authentication::Basic { .. } => "authenticationConfiguration/password",
        _ => "authenticationConfiguration/secret",
    }
}

impl EndpointPatch {
    fn apply(&self, before: Option<&Endpoint>) -> Result<(Endpoint, Kept), Invalid> {
        match self {
            Self::LogicApp(patch) => patch.apply(before),
            Self::Http { target_url } => {
                let known = match before {
                    Some(Endpoint::Http { target_url }) => Some(target_url),
                    Some(Endpoint::LogicApp { .. }) | None => None,
                };
                let property = "endpointConfiguration/targetUrl";
                let url =
                    target_url.as_ref().or(known).ok_or_else(|| Invalid::new(property, "is required"))?;
                check_length(property, url)?;
                Ok((Endpoint::Http { target_url: url.clone() }, Kept::Gone))
            }
        }
    }
}

fn check_length(property: &str, url: &str) -> Result<(), Invalid> {
    if url.is_empty() || url.len() > LONGEST_URL {
        return Err(Invalid::new(property, format!("must have 1 to {LONGEST_URL} bytes")));
    }
    Ok(())
}

impl LogicAppPatch {
    fn apply(&self, before: Option<&Endpoint>) -> Result<(Endpoint, Kept), Invalid> {
        let (subscription, group, app, shown) = match before {
            Some(Endpoint::LogicApp {
                subscription_id,
                resource_group_name,
                logic_app_workflow_name,
                url,
            }) => {
                (Some(subscription_id), Some(resource_group_name), Some(logic_app_workflow_name), url.clone())
            }
            Some(Endpoint::Http { .. }) | None => (None, None, None, None),
        };
        if let Some(url) = &self.url {
            check_length("endpointConfiguration/url", url)?;
        }
        // Whoever reads it and writes it back does not know the key in it, and does not change it.
        let given = self.url.as_ref().filter(|url| Some(*url) != shown.as_ref());
        let kept = match (given, &shown) {
            (Some(url), _) => Kept::New(url.clone()),
            (None, Some(_)) => Kept::AsItIs,
            (None, None) => Kept::Gone,
        };
        let without_query = |url: &String| url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let shown = given.map(without_query).or(shown);
        let part = |name: &str, wanted: &Option<String>, before: Option<&String>| {
            let property = format!("endpointConfiguration/{name}");
            let text = wanted.as_ref().or(before).ok_or_else(|| Invalid::new(&property, "is required"))?;
            validate_name(&property, text)?;
            Ok(text.clone())
        };
        let subscription_id = part("subscriptionId", &self.subscription_id, subscription)?;
        if Uuid::parse_str(&subscription_id).is_err() {
            return Err(Invalid::new("endpointConfiguration/subscriptionId", "must be an id"));
        }
        let endpoint = Endpoint::LogicApp {
            subscription_id,
            resource_group_name: part("resourceGroupName", &self.resource_group_name, group)?,
            logic_app_workflow_name: part("logicAppWorkflowName", &self.logic_app_workflow_name, app)?,
            url: shown,
        };
        Ok((endpoint, kept))
    }
}

impl ClientPatch {
    fn apply(self, before: Client, profile: Profile) -> Result<Client, Invalid> {
        let default = Client::default();
        let pick = |wanted: Option<Option<i64>>, before, default| match wanted {
            None => before,
            Some(value) => value.unwrap_or(default),
        };
        let client = Client {
            timeout_in_milliseconds: pick(
                self.timeout_in_milliseconds,
                before.timeout_in_milliseconds,
                default.timeout_in_milliseconds,
            ),
            maximum_retries: pick(self.maximum_retries, before.maximum_retries, default.maximum_retries),
            maximum_concurrent_calls: self
                .maximum_concurrent_calls
                .unwrap_or(before.maximum_concurrent_calls),
        };
        let (longest, most) = match profile {
            Profile::Generous => (30_000, 20),
            Profile::Strict => (2_000, 1),
        };
        if !(200..=longest).contains(&client.timeout_in_milliseconds) {
            let property = "clientConfiguration/timeoutInMilliseconds";
            return Err(Invalid::new(property, format!("must lie between 200 and {longest}")));
        }
        if !(0..=most).contains(&client.maximum_retries) {
            let property = "clientConfiguration/maximumRetries";
            return Err(Invalid::new(property, format!("must lie between 0 and {most}")));
        }
        let most = Client::MOST_AT_ONCE;
        if client.maximum_concurrent_calls.is_some_and(|calls| !(1..=most).contains(&calls)) {
            let property = "clientConfiguration/@tenure.maximumConcurrentCalls";
            return Err(Invalid::new(property, format!("must lie between 1 and {most}")));
        }
        Ok(client)
    }
}

impl CallbackPatch {
    fn apply(&self, before: Option<&Callback>) -> Result<Callback, Invalid> {
        let property = "callbackConfiguration/timeoutDuration";
        let timeout_in_seconds = match (&self.timeout_duration, before) {
            (Some(text), _) => parse_iso_duration(text)
                .ok_or_else(|| Invalid::new(property, "must be an ISO 8601 duration such as PT1H"))?,
            (None, Some(before)) => before.timeout_in_seconds,
            (None, None) => return Err(Invalid::new(property, "is required")),
        };
        if !(300..=10_800).contains(&timeout_in_seconds) {
            return Err(Invalid::new(property, "must lie between PT5M and PT3H"));
        }
        let authorized_apps = match &self.authorized_apps {
            Some(apps) => application_ids(apps)?,
            None => before.map_or_else(Vec::new, |before| before.authorized_apps.clone()),
        };
        Ok(Callback { timeout_in_seconds, authorized_apps })
    }
}

/// The ids, each once.
fn application_ids(texts: &[String]) -> Result<Vec<ApplicationId>, Invalid> {
    let property = "callbackConfiguration/authorizedApps";
    if texts.len() > MOST_APPS {
        return Err(Invalid::new(property, format!("must name at most {MOST_APPS} applications")));
    }
    let mut ids = Vec::with_capacity(texts.len());
    for (place, text) in texts.iter().enumerate() {
        let id: ApplicationId = text
            .trim()
            .parse()
            .map_err(|_| Invalid::new(format!("{property}/{place}"), "must be the id of an application"))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
