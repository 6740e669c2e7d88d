//! What people and places of the sample company are called.

/// The company.
pub(super) const COMPANY: &str = "Fernhollow Instruments";
/// Its domain; `.example` belongs to nobody (RFC 2606).
pub(super) const DOMAIN: &str = "fernhollow.example";

/// First names.
pub(super) const GIVEN: &[&str] = &[
    "Ada", "Aiko", "Alma", "Amara", "Anders", "Anouk", "Arjun", "Beatriz", "Bram", "Caleb", "Carmen",
    "Chidi", "Clara", "Daniel", "Daria", "Dmitri", "Eirlys", "Elif", "Elias", "Emeka", "Esra", "Farid",
    "Femke", "Finn", "Freya", "Gabriel", "Greta", "Hana", "Hugo", "Imani", "Ines", "Ivo", "Jamal", "Jana",
    "Joan", "José", "Kai", "Katya", "Kofi", "Lars", "Leila", "Lena", "Liam", "Lucía", "Mads", "Maren",
    "Mateo", "Mei", "Milan", "Mina", "Nadia", "Niamh", "Noor", "Olga", "Omar", "Otto", "Paloma", "Pavel",
    "Priya", "Quinn", "Rafael", "Ravi", "René", "Rosa", "Ruth", "Sami", "Sanna", "Selma", "Sofie", "Søren",
    "Tariq", "Tessa", "Thandi", "Tomás", "Ulla", "Uma", "Viktor", "Wanda", "Yara", "Yusuf", "Zoë", "Zuri",
];

/// Surnames.
pub(super) const SURNAMES: &[&str] = &[
    "Abara",
    "Achterberg",
    "Adeyemi",
    "Albers",
    "Almeida",
    "Andersson",
    "Aydin",
    "Barnes",
    "Bauer",
    "Bianchi",
    "Bjerke",
    "Brook",
    "Castillo",
    "Chaudhry",
    "Cole",
    "Costa",
    "Dahl",
    "Demir",
    "Diaz",
    "Dubois",
    "Eklund",
    "Fairley",
    "Ferreira",
    "Fischer",
    "Fontaine",
    "García",
    "Grünwald",
    "Haddad",
    "Hansen",
    "Hartley",
    "Hofmann",
    "Ito",
    "Jansen",
    "Jensen",
    "Kamau",
    "Kaplan",
    "Keller",
    "Kowalski",
    "Kumar",
    "Larsson",
    "Laurent",
    "Lindqvist",
    "Lopez",
    "MacLeod",
    "Marsh",
    "Mbeki",
    "Mendes",
    "Moreau",
    "Müller",
    "Nakamura",
    "Novák",
    "Núñez",
    "O'Hara",
    "O'Neill",
    "Okafor",
    "Olsen",
    "Osei",
    "Park",
    "Patel",
    "Pereira",
    "Petrov",
    "Quist",
    "Reyes",
    "Rossi",
    "Sandoval",
    "Schmitt",
    "Sharma",
    "Silva",
    "Sørensen",
    "Tanaka",
    "Thorne",
    "Turan",
    "Ueda",
    "Van Dijk",
    "Vargas",
    "Weber",
    "Whitlock",
    "Yilmaz",
    "Zhang",
    "Zeller",
];

/// A department: its name, cost centre, division, share of all people in percent, and titles of head, lead and
/// everybody else.
pub(super) struct Department {
    pub(super) name: &'static str,
    pub(super) cost_center: &'static str,
    pub(super) division: &'static str,
    pub(super) share: usize,
    pub(super) head: &'static str,
    pub(super) lead: &'static str,
    pub(super) titles: &'static [&'static str],
}

/// The departments; their shares make a hundred.
pub(super) const DEPARTMENTS: &[Department] = &[
    Department {
        name: "Engineering",
        cost_center: "4100",
        division: "Products",
        share: 28,
        head: "Head of Engineering",
        lead: "Engineering Lead",
        titles: &["Optical Engineer", "Firmware Engineer", "Test Engineer", "Mechanical Designer"],
    },
    Department {
        name: "Operations",
        cost_center: "4200",
        division: "Products",
        share: 22,
        head: "Head of Operations",
        lead: "Shift Lead",
        titles: &["Assembly Technician", "Calibration Technician", "Logistics Planner", "Buyer"],
    },
    Department {
        name: "Sales",
        cost_center: "5100",
        division: "Market",
        share: 16,
        head: "Head of Sales",
        lead: "Regional Lead",
        titles: &["Account Manager", "Sales Engineer", "Sales Assistant"],
    },
    Department {
        name: "Customer Care",
        cost_center: "5200",
        division: "Market",
        share: 12,
        head: "Head of Customer Care",
        lead: "Care Lead",
        titles: &["Service Engineer", "Support Specialist"],
    },
    Department {
        name: "Research",
        cost_center: "4300",
        division: "Products",
        share: 8,
        head: "Head of Research",
        lead: "Principal Scientist",
        titles: &["Research Scientist", "Laboratory Assistant"],
    },
    Department {
        name: "Finance",
        cost_center: "6100",
        division: "Corporate",
        share: 6,
        head: "Head of Finance",
        lead: "Controller",
        titles: &["Accountant", "Payroll Specialist"],
    },
    Department {
        name: "People",
        cost_center: "6200",
        division: "Corporate",
        share: 4,
        head: "Head of People",
        lead: "People Partner",
        titles: &["Recruiter", "HR Specialist"],
    },
    Department {
        name: "IT",
        cost_center: "6300",
        division: "Corporate",
        share: 4,
        head: "Head of IT",
        lead: "Platform Lead",
        titles: &["Systems Administrator", "Identity Engineer"],
    },
];

/// Where people work: office, city, country and the two letters of the country.
pub(super) const OFFICES: &[(&str, &str, &str, &str)] = &[
    ("Mill Yard", "Leeds", "United Kingdom", "GB"),
    ("Harbour 3", "Aarhus", "Denmark", "DK"),
    ("Werk Nord", "Jena", "Germany", "DE"),
    ("Remote", "Porto", "Portugal", "PT"),
];

/// A name in the letters that addresses are made of.
pub(super) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            'á' => plain.push('a'),
            'é' | 'ë' => plain.push('e'),
            'í' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ø' => plain.push('o'),
            'ú' => plain.push('u'),
            'ü' => plain.push_str("ue"),
            // Apostrophes and blanks are left out.
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_part_of_an_address() {
        for name in GIVEN.iter().chain(SURNAMES) {
            let letters = name.chars().filter(|c| c.is_alphabetic()).count();
            assert!(plain(name).is_ascii() && plain(name).len() >= letters, "{name}");
        }
    }

    #[test]
    fn shares_make_a_whole() {
        assert_eq!(DEPARTMENTS.iter().map(|department| department.share).sum::<usize>(), 100);
    }
}
