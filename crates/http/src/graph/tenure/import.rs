//! `POST /directory/tenure.import`

use std::fs::File;
use std::io::{self, BufReader, Read};

use axum::http::StatusCode;
use tenure_lifecycle::operations::{Import, OperationError};

use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Imports people from a file; `?dryRun=true` only says what would be done.
pub(super) fn import(request: &Request) -> Result<Response, GraphError> {
    let dry_run = request.options.flag("dryRun")?;
    let Some(upload) = &request.upload else {
        return Err(GraphError::unsupported_media_type("multipart/form-data"));
    };
    let open = || -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(BufReader::new(File::open(upload.file.path())?)))
    };
    let import = Import { reader: request.server.feeds.as_ref(), map: &upload.map, open: &open, dry_run };
    let report = request.lifecycle().import(&request.caller, &import).map_err(|error| match error {
        OperationError::Changed => GraphError::conflict(
            "The directory was changed while the file was being imported; import it again.",
        ),
        other => other.into(),
    })?;
    Response::json(StatusCode::OK, &report)
}
