//! `/servicePrincipals`: agent identities, the only service principals that there are here, and who vouches for them.

mod body;
mod read;
mod sponsors;
mod write;

use crate::permission::Permission;
use crate::route::Table;

/// What an agent identity is found by: its path, with the cast behind it or without, and what is below it.
const PLACES: [[&str; 5]; 2] = [
    [
        "servicePrincipals/{agent}",
        "servicePrincipals/{agent}/sponsors",
        "servicePrincipals/{agent}/sponsors/$count",
        "servicePrincipals/{agent}/sponsors/$ref",
        "servicePrincipals/{agent}/sponsors/{sponsor}/$ref",
    ],
    [
        "servicePrincipals/{agent}/microsoft.graph.agentIdentity",
        "servicePrincipals/{agent}/microsoft.graph.agentIdentity/sponsors",
        "servicePrincipals/{agent}/microsoft.graph.agentIdentity/sponsors/$count",
        "servicePrincipals/{agent}/microsoft.graph.agentIdentity/sponsors/$ref",
        "servicePrincipals/{agent}/microsoft.graph.agentIdentity/sponsors/{sponsor}/$ref",
    ],
];

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadAgents, WriteAgents};
    let mut table = Table::default();
    table.get("servicePrincipals", ReadAgents, read::list);
    table.get("servicePrincipals/$count", ReadAgents, read::count);
    table.get("servicePrincipals/microsoft.graph.agentIdentity", ReadAgents, read::list);
    table.get("servicePrincipals/microsoft.graph.agentIdentity/$count", ReadAgents, read::count);
    table.post("servicePrincipals/microsoft.graph.agentIdentity", WriteAgents, write::create);
    for [agent, below, count, links, link] in PLACES {
        table.get(agent, ReadAgents, read::get);
        table.patch(agent, WriteAgents, write::update);
        table.delete(agent, WriteAgents, write::delete);
        table.get(below, ReadAgents, sponsors::list);
        table.get(count, ReadAgents, sponsors::count);
        table.post(links, WriteAgents, sponsors::add);
        table.delete(link, WriteAgents, sponsors::remove);
    }
    table.get("users/{user}/tenure.sponsoredAgents", ReadAgents, read::sponsored);
    table.get("users/{user}/tenure.sponsoredAgents/$count", ReadAgents, read::count_sponsored);
    table
}
