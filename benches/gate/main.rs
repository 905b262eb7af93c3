//! The gate: what a command takes of bytes, processor and disk, held against limits.
//!
//! It runs the release build of `counterfoil bench`, which must be built before, and compares
//! only what does not depend on how fast a machine is: bytes, and ratios to work of a fixed
//! amount that is measured in the same minute. What stands between a change and a slower
//! ledger is `limits.rs`.
//!
//! ```text
//! gate                      holds every workload to its limits
//! gate transfer split       holds these
//! gate --print [transfer …] shows every figure of every run beside its limit, holds nothing
//! ```

mod check;
mod control;
mod figures;
mod limits;
mod run;

use std::error::Error;
use std::process::ExitCode;

use figures::Figures;
use limits::{WORKLOADS, Workload};
use run::Bench;

/// Rounds at least: the best of two stands for a figure.
const LEAST: usize = 2;

/// Rounds at most: a figure that breaks its limit has so many chances to be better. Somebody
/// else on the machine spoils some of them; a slower ledger misses all.
const MOST: usize = 6;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (options, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let print = match options.as_slice() {
        [] => false,
        [option] if option == "--print" => true,
        _ => return Err("the one option is --print".into()),
    };
    if let Some(unknown) = names.iter().find(|name| WORKLOADS.iter().all(|workload| workload.name != **name))
    {
        let known: Vec<&str> = WORKLOADS.iter().map(|workload| workload.name).collect();
        return Err(format!("no workload is called {unknown}; there are {}", known.join(", ")).into());
    }
    let chosen = WORKLOADS.iter().filter(|of| names.is_empty() || names.iter().any(|name| name == of.name));
    let best = measure(&Bench::new()?, chosen.collect(), print)?;
    if print {
        return Ok(ExitCode::SUCCESS);
    }
    let mut broken = Vec::new();
    for (workload, figures) in &best {
        say(&check::summary(workload, figures));
        broken.extend(check::broken(workload, figures));
    }
    broken.iter().for_each(|what| say(what));
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The best figures of some rounds; the first ones are of all workloads, the later ones of
/// those that are beyond a limit.
fn measure<'a>(
    bench: &Bench,
    chosen: Vec<&'a Workload>,
    print: bool,
) -> Result<Vec<(&'a Workload, Figures)>, Box<dyn Error>> {
    let mut best: Vec<(&Workload, Figures)> =
        chosen.into_iter().map(|workload| (workload, Figures::default())).collect();
    let mut step = control::step()?;
    for round in 0..MOST {
        for (workload, figures) in &mut best {
            if round >= LEAST && (print || check::broken(workload, figures).is_empty()) {
                continue;
            }
            let report = bench.run(workload)?;
            // What others take of the machine meanwhile is in the step before and after too.
            let before = std::mem::replace(&mut step, control::step()?);
            let run = Figures::of(&report, before.midpoint(step));
            *figures = figures.best(run);
            if print {
                say(&check::summary(workload, &run));
            }
        }
    }
    Ok(best)
}

#[expect(clippy::print_stdout, reason = "what it found is all that it is for")]
fn say(line: &str) {
    println!("{line}");
}
