//! Cutting the power everywhere.

use std::collections::BTreeMap;

use tenure_testkit::{Call, Cut, System};

use crate::books::{delivered, deliveries, everything};
use crate::ledger::balances;
use crate::plays::Play;
use crate::steps::{BATCH, Step};

/// Takes each step of a play undisturbed, and once for every place at which the power can be cut in it.
pub(crate) fn cut_everywhere(play: Play) {
    cut_and_compare(play, everything);
}

/// The same; what is to be as if nothing had happened is what `books` says.
pub(crate) fn cut_and_compare(play: Play, books: Books) {
    let Play { system, steps } = play;
    let mut places = [0; 3];
    for step in &steps {
        // So that there is little to copy.
        system.checkpoint().unwrap();
        let before = system.twin().unwrap();
        let (_, calls) = system.power.until(None, || (step.take)(&system));
        balances(&system);
        let wanted = Wanted { rows: books(&system), outside: delivered(&system), books };
        let made = deliveries(&system);
        for (place, call) in (1..).zip(&calls) {
            places[*call as usize] += 1;
            cut(&before, step, Cut::Before(place), &wanted, made);
            // A read leaves nothing: that it was done and nobody heard of it is the same as that it was not.
            if *call != Call::Read {
                cut(&before, step, Cut::After(place), &wanted, made);
            }
        }
        cut_again_and_again(before, step, &wanted);
    }
    let [read, write, outside] = places;
    eprintln!("{read} reads, {write} writes and {outside} times outside in {} steps", steps.len());
    assert!(places.iter().all(|places| *places > 0), "{places:?}");
}

type Books = fn(&System) -> Vec<String>;

/// What each life has to end with.
struct Wanted {
    rows: Vec<String>,
    outside: BTreeMap<String, String>,
    books: Books,
}

/// One life that is cut off, and a second one that takes the step again.
fn cut(before: &System, step: &Step, cut: Cut, wanted: &Wanted, made: usize) {
    let name = step.name;
    let system = before.twin().unwrap();
    let (done, _) = system.power.until(Some(cut), || (step.take)(&system));
    assert!(done.is_none(), "{name}: {cut:?} is never reached");
    let system = system.crashed().unwrap();
    balances(&system);
    (step.take)(&system);
    is_as_wanted(&system, wanted, &format!("{name}, {cut:?}"));
    let most = made + BATCH as usize;
    assert!(deliveries(&system) <= most, "{name}, {cut:?}: more than was under way is repeated");
}

/// Life after life is cut off, each a little later, until one is through.
fn cut_again_and_again(mut system: System, step: &Step, wanted: &Wanted) {
    let mut place = 1;
    loop {
        let cut = if place % 2 == 0 { Cut::Before(place) } else { Cut::After(place) };
        if system.power.until(Some(cut), || (step.take)(&system)).0.is_some() {
            break;
        }
        system = system.crashed().unwrap();
        balances(&system);
        place += 1 + place / 2;
    }
    is_as_wanted(&system, wanted, &format!("{}, again and again", step.name));
}

fn is_as_wanted(system: &System, wanted: &Wanted, context: &str) {
    balances(system);
    let Wanted { rows, outside, books } = wanted;
    let found = books(system);
    let missing: Vec<&String> = rows.iter().filter(|row| !found.contains(row)).collect();
    let beside: Vec<&String> = found.iter().filter(|row| !rows.contains(row)).collect();
    assert!(found == *rows, "{context}\nwhat is not there: {missing:#?}\nwhat is there instead: {beside:#?}");
    assert_eq!(delivered(system), *outside, "{context}");
}
