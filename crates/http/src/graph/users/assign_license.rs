//! `POST /users/{id | userPrincipalName}/assignLicense`

use tenure_lifecycle::directory::LicenseChange;
use tenure_lifecycle::ids::SkuId;

use super::licenses::Licenses;
use super::shape::user_item;
use crate::errors::GraphError;
use crate::odata::{self, Object, Selection};
use crate::request::Request;
use crate::response::Response;

/// Gives and takes licences, all of it or nothing, and answers with the user.
pub(super) fn assign(request: &Request) -> Result<Response, GraphError> {
    let lifecycle = request.lifecycle();
    let user = lifecycle.user(request.parameter("user"))?;
    let body = request.json()?;
    let change = change(&Object::root(&body)?)?;
    lifecycle.assign_licenses(&request.caller, user.id, &change)?;
    let user = lifecycle.user(&user.id.to_string())?;
    let licenses = Licenses::of(lifecycle.store.as_ref(), [&user])?;
    let mut item = user_item(&user, &Selection::default(), &licenses);
    item.insert("assignedLicenses".to_owned(), licenses.assigned(&user));
    odata::complex(request, "users/$entity", item)
}

fn change(body: &Object<'_>) -> Result<LicenseChange, GraphError> {
    let mut change = LicenseChange::default();
    for license in body.objects("addLicenses")?.unwrap_or_default() {
        let sku = license.id("skuId")?.ok_or_else(|| license.invalid("skuId", "is required"))?;
        if license.texts("disabledPlans")?.is_some_and(|plans| !plans.is_empty()) {
            return Err(license.invalid("disabledPlans", "must be empty: skus have no service plans here"));
        }
        license.finish()?;
        change.add.push(sku);
    }
    for (place, text) in body.texts("removeLicenses")?.unwrap_or_default().into_iter().enumerate() {
        let sku: Option<SkuId> = text.parse().ok();
        let name = format!("removeLicenses/{place}");
        change.remove.push(sku.ok_or_else(|| body.invalid(&name, "must be the id of a sku"))?);
    }
    body.finish()?;
    if change.add.is_empty() && change.remove.is_empty() {
        return Err(body.invalid("addLicenses", "or removeLicenses must name a license"));
    }
    Ok(change)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SKU: &str = "c7df2760-2c81-4ef7-b578-5b5392b571df";

    fn read(body: &Value) -> Result<LicenseChange, String> {
        change(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn what_to_give_and_take_is_read() {
        let change = read(&json!({
            "AddLicenses": [{ "skuId": SKU, "disabledPlans": [] }, { "SKUID": SKU }], "removeLicenses": [SKU],
        }));
        let change = change.unwrap();
        assert_eq!((change.add.len(), change.remove), (2, vec![SKU.parse().unwrap()]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, named) in [
            (json!({}), "addLicenses"),
            (json!({ "addLicenses": [], "removeLicenses": [] }), "addLicenses"),
            (json!({ "addLicenses": [{}] }), "addLicenses/0/skuId"),
            (json!({ "addLicenses": [{ "skuId": "x" }] }), "addLicenses/0/skuId"),
            (json!({ "addLicenses": [{ "skuId": SKU, "colour": 1 }] }), "addLicenses/0/colour"),
            (
                json!({ "addLicenses": [{ "skuId": SKU, "disabledPlans": [SKU] }] }),
                "addLicenses/0/disabledPlans",
            ),
            (json!({ "removeLicenses": ["x"] }), "removeLicenses/0"),
            (json!({ "removeLicenses": [{}] }), "removeLicenses"),
            (json!({ "removeLicenses": [SKU], "licenses": [] }), "licenses"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
