//! `/identityGovernance/lifecycleWorkflows/customTaskExtensions`

mod body;
mod create;
mod delete;
mod people;
mod read;
mod shape;
mod update;

use crate::permission::Permission::{ReadExtensions, WriteExtensions};
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("@lcw/customTaskExtensions", ReadExtensions, read::list);
    table.get("@lcw/customTaskExtensions/$count", ReadExtensions, read::count);
    table.post("@lcw/customTaskExtensions", WriteExtensions, create::create);
    table.get("@lcw/customTaskExtensions/{extension}", ReadExtensions, read::get);
    table.patch("@lcw/customTaskExtensions/{extension}", WriteExtensions, update::update);
    table.delete("@lcw/customTaskExtensions/{extension}", WriteExtensions, delete::delete);
    macro_rules! person {
        ($who:literal, $of:expr) => {
            let (get, mailbox, errors, error_count) = $of;
            table.get(concat!("@lcw/customTaskExtensions/{extension}/", $who), ReadExtensions, get);
            let below = concat!("@lcw/customTaskExtensions/{extension}/", $who, "/mailboxSettings");
            table.get(below, ReadExtensions, mailbox);
            table.patch(below, WriteExtensions, mailbox);
            let below = concat!("@lcw/customTaskExtensions/{extension}/", $who, "/serviceProvisioningErrors");
            table.get(below, ReadExtensions, errors);
            let below =
                concat!("@lcw/customTaskExtensions/{extension}/", $who, "/serviceProvisioningErrors/$count");
            table.get(below, ReadExtensions, error_count);
        };
    }
    person!("createdBy", people::CREATED_BY);
    person!("lastModifiedBy", people::LAST_MODIFIED_BY);
    table
}
