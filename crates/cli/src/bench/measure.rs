//! Measuring: the workload, what the views still owe after it, and the control.

use std::future::{Future, ready};
use std::path::Path;
use std::time::{Duration, Instant};

use counterfoil::domain::calendar::Timestamp;
use counterfoil::{Appended, Counterfoil};

use super::control::{self, Control};
use super::latencies::Latencies;
use super::workload::Workload;
use super::{Args, callers, payday, process};
use crate::exit::Failure;
use crate::output::ProgressLine;

/// A workload that is done.
pub(super) struct Done {
    /// How many commands it had.
    pub(super) commands: u64,
    /// When the first submission went out.
    pub(super) first: Instant,
    /// When the last answer came.
    pub(super) last: Instant,
    /// Microseconds from submission to answer.
    pub(super) acks: Vec<u32>,
    /// What making the commands took of the processor, where that can be known.
    pub(super) generating: Option<Duration>,
}

/// What was measured.
pub(super) struct Measured {
    /// Which run of its folder it was.
    pub(super) run: u64,
    /// Commands.
    pub(super) commands: u64,
    /// Their events.
    pub(super) events: u64,
    /// From the first submission to the last answer.
    pub(super) took: Duration,
    /// From submission to answer.
    pub(super) acks: Latencies,
    /// What was appended.
    pub(super) appended: Appended,
    /// Events that the views had not seen at the last answer.
    pub(super) lag: u64,
    /// From the last answer until they had.
    pub(super) catch_up: Duration,
    /// What making the commands took of the processor.
    pub(super) generating: Option<Duration>,
    /// What the process took of the processors, from the first submission until the
    /// views had caught up.
    pub(super) cpu: Option<Duration>,
    /// What the process held in memory then.
    pub(super) memory: Option<u64>,
    /// The plain file.
    pub(super) control: Control,
}

/// Measures a run.
pub(super) async fn measure(
    ledger: &Counterfoil,
    folder: &Path,
    asked: &Args,
    run: u64,
    now: Timestamp,
) -> Result<Measured, Failure> {
    let (before, held, cpu) = (ledger.appended(), ledger.head().next_position, process::cpu());
    let done = match asked.workload {
        Workload::Payout => payday::pay(ledger, asked, run, now).await?,
        Workload::Transfer | Workload::Charge | Workload::Split | Workload::Mixed | Workload::Strained => {
            callers::call(ledger, asked, run).await?
        }
    };
    let lag = lag(ledger).await;
    ledger.caught_up().await?;
    let catch_up = done.last.elapsed();
    let cpu = process::cpu().zip(cpu).map(|(after, before)| after.saturating_sub(before));
    let memory = process::memory();

    let after = ledger.appended();
    let appended = Appended {
        appends: after.appends - before.appends,
        frames: after.frames - before.frames,
        bytes: after.bytes - before.bytes,
    };
    let control = control::write(folder, appended).map_err(Failure::input)?;
    Ok(Measured {
        run,
        commands: done.commands,
        events: ledger.head().next_position - held,
        took: done.last.duration_since(done.first),
        acks: Latencies::of(done.acks),
        appended,
        lag,
        catch_up,
        generating: done.generating,
        cpu,
        memory,
        control,
    })
}

/// How many durable events the views have not seen.
async fn lag(ledger: &Counterfoil) -> u64 {
    let head = ledger.head().next_position;
    // Asking the views for their position would wait for what they are seeing.
    let (mut seen, mut unseen) = (0, head + 1);
    while unseen - seen > 1 {
        let middle = seen + (unseen - seen) / 2;
        let is_seen = tokio::select! {
            biased;
            at = tokio::task::unconstrained(ledger.seen(middle)) => at.is_ok(),
            () = ready(()) => false,
        };
        if is_seen { seen = middle } else { unseen = middle }
    }
    head - seen
}

/// Waits for `work` and says how much of it is done.
pub(super) async fn shown<T>(
    work: impl Future<Output = T>,
    what: &'static str,
    done: impl Fn() -> u64,
    total: u64,
) -> T {
    let mut line = ProgressLine::new(what);
    tokio::pin!(work);
    loop {
        tokio::select! {
            result = &mut work => return result,
            () = tokio::time::sleep(Duration::from_millis(100)) => line.at(done(), total),
        }
    }
}
