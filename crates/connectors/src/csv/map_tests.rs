use super::*;

const START: &str = "feed = 'hr'\n[columns]\nemployeeId = 'ID'\n";

fn refusal(more: &str) -> String {
    ImportMap::parse(&format!("{START}{more}")).unwrap_err()
}

#[test]
fn a_small_map_has_sensible_defaults() {
    let map = ImportMap::parse(START).unwrap();
    assert_eq!((map.feed.as_str(), map.delimiter, map.encoding.name()), ("hr", b',', "UTF-8"));
    assert!(map.fields.is_empty() && map.constants.is_empty() && map.manager.is_none());
}

#[test]
fn a_full_map_is_read() {
    let map = ImportMap::parse(
        r#"
        feed = "hr"
        delimiter = "\t"
        encoding = "windows-1252"
        [columns]
        employeeid = "ID"
        "employeeOrgData/costCenter" = "Cost center"
        displayName = "{First} {Last}"
        accountEnabled = "Status"
        manager = "Boss"
        [dates]
        formats = ["%d.%m.%Y"]
        timezone = "UTC"
        [defaults]
        accountEnabled = false
        companyName = "Example"
        businessPhones = ["1", "2"]
        employeeLeaveDateTime = 2030-01-31
        [values.accountEnabled]
        Current = true
        "#,
    )
    .unwrap();
    let names: Vec<_> = map.fields.iter().map(|field| field.attribute.name).collect();
    assert_eq!(names, ["accountEnabled", "displayName", "employeeOrgData/costCenter"]);
    assert_eq!(map.fields[0].default, Value::Boolean(false));
    assert_eq!(map.fields[0].texts["current"], Value::Boolean(true));
    let constants: Vec<_> = map.constants.iter().map(|(attribute, _)| attribute.name).collect();
    assert_eq!(constants, ["employeeLeaveDateTime", "companyName", "businessPhones"]);
    assert_eq!((map.delimiter, map.encoding.name(), map.manager.is_some()), (b'\t', "windows-1252", true));
}

#[test]
fn unknown_keys_and_properties_are_named() {
    assert!(refusal("[colours]").contains("unknown field `colours`"));
    assert!(refusal("[dates]\nformat = []").contains("unknown field `format`"));
    assert!(refusal("[dates]\nformat = []").starts_with("line 5: "));
    assert_eq!(refusal("departmnt = 'X'"), "[columns] names an unknown property `departmnt`");
    assert_eq!(refusal("[defaults]\nfoo = 'X'"), "[defaults] names an unknown property `foo`");
    assert_eq!(refusal("[values.foo]\nx = 'X'"), "[values] names an unknown property `foo`");
    assert_eq!(refusal("EmployeeID = 'X'"), "[columns] names `employeeId` twice");
    assert_eq!(
        refusal("assignedPlans = 'X'"),
        "[columns] names assignedPlans, which cannot come from a file"
    );
    assert_eq!(
        refusal("createdDateTime = 'X'"),
        "[columns] names createdDateTime, which cannot come from a file"
    );
}

#[test]
fn what_is_no_map_is_told_with_its_line() {
    assert!(ImportMap::parse("feed = 'hr'\n\nnonsense").unwrap_err().starts_with("line 3: "));
    assert!(ImportMap::parse("").unwrap_err().contains("missing field `feed`"));
    let lacking = ImportMap::parse("feed = 'hr'\n[columns]\nmail = 'x'").unwrap_err();
    assert_eq!(lacking, "[columns] lacks employeeId, by which people are found again");
}

#[test]
fn wrong_settings_are_named() {
    let with = |line: &str| ImportMap::parse(&format!("{line}\n{START}")).unwrap_err();
    for delimiter in ["", "ab", "\\\"", "\\n", "a", "é"] {
        assert!(with(&format!("delimiter = \"{delimiter}\"")).starts_with("delimiter: "), "{delimiter}");
    }
    assert!(with("encoding = 'klingon'").starts_with("encoding: `klingon` is not known"));
    let nameless = ImportMap::parse("feed = ' '\n[columns]\nemployeeId = 'ID'").unwrap_err();
    assert_eq!(nameless, "feed: a name of 1 to 100 characters is needed");
    assert!(refusal("mail = '{x'").starts_with("columns.mail: "));
    assert!(
        refusal("[dates]\ntimezone = 'Europe/Atlantis'").starts_with("dates.timezone: `Europe/Atlantis`")
    );
}

#[test]
fn values_must_fit_their_property() {
    assert_eq!(
        refusal("[defaults]\nonPremisesSyncEnabled = 'perhaps'").split(':').next(),
        Some("defaults.onPremisesSyncEnabled")
    );
    assert_eq!(refusal("[defaults]\ndepartment = 7"), "defaults.department: must be a text, in quotes");
    assert_eq!(
        refusal("[defaults]\nbusinessPhones = [1]"),
        "defaults.businessPhones: must be a list of texts"
    );
    assert_eq!(refusal("[values.city]\nx = 'y'"), "values.city: the property has no column");
    let twice = refusal("city = 'City'\n[values.city]\nX = 'y'\nx = 'z'");
    assert_eq!(twice, "values.city, `x`: stands there twice; letter case does not count");
    for more in ["[defaults]\nemployeeId = '1'", "[defaults]\nmanager = '1'", "[values.manager]\nx = '1'"] {
        assert_eq!(refusal(more), "employeeId and manager take neither defaults nor values");
    }
}

#[test]
fn a_fixed_account_enabled_is_refused() {
    assert!(refusal("[defaults]\naccountEnabled = false").contains("undo what workflows did"));
}
