//! What the tasks about named licences have in common.

use super::{Arguments, Names, Parameter, People, Refusal};
use crate::directory::Sku;
use crate::ids::SkuId;

const LICENSES: &str = "licenses";

/// The one parameter.
pub(super) static PARAMETERS: &[Parameter] = &[Parameter::ids(LICENSES, Names::Skus, true)];

/// The licences that are named, each once.
pub(super) fn named<'a>(people: &'a People, arguments: &Arguments<'_>) -> Result<Vec<&'a Sku>, Refusal> {
    let mut skus: Vec<&Sku> = Vec::new();
    for id in arguments.ids::<SkuId>(LICENSES) {
        let Some(sku) = people.sku(id) else {
            return Err(Refusal(format!("the licence {id} does not exist")));
        };
        if !skus.iter().any(|known| known.number == sku.number) {
            skus.push(sku);
        }
    }
    Ok(skus)
}
