//! A payday: time passes the start of a day, and every seller is paid out.

use std::time::{Duration, Instant};

use counterfoil::Counterfoil;
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};

use super::Args;
use super::measure::{Done, shown};
use crate::exit::Failure;

/// Lets time pass until the next day begins; the payouts come before the answer.
pub(super) async fn pay(
    ledger: &Counterfoil,
    asked: &Args,
    run: u64,
    now: Timestamp,
) -> Result<Done, Failure> {
    let before = ledger.head().next_position;
    let total = u64::from(asked.accounts);
    let to = now.day().plus(1).start();
    let first = Instant::now();
    let advance = async { ledger.execute(AdvanceTo { to }).idempotent(format!("bench-{run}")).await };
    let made = || ledger.head().next_position.saturating_sub(before);
    let receipt = shown(advance, "paying", made, total).await?;
    let last = Instant::now();
    // What fell due comes before the command's own event.
    let commands = receipt.positions.start - before;
    if commands != total {
        return Err(Failure::input(format!("{commands} payouts were made for {total} sellers")));
    }
    let micros = last.duration_since(first).as_micros();
    Ok(Done {
        commands,
        first,
        last,
        acks: vec![u32::try_from(micros).unwrap_or(u32::MAX)],
        generating: Some(Duration::ZERO),
    })
}
