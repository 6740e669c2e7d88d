//! What `delta` functions have in common: tokens, rounds, links.
//!
//! A round begins with everything there is, or with `$deltatoken=latest`, and ends with a delta link; following that
//! begins the next one. The links carry what was asked for at the beginning, so nothing is kept here between requests.

use axum::http::{HeaderName, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tenure_lifecycle::ports::{ChangePage, ChangesError, Gone, Position};

use crate::errors::GraphError;
use crate::odata::{Item, Properties, Selection};
use crate::request::Request;
use crate::response::Response;

/// Where a round stands, as its links carry it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Token {
    /// What is followed: `users` or `groups`.
    of: String,
    /// The store that it belongs to.
    epoch: u32,
    /// The `$select` of the round.
    select: Option<String>,
    /// The `$top` of the round.
    top: Option<usize>,
    /// The position: its kind and its numbers.
    at: (char, i64, i64, i64),
}

fn at(position: Position) -> (char, i64, i64, i64) {
    match position {
        Position::Listing { change, after, member } => ('l', change, after, member),
        Position::Behind { change } => ('c', change, 0, 0),
        Position::Members { change, group, member } => ('m', change, group, member),
    }
}

fn position(at: (char, i64, i64, i64)) -> Option<Position> {
    match at {
        ('l', change, after, member) => Some(Position::Listing { change, after, member }),
        ('c', change, _, _) => Some(Position::Behind { change }),
        ('m', change, group, member) => Some(Position::Members { change, group, member }),
        _ => None,
    }
}

impl Token {
    fn write(&self) -> Result<String, GraphError> {
        let bytes = serde_json::to_vec(self).map_err(GraphError::internal)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    fn read(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

/// A round as a request continues it.
pub(super) struct Round {
    token: Token,
    /// Where it stands.
    pub(super) position: Position,
    /// Items of a page.
    pub(super) limit: usize,
    /// What is selected.
    pub(super) selection: Selection,
    /// Only what changed is wanted.
    pub(super) minimal: bool,
    /// Nothing is wanted but a link to what comes from now on.
    pub(super) latest: bool,
}

impl Round {
    /// The round that a request begins or continues; `of` is `users` or `groups`.
    pub(super) fn of(request: &Request, of: &str, properties: &Properties) -> Result<Self, GraphError> {
        let options = &request.options;
        options.refuse(&["filter", "orderby", "search", "skip", "count", "expand"])?;
        let store = &request.lifecycle().store;
        let epoch = store.installation()?.epoch.0;
        let given = match (options.get("skiptoken"), options.get("deltatoken")) {
            (Some(_), Some(_)) => {
                return Err(GraphError::option("$deltatoken", "cannot be given together with $skiptoken"));
            }
            (Some(text), None) => Some(("$skiptoken", text)),
            (None, text) => text.map(|text| ("$deltatoken", text)),
        };
        let latest = given.is_some_and(|(name, text)| name == "$deltatoken" && text == "latest");
        let token = match given.filter(|_| !latest) {
            Some((name, text)) => {
                let refused = || GraphError::option(name, format!("is not a token of {of}/delta"));
                let token = Token::read(text).filter(|token| token.of == of).ok_or_else(refused)?;
                if token.epoch != epoch {
                    return Err(resync());
                }
                token
            }
            None => {
                // Read before anything is listed: whatever changes meanwhile is told again, never left out.
                let change = store.last_change()?;
                let begin = if latest {
                    Position::Behind { change }
                } else {
                    Position::Listing { change, after: 0, member: i64::MAX }
                };
                Token {
                    of: of.to_owned(),
                    epoch,
                    select: options.get("select").map(str::to_owned),
                    top: options.get("top").map(|_| options.limit()).transpose()?,
                    at: at(begin),
                }
            }
        };
        let position = position(token.at)
            .ok_or_else(|| GraphError::option("$skiptoken", "is not a token of a delta"))?;
        let selection = Selection::parse(token.select.as_deref(), properties)?;
        let limit = token.top.unwrap_or(usize::MAX).min(options.limit()?).clamp(1, 999);
        Ok(Self { token, position, limit, selection, minimal: prefers_minimal(request), latest })
    }

    /// The answer: a page, and the link to go on or to come back with.
    pub(super) fn answer(
        &self,
        request: &Request,
        items: Vec<Item>,
        next: Position,
        more: bool,
    ) -> Result<Response, GraphError> {
        let mut body = Map::new();
        let context = format!("{}{}", self.token.of, self.selection.in_context());
        body.insert("@odata.context".into(), request.context(&context).into());
        let token = Token { at: at(next), ..self.token.clone() }.write()?;
        let (link, option) =
            if more { ("@odata.nextLink", "$skiptoken") } else { ("@odata.deltaLink", "$deltatoken") };
        body.insert(link.into(), format!("{}?{option}={token}", request.address(&request.path)).into());
        body.insert("value".into(), items.into_iter().map(Value::Object).collect());
        let mut applied = Vec::new();
        if self.minimal {
            applied.push("return=minimal".to_owned());
        }
        applied.extend(request.options.page_size.map(|size| format!("odata.maxpagesize={size}")));
        let response = Response::json(StatusCode::OK, &body)?;
        if applied.is_empty() {
            return Ok(response);
        }
        Ok(response.with_header(HeaderName::from_static("preference-applied"), &applied.join(", ")))
    }

    /// The answer to a page of changes.
    pub(super) fn page<T>(
        &self,
        request: &Request,
        page: &ChangePage<T>,
        item: impl Fn(&T) -> Item,
    ) -> Result<Response, GraphError> {
        self.answer(request, page.items.iter().map(item).collect(), page.next, page.more)
    }
}

/// What is left of something that is gone.
pub(super) fn removed(id: impl std::fmt::Display, gone: Gone) -> Item {
    let reason = match gone {
        Gone::Deleted => "changed",
        Gone::ForGood => "deleted",
    };
    let mut item = Item::new();
    item.insert("id".into(), id.to_string().into());
    item.insert("@removed".into(), serde_json::json!({ "reason": reason }));
    item
}

fn prefers_minimal(request: &Request) -> bool {
    let values = request.headers.get_all("prefer").into_iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split([',', ';']))
        .any(|one| one.replace(' ', "").eq_ignore_ascii_case("return=minimal"))
}

fn resync() -> GraphError {
    GraphError::new(
        StatusCode::GONE,
        "resyncRequired",
        "What comes behind this token is not known any more; begin again without a token.",
    )
}

impl From<ChangesError> for GraphError {
    fn from(error: ChangesError) -> Self {
        match error {
            ChangesError::OutOfReach => resync(),
            ChangesError::Store(cause) => cause.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_read_back() {
        for one in [
            Position::Listing { change: 7, after: 3, member: i64::MAX },
            Position::Behind { change: 9 },
            Position::Members { change: 9, group: 2, member: 5 },
        ] {
            let token = Token { of: "users".into(), epoch: 5, select: None, top: Some(2), at: at(one) };
            let back = Token::read(&token.write().unwrap()).unwrap();
            assert_eq!((position(back.at), &back), (Some(one), &token));
        }
        for text in ["", "nonsense", "e30", "eyJvZiI6InVzZXJzIn0"] {
            assert_eq!(Token::read(text), None);
        }
    }
}
