//! The callers: as many tasks on the runtime's threads, all at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use counterfoil::{Counterfoil, ExecuteError, Outcome, Receipt};
use tokio::task::JoinSet;

use super::Args;
use super::caller::{Caller, Seen};
use super::generator::Generator;
use super::measure::{Done, shown};
use crate::exit::Failure;

/// Lets the callers call until every command is done.
pub(super) async fn call(ledger: &Counterfoil, asked: &Args, run: u64) -> Result<Done, Failure> {
    let done = Arc::new(AtomicU64::new(0));
    let callers = asked.callers.min(asked.commands);
    let mut tasks = JoinSet::new();
    for caller in 0..callers {
        let share = |caller: u64| {
            // The product may exceed 64 bits; the quotient is at most the commands.
            let upto = u128::from(asked.commands) * u128::from(caller) / u128::from(callers);
            u64::try_from(upto).unwrap_or(asked.commands)
        };
        let caller = Caller {
            ledger: ledger.clone(),
            generator: Generator::new(asked, run)?,
            numbers: share(caller)..share(caller + 1),
            batch: asked.batch,
            done: done.clone(),
        };
        tasks.spawn(caller.run());
    }
    let all = async {
        let mut all = Vec::with_capacity(tasks.len());
        while let Some(seen) = tasks.join_next().await {
            all.push(seen.map_err(Failure::input)??);
        }
        Ok(all)
    };
    let all: Result<Vec<Seen>, Failure> =
        shown(all, "measuring", || done.load(Ordering::Relaxed), asked.commands).await;
    gather(all?, asked.commands)
}

/// What all callers saw together.
fn gather(all: Vec<Seen>, commands: u64) -> Result<Done, Failure> {
    let spans = || all.iter().filter_map(|seen| seen.between);
    let (Some(first), Some(last)) = (spans().map(|span| span.0).min(), spans().map(|span| span.1).max())
    else {
        return Err(Failure::input("nobody called"));
    };
    let generating = all.iter().map(|seen| seen.generating).sum();
    let acks = all.into_iter().flat_map(|seen| seen.acks).collect();
    Ok(Done { commands, first, last, acks, generating })
}

/// An answer to a command that was not executed before.
pub(super) fn new(answer: Result<Receipt<Outcome>, ExecuteError>) -> Result<Receipt<Outcome>, Failure> {
    match answer? {
        receipt if receipt.replayed => Err(Failure::input("the ledger knew a key that is new")),
        receipt => Ok(receipt),
    }
}
