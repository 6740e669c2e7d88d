//! The people and groups of the sample company.

use std::collections::HashSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::names::{DEPARTMENTS, DOMAIN, Department, GIVEN, OFFICES, SURNAMES, plain};
use super::random::Random;

/// The same company every time.
const SEED: u64 = 0x0f3e_2460_1a11_0e55;
/// People of one team.
const TEAM: usize = 9;
/// Of a hundred people, this many start around today.
const STARTERS: usize = 12;
/// Of a hundred people, this many leave around today.
const LEAVERS: usize = 3;
/// Days from today on which people start.
const FIRST_DAYS: [i64; 12] = [0, -1, 5, 0, 6, -2, -8, 2, 9, 4, -9, 12];
/// Days from today on which people leave.
const LAST_DAYS: [i64; 8] = [0, -1, 0, -2, 3, 8, -1, 20];
/// One in so many starters has no mail address yet.
const WITHOUT_MAIL: usize = 7;

/// Everybody who has started.
pub(super) const ALL: &str = "All employees";
/// Those in their first week.
pub(super) const NEW: &str = "New starters";
/// Nobody's but by hand: no task may change it.
pub(super) const BREAK_GLASS: &str = "Break glass";
/// A group that is joined on demand.
pub(super) const PROJECT: &str = "Project Lantern";

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Person {
    pub(super) employee_id: String,
    pub(super) given_name: &'static str,
    pub(super) surname: &'static str,
    pub(super) login: String,
    pub(super) has_mail: bool,
    pub(super) department: &'static str,
    pub(super) cost_center: &'static str,
    pub(super) division: &'static str,
    pub(super) title: &'static str,
    pub(super) contract: &'static str,
    pub(super) office: (&'static str, &'static str, &'static str, &'static str),
    pub(super) manager: Option<String>,
    pub(super) first_day: Date,
    pub(super) last_day: Option<Date>,
    /// Has started before the days that workflows catch up with.
    pub(super) is_settled: bool,
    /// Started so lately that they are still among the new ones.
    pub(super) is_new: bool,
    /// No task may touch them.
    pub(super) is_protected: bool,
}

/// A group and who is in it, by place in [`Company::people`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) is_protected: bool,
    pub(super) members: Vec<usize>,
}

/// The company.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Company {
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<Group>,
}

impl Company {
    /// Fewest people with whom there is something to see.
    pub(crate) const FEWEST: u64 = 20;
    /// Most people that are made in good time.
    pub(crate) const MOST: u64 = 20_000;

    /// A company of that many people as of `today`.
    pub(crate) fn of(size: usize, today: Date) -> Self {
        let mut making =
            Making { random: Random::of_seed(SEED), logins: HashSet::new(), people: Vec::new(), today };
        making.hire_staff(size.max(Self::FEWEST as usize));
        making.let_people_start();
        making.let_people_leave();
        let people = making.people;
        let groups = groups(&people, today);
        Self { people, groups }
    }
}

struct Making {
    random: Random,
    logins: HashSet<String>,
    people: Vec<Person>,
    today: Date,
}

impl Making {
    fn hire_staff(&mut self, size: usize) {
        let director = self.hire(&DEPARTMENTS[0], "Managing Director", None);
        self.people[director].department = "Board";
        self.people[director].cost_center = "1000";
        self.people[director].division = "Corporate";
        self.people[director].is_protected = true;
        let heads: Vec<usize> = DEPARTMENTS
            .iter()
            .map(|department| self.hire(department, department.head, Some(director)))
            .collect();
        let all_staff = size - self.people.len();
        let mut left = all_staff;
        for (place, department) in DEPARTMENTS.iter().enumerate() {
            // The last one takes what rounding has left over.
            let is_last = place + 1 == DEPARTMENTS.len();
            let staff = if is_last { left } else { all_staff * department.share / 100 };
            left -= staff;
            let mut lead = heads[place];
            for n in 0..staff {
                if n % TEAM == 0 && staff > TEAM {
                    lead = self.hire(department, department.lead, Some(heads[place]));
                } else {
                    let title = self.random.one_of(department.titles);
                    self.hire(department, title, Some(lead));
                }
            }
        }
    }

    fn hire(&mut self, department: &Department, title: &'static str, manager: Option<usize>) -> usize {
        let place = self.people.len();
        let given_name = self.random.one_of(GIVEN);
        let surname = self.random.one_of(SURNAMES);
        let name = format!("{}.{}", plain(given_name), plain(surname));
        let mut login = name.clone();
        let mut others = 1;
        while !self.logins.insert(login.clone()) {
            others += 1;
            login = format!("{name}{others}");
        }
        let days = 40 + self.random.below(4_000) as i64;
        let contract = if self.random.below(10) == 0 { "Contractor" } else { "Employee" };
        self.people.push(Person {
            employee_id: format!("F{:05}", place + 1),
            given_name,
            surname,
            login: format!("{login}@{DOMAIN}"),
            has_mail: true,
            department: department.name,
            cost_center: department.cost_center,
            division: department.division,
            title,
            contract,
            office: self.random.one_of(OFFICES),
            manager: manager.map(|manager| self.people[manager].employee_id.clone()),
            first_day: self.in_days(-days),
            last_day: None,
            is_settled: true,
            is_new: false,
            is_protected: false,
        });
        place
    }

