//! `…/userProcessingResults/{result}/subject`

use super::beside::person;
use super::user_results;
use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// `GET …/userProcessingResults/{result}/subject`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = user_results::found(request)?;
    person(request, result.subject)
}
