//! The attributes of a person that Graph documents and Tenure keeps.

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// True or false.
    Boolean,
    /// A moment, kept to the millisecond.
    DateTime,
    /// Several texts.
    Texts,
    /// Several `{service, servicePlanId, capabilityStatus}` objects.
    Plans,
}

/// One attribute of a person.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its number in the change log; never used for another attribute.
    pub code: i64,
    /// Its path as Graph spells it, such as `employeeOrgData/costCenter`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

impl Attribute {
    /// Whether only Tenure itself sets it.
    pub fn is_read_only(&self) -> bool {
        matches!(self.name, "createdDateTime" | "signInSessionsValidFromDateTime")
    }
}

/// Members of an `assignedPlans` element.
pub const PLAN_MEMBERS: [&str; 4] = ["assignedDateTime", "capabilityStatus", "service", "servicePlanId"];

macro_rules! attributes {
    ($($code:literal $name:literal $kind:ident,)*) => {
        static ATTRIBUTES: &[Attribute] = &[$(Attribute { code: $code, name: $name, kind: Kind::$kind },)*];
    };
}

attributes! {
    1 "accountEnabled" Boolean,
    2 "employeeHireDate" DateTime,
    3 "employeeLeaveDateTime" DateTime,
    4 "createdDateTime" DateTime,
    5 "userPrincipalName" Text,
    6 "displayName" Text,
    7 "givenName" Text,
    8 "surname" Text,
    9 "mail" Text,
    10 "mailNickname" Text,
    11 "employeeId" Text,
    12 "employeeType" Text,
    13 "userType" Text,
    14 "department" Text,
    15 "jobTitle" Text,
    16 "companyName" Text,
    17 "officeLocation" Text,
    18 "city" Text,
    19 "state" Text,
    20 "country" Text,
    21 "postalCode" Text,
    22 "streetAddress" Text,
    23 "usageLocation" Text,
    24 "preferredLanguage" Text,
    25 "mobilePhone" Text,
    26 "faxNumber" Text,
    27 "employeeOrgData/costCenter" Text,
    28 "employeeOrgData/division" Text,
    29 "onPremisesSyncEnabled" Boolean,
    30 "onPremisesSecurityIdentifier" Text,
    31 "onPremisesExtensionAttributes/extensionAttribute1" Text,
    32 "onPremisesExtensionAttributes/extensionAttribute2" Text,
    33 "onPremisesExtensionAttributes/extensionAttribute3" Text,
    34 "onPremisesExtensionAttributes/extensionAttribute4" Text,
    35 "onPremisesExtensionAttributes/extensionAttribute5" Text,
    36 "onPremisesExtensionAttributes/extensionAttribute6" Text,
    37 "onPremisesExtensionAttributes/extensionAttribute7" Text,
    38 "onPremisesExtensionAttributes/extensionAttribute8" Text,
    39 "onPremisesExtensionAttributes/extensionAttribute9" Text,
    40 "onPremisesExtensionAttributes/extensionAttribute10" Text,
    41 "onPremisesExtensionAttributes/extensionAttribute11" Text,
    42 "onPremisesExtensionAttributes/extensionAttribute12" Text,
    43 "onPremisesExtensionAttributes/extensionAttribute13" Text,
    44 "onPremisesExtensionAttributes/extensionAttribute14" Text,
    45 "onPremisesExtensionAttributes/extensionAttribute15" Text,
    46 "otherMails" Texts,
    47 "proxyAddresses" Texts,
    48 "businessPhones" Texts,
    49 "assignedPlans" Plans,
    50 "aboutMe" Text,
    51 "ageGroup" Text,
    52 "consentProvidedForMinor" Text,
    53 "signInSessionsValidFromDateTime" DateTime,
    54 "signInActivity/lastSignInDateTime" DateTime,
    55 "signInActivity/lastNonInteractiveSignInDateTime" DateTime,
    56 "signInActivity/lastSuccessfulSignInDateTime" DateTime,
}

/// All attributes, in the order of their codes.
pub fn attributes() -> &'static [Attribute] {
    ATTRIBUTES
}

/// The attribute of that name, in any letter case.
pub fn attribute(name: &str) -> Option<&'static Attribute> {
    ATTRIBUTES.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
