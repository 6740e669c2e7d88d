//! Benchmarks: each measures Tenure beside the raw limit of the same machine, in the same run.

mod list;
mod measure;
mod park;
mod process;
mod raw;
mod setup;
mod sweep;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "tenure-bench", about = "Measures Tenure beside the raw limit of the machine")]
struct Arguments {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    /// Users admitted, leased, planned and settled, beside plain inserts of the same final rows.
    Process(process::Arguments),
    /// A page of filtered results over the API in process, beside a bare handler that serves the same bytes.
    List(list::Arguments),
    /// A look at who is due in a large directory, beside the bare index query, and a change beside its effect.
    Sweep(sweep::Arguments),
    /// Users who wait to be called back: parked, the process killed, all resumed by the next one.
    Park(park::Arguments),
    /// One of the processes of `park`.
    #[command(hide = true)]
    ParkPhase(park::PhaseArguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().benchmark {
        Benchmark::Process(arguments) => process::run(&arguments),
        Benchmark::List(arguments) => list::run(&arguments),
        Benchmark::Sweep(arguments) => sweep::run(&arguments),
        Benchmark::Park(arguments) => park::run(&arguments),
        Benchmark::ParkPhase(arguments) => park::run_phase(&arguments),
    }
}
