//! `POST /tenure.advanceClock`

use tenure_lifecycle::engine::AdvanceError;

use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Moves a clock that stands still; every sweep that falls due on the way has been run when this answers.
pub(super) fn advance(request: &Request) -> Result<Response, GraphError> {
    let Some(simulation) = &request.server.simulation else {
        return Err(GraphError::conflict(
            "Time is real here; only a server started with --now has a clock to move.",
        ));
    };
    let body = request.json()?;
    let body = Object::root(&body)?;
    let to = body.time("to")?.ok_or_else(|| body.invalid("to", "is required"))?;
    body.finish()?;
    simulation.advance(to).map_err(|error| match error {
        AdvanceError::Backwards { now } => {
            GraphError::invalid("to", format!("lies before {now}, where the clock stands"))
        }
        AdvanceError::Store(cause) => cause.into(),
    })?;
    Ok(Response::no_content())
}