    fn in_days(&self, days: i64) -> Date {
        self.today.saturating_add(days.days())
    }

    /// Those nobody reports to, from the end: the places of people who start or leave.
    fn without_reports(&self) -> Vec<usize> {
        let managers: HashSet<&str> =
            self.people.iter().filter_map(|person| person.manager.as_deref()).collect();
        (0..self.people.len())
            .rev()
            .filter(|place| !managers.contains(self.people[*place].employee_id.as_str()))
            .collect()
    }

    fn let_people_start(&mut self) {
        let wanted = (self.people.len() * STARTERS / 100).max(6);
        // Spread evenly, so that all departments have some.
        let candidates = self.without_reports();
        let step = (candidates.len() / wanted).max(1);
        let places: Vec<usize> = candidates.into_iter().step_by(step).take(wanted).collect();
        for (n, place) in places.into_iter().enumerate() {
            let days = FIRST_DAYS[n % FIRST_DAYS.len()];
            let first_day = self.in_days(days);
            let person = &mut self.people[place];
            person.first_day = first_day;
            person.is_settled = days < -3;
            person.is_new = person.is_settled;
            person.has_mail = n % WITHOUT_MAIL != 1;
            person.contract = if n % 12 == 3 { "Contractor" } else { "Employee" };
        }
    }

    fn let_people_leave(&mut self) {
        let wanted = (self.people.len() * LEAVERS / 100).max(4);
        let places: Vec<usize> = self
            .without_reports()
            .into_iter()
            .filter(|place| self.people[*place].is_settled && !self.people[*place].is_new)
            .take(wanted)
            .collect();
        for (n, place) in places.into_iter().enumerate() {
            self.people[place].last_day = Some(self.in_days(LAST_DAYS[n % LAST_DAYS.len()]));
        }
        // HR made a mistake; protection makes up for it.
        self.people[0].last_day = Some(self.today);
    }
}

fn groups(people: &[Person], today: Date) -> Vec<Group> {
    let group = |name: &str, description: &str, is_in: &dyn Fn(&Person) -> bool| Group {
        name: name.to_owned(),
        description: description.to_owned(),
        is_protected: false,
        members: (0..people.len()).filter(|place| is_in(&people[*place])).collect(),
    };
    let mut groups = vec![
        group(ALL, "Everybody who has started", &|person| person.is_settled),
        group(NEW, "People before and in their first week", &|person| person.is_new),
        group(PROJECT, "Access to the Lantern prototype, on request", &|_| false),
    ];
    for department in DEPARTMENTS {
        let description = format!("The department {}", department.name);
        groups.push(group(department.name, &description, &|person| {
            person.is_settled && person.department == department.name
        }));
    }
    // Emergency access: the director, the head of IT, and somebody who leaves today.
    let leaver = people.iter().position(|person| person.last_day == Some(today) && !person.is_protected);
    let head = people.iter().position(|person| person.title == "Head of IT");
    groups.push(Group {
        is_protected: true,
        members: [Some(0), head, leaver].into_iter().flatten().collect(),
        ..group(BREAK_GLASS, "Emergency access; changed by hand only", &|_| false)
    });
    groups
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn today() -> Date {
        date(2026, 3, 1)
    }

    #[test]
    fn a_company_is_the_same_every_time_and_as_large_as_asked() {
        for size in [20, 21, 50, 200, 1_000] {
            let company = Company::of(size, today());
            assert_eq!(company.people.len(), size);
            assert_eq!(company, Company::of(size, today()));
        }
    }

    #[test]
    fn everybody_has_a_login_of_their_own_and_a_manager_who_is_there() {
        let company = Company::of(1_000, today());
        let logins: HashSet<&str> = company.people.iter().map(|person| person.login.as_str()).collect();
        let ids: HashSet<&str> = company.people.iter().map(|person| person.employee_id.as_str()).collect();
        assert_eq!((logins.len(), ids.len()), (1_000, 1_000));
        let (boss, others) = company.people.split_first().unwrap();
        assert_eq!(boss.manager, None);
        assert!(others.iter().all(|person| ids.contains(person.manager.as_deref().unwrap())));
        assert!(others.iter().all(|person| person.manager.as_ref() != Some(&person.employee_id)));
    }

    #[test]
    fn something_is_due_today_and_something_of_it_will_fail() {
        for size in [20, 200] {
            let people = Company::of(size, today()).people;
            let due = |days: i64| {
                people.iter().filter(move |person| person.first_day == today().saturating_add(days.days()))
            };
            assert!(due(0).count() >= 1, "{size}");
            assert!(due(-1).any(|person| !person.has_mail), "{size}");
            assert!(people.iter().filter(|person| person.last_day == Some(today())).count() >= 2, "{size}");
        }
    }
}
