//! The limits: what one command may take.
//!
//! When to change them: a change that makes a figure better lowers its limit in the same
//! commit, so that the next one cannot lose it again. A change that makes a figure worse on
//! purpose raises it and says in its message what was bought. A gate that fails for no reason
//! is a reason to look at the machine, not to raise a limit. `gate --print` shows the figures.
//!
//! How far from the figure: bytes are what they are, and have 3 in 100 of room for frames that
//! are filled by chance. The processor's time has 60 in 100: between an idle machine and a busy
//! one the best of two runs varies by 20 to 40. One caller's varies threefold, most of it being
//! the kernel's, for threads that wake each other; its limit is far off. The disk's figures
//! vary tenfold with what else is written; their limits notice a second sync or a copy of all
//! data, and no less.

/// A workload of `counterfoil bench`, and its limits. A figure without one is not held.
pub(crate) struct Workload {
    /// Its name here.
    pub(crate) name: &'static str,
    /// What the bench is asked.
    pub(crate) asks: &'static str,
    /// At most so many bytes of frames a command.
    pub(crate) logical: Option<f64>,
    /// At most so many bytes of views and indexes on the disk a command.
    pub(crate) indexes: Option<f64>,
    /// At most so many control steps of processor time a command (`control.rs`).
    pub(crate) steps: Option<f64>,
    /// At least this rate to that of the plain file, with as many syncs and bytes.
    pub(crate) rate: Option<f64>,
    /// At most so many plain syncs until an answer, median to median.
    pub(crate) syncs: Option<f64>,
}

/// Every workload.
pub(crate) const WORKLOADS: [Workload; 6] = [
    Workload {
        name: "transfer",
        asks: "--workload transfer --commands 200000 --batch 8190 --callers 2 --accounts 10000",
        logical: Some(62.3),
        indexes: Some(37.7),
        steps: Some(9.1),
        rate: Some(0.03),
        syncs: None,
    },
    Workload {
        name: "split",
        asks: "--workload split --commands 40000 --batch 1000 --callers 2 --accounts 10000",
        logical: Some(259.9),
        indexes: Some(288.8),
        steps: Some(50.0),
        rate: Some(0.04),
        syncs: None,
    },
    Workload {
        name: "many callers",
        asks: "--workload transfer --commands 200000 --batch 1 --callers 1024 --accounts 10000",
        logical: Some(62.5),
        indexes: Some(37.7),
        steps: Some(26.0),
        rate: Some(0.05),
        syncs: None,
    },
    Workload {
        name: "one caller",
        asks: "--workload transfer --commands 2000 --batch 1 --callers 1 --accounts 10000",
        logical: Some(209.4),
        indexes: Some(103.4),
        steps: Some(1_600.0),
        rate: Some(0.25),
        syncs: Some(3.0),
    },
    // Most commands bring about due work at their own instant. Seen of the processor's time: 22.7 to
    // 24.5 on a quiet machine, 30.6 once.
    Workload {
        name: "strained",
        asks: "--workload strained --commands 40000 --batch 1000 --callers 2 --accounts 10000",
        logical: Some(148.2),
        indexes: Some(101.5),
        steps: Some(45.0),
        rate: Some(0.03),
        syncs: None,
    },
    Workload {
        name: "payout",
        asks: "--workload payout --accounts 100000",
        logical: Some(75.0),
        indexes: Some(64.9),
        steps: Some(7.6),
        rate: Some(0.03),
        syncs: None,
    },
];
