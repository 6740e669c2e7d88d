//! A law: whatever is changed, edited, run by hand, canceled and cut off, the engine does what a small model says, which
//! looks at everybody each time and knows nothing of cursors, leases and batches. Nobody who is due is neither processed nor
//! listed as skipped, nobody is processed twice for an occasion, and the counters equal the rows.
//!
//! `TENURE_SEEDS=2000` tries so many sequences instead of a few.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../ledger/mod.rs"]
mod ledger;

mod reference;
mod sequence;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use sequence::{Op, sequence};
use world::World;

/// Seeds that failed once, or that show something worth keeping; a number at the beginning of each line.
const KEPT: &str = include_str!("seeds.txt");
/// Where fresh seeds begin.
const BASE: u64 = 0x7e0a_0000;
/// How many fresh seeds are tried unless told otherwise.
const FRESH: u32 = 60;

fn kept() -> impl Iterator<Item = u64> {
    let numbers = KEPT.lines().filter_map(|line| line.split_whitespace().next());
    numbers.filter(|word| *word != "#").map(|number| number.parse().unwrap())
}

#[test]
fn the_engine_does_what_the_model_says_under_seeds_that_were_kept() {
    assert!(kept().count() > 0);
    kept().for_each(hold);
}

#[test]
fn the_engine_does_what_the_model_says_under_fresh_seeds() {
    let fresh = std::env::var("TENURE_SEEDS")
        .map_or(u64::from(tenure_testkit::cases(FRESH)), |count| count.parse().unwrap());
    (BASE..BASE + fresh).for_each(hold);
}

/// Takes the sequence of a seed; says which it was, and how far it came, if the law does not hold.
fn hold(seed: u64) {
    let ops = sequence(seed);
    let mut taken = 0;
    let held = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new();
        for op in &ops {
            taken += 1;
            world.take(op);
        }
        // Whatever was last, it comes to an end.
        world.take(&Op::Work { meanwhile: Vec::new(), cut: None });
    }));
    if held.is_err() {
        let told: Vec<String> = ops[..taken].iter().map(|op| format!("  {op:?}")).collect();
        panic!("seed {seed} does not hold, at the last of:\n{}", told.join("\n"));
    }
}
