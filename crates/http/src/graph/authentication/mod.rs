//! `/users/{id | userPrincipalName}/authentication`: how somebody signs in

mod emails;
mod methods;
mod passes;
mod phones;
mod shape;

use crate::permission::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadSignIn, WriteSignIn};
    let mut table = Table::default();
    table.get("users/{user}/authentication/methods", ReadSignIn, methods::list);
    table.get("users/{user}/authentication/methods/{method}", ReadSignIn, methods::get);
    table.get("users/{user}/authentication/temporaryAccessPassMethods", ReadSignIn, passes::list);
    table.post("users/{user}/authentication/temporaryAccessPassMethods", WriteSignIn, passes::create);
    table.get("users/{user}/authentication/temporaryAccessPassMethods/{method}", ReadSignIn, passes::get);
    table.delete(
        "users/{user}/authentication/temporaryAccessPassMethods/{method}",
        WriteSignIn,
        passes::delete,
    );
    table.get("users/{user}/authentication/phoneMethods", ReadSignIn, phones::list);
    table.post("users/{user}/authentication/phoneMethods", WriteSignIn, phones::create);
    table.get("users/{user}/authentication/phoneMethods/{method}", ReadSignIn, phones::get);
    table.delete("users/{user}/authentication/phoneMethods/{method}", WriteSignIn, phones::delete);
    table.get("users/{user}/authentication/emailMethods", ReadSignIn, emails::list);
    table.post("users/{user}/authentication/emailMethods", WriteSignIn, emails::create);
    table.get("users/{user}/authentication/emailMethods/{method}", ReadSignIn, emails::get);
    table.delete("users/{user}/authentication/emailMethods/{method}", WriteSignIn, emails::delete);
    table.get("users/{user}/authentication/fido2Methods", ReadSignIn, methods::list_fido2);
    table
}
