//! The company as its HR system would hand it over.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::company::Company;

/// Which column is which property.
pub(super) const MAP: &str = include_str!("people.toml");

const HEADER: [&str; 18] = [
    "Personnel number",
    "First name",
    "Last name",
    "Login",
    "E-mail",
    "Department",
    "Cost center",
    "Division",
    "Job title",
    "Contract",
    "Office",
    "City",
    "Country",
    "Country code",
    "Manager number",
    "First day",
    "Last day",
    "Company",
];

/// Writes `people.csv`, and beside it its map, and gives the path of the first.
pub(super) fn write(company: &Company, folder: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join("people.csv");
    let cannot = || format!("{} cannot be written", path.display());
    std::fs::write(folder.join("people.toml"), MAP).with_context(cannot)?;
    let mut rows = csv::Writer::from_path(&path).with_context(cannot)?;
    rows.write_record(HEADER)?;
    for person in &company.people {
        let (office, city, country, code) = person.office;
        rows.write_record([
            person.employee_id.as_str(),
            person.given_name,
            person.surname,
            &person.login,
            if person.has_mail { &person.login } else { "" },
            person.department,
            person.cost_center,
            person.division,
            person.title,
            person.contract,
            office,
            city,
            country,
            code,
            person.manager.as_deref().unwrap_or_default(),
            &person.first_day.to_string(),
            &person.last_day.map(|day| day.to_string()).unwrap_or_default(),
            super::names::COMPANY,
        ])?;
    }
    rows.flush().with_context(cannot)?;
    Ok(path)
}
