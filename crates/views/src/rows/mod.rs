//! Rows: what a view holds of its events one by one, the newer ones in memory, the older
//! ones in runs on disk.
//!
//! A flush writes what is in memory as one sorted run. A view's state names its runs, so
//! that its snapshot commits them; a run that no snapshot names is nobody's.

mod chain;
mod counted;
mod kind;
mod merge;
mod older;
mod pack;
mod scan;
mod strand;
mod written;

pub(crate) use chain::{Chained, Linked, spread};
pub(crate) use counted::Counted;
pub(crate) use kind::{FURTHER_KIND, KIND_BITS, put_rest, short, take_rest};
pub use merge::{Merge, Merged};
pub use older::Older;
pub(crate) use older::SUFFIX;
pub(crate) use pack::{EPOCH, Out, Packed, Passed, place, put, put_byte, put_signed};
pub(crate) use scan::{Row, Scan};
pub(crate) use strand::{STRETCH, Strand, Strands, Stretch};
pub use written::Written;
