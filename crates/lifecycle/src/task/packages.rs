//! What the tasks about one access package have in common.

use super::{Arguments, Names, Parameter, People, Refusal};
use crate::directory::AccessPackage;
use crate::ids::AccessPackageId;

/// The argument that names the package.
pub(super) const PACKAGE: &str = "accessPackageId";
/// The parameter that names the package.
pub(super) const PARAMETER: Parameter = Parameter::ids(PACKAGE, Names::Package, true);

/// The package that is named.
pub(super) fn named<'a>(people: &'a People, arguments: &Arguments<'_>) -> Result<&'a AccessPackage, Refusal> {
    let id = arguments.ids::<AccessPackageId>(PACKAGE).into_iter().next();
    id.and_then(|id| people.package(id)).ok_or_else(|| {
        Refusal(format!("the access package {} does not exist", arguments.get(PACKAGE).unwrap_or_default()))
    })
}
