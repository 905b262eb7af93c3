//! Rows: what a view holds of its events one by one, the newer ones in memory, the older
//! ones in runs on disk.
//!
//! A flush writes what is in memory as one sorted run. A view's state names its runs, so
//! that its snapshot commits them; a run that no snapshot names is nobody's.

mod chain;
mod counted;
mod merge;
mod older;
mod pack;
mod scan;
mod written;

pub(crate) use chain::{Chained, Linked, spread};
pub(crate) use counted::Counted;
pub use merge::{Merge, Merged};
pub(crate) use older::{Older, SUFFIX};
pub(crate) use pack::{Packed, is_whole, put, put_signed, put_time};
pub(crate) use scan::{Row, Scan};
pub use written::Written;
