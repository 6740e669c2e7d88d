//! Benchmarks: each measures Tenure beside the raw limit of the same machine, in the same run.

mod child;
mod history;
mod import;
mod list;
mod measure;
mod park;
mod plot;
mod postgres;
mod process;
mod raw;
mod recover;
mod serve;
mod server;
mod setup;
mod summary;
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
    /// Summaries over any range of a long history, beside counting the rows.
    Summary(summary::Arguments),
    /// The first import of a directory from a file, beside plain inserts of the same rows.
    Import(import::Arguments),
    /// The same file again with some people changed, beside looking each of them up.
    Sync(import::Arguments),
    /// Users who are queued when the process is killed, and how soon the next one goes on.
    Recover(recover::Arguments),
    /// The released binary with a long history: how soon it is ready, what many at once are served, and how much memory it takes.
    Serve(server::Arguments),
    /// Draws the figures of the docs.
    Plot(plot::Arguments),
    /// One of the processes of `recover`.
    #[command(hide = true)]
    RecoverPhase(recover::PhaseArguments),
    /// One of the processes of `process --database`.
    #[command(hide = true)]
    ProcessPhase(postgres::PhaseArguments),
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
        Benchmark::Summary(arguments) => summary::run(&arguments),
        Benchmark::Import(arguments) => import::run(&arguments),
        Benchmark::Sync(arguments) => import::run_again(&arguments),
        Benchmark::Serve(arguments) => server::run(&arguments),
        Benchmark::Plot(arguments) => plot::run(&arguments),
        Benchmark::Recover(arguments) => recover::run(&arguments),
        Benchmark::RecoverPhase(arguments) => recover::run_phase(&arguments),
        Benchmark::ProcessPhase(arguments) => postgres::run_phase(&arguments),
        Benchmark::ParkPhase(arguments) => park::run_phase(&arguments),
    }
}
