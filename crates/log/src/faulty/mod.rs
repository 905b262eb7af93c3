//! Ports that lose, tear and refuse: the disk in memory, told what to do wrong and when.
//!
//! - **Refuse**: [`FaultyDisk::fail`] lets one put, write, rename or folder sync fail.
//! - **Lose**: a failed sync leaves what it should have written visible in the cache; no later sync
//!   writes it, and [`FaultyDisk::crash`] with [`Keep::Synced`] drops it.
//! - **Tear**: a crash with [`Keep::Torn`] leaves some of what was pending, not always in order.
//!
//! ```
//! use counterfoil_log::faulty::{FaultyDisk, Keep, Operation};
//! use counterfoil_log::{EventLog, LedgerId, Settings};
//!
//! let disk = FaultyDisk::new();
//! let log = disk.create(LedgerId([1; 16]), Settings::default())?;
//! disk.fail(Operation::SyncVolume, 0); // the next sync of a volume fails
//! drop(log);
//! disk.crash(Keep::Synced); // the power goes
//! assert_eq!(disk.open(Settings::default())?.head().next_frame, 0);
//! # Ok::<(), counterfoil_log::OpenError>(())
//! ```

pub use crate::memory::{Keep, MemoryDisk as FaultyDisk, Operation};
