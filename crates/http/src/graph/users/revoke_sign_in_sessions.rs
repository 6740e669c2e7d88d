//! `POST /users/{id | userPrincipalName}/revokeSignInSessions`

use serde_json::json;

use crate::errors::GraphError;
use crate::odata::{self, Item};
use crate::request::Request;
use crate::response::Response;

/// Ends somebody's sessions.
pub(super) fn revoke(request: &Request) -> Result<Response, GraphError> {
    request.without_parameters()?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    request.lifecycle().revoke_sessions(&request.caller, user.id)?;
    odata::complex(request, "Edm.Boolean", Item::from_iter([("value".to_owned(), json!(true))]))
}
