//! The writer: the one place where commands become events.
//!
//! [`step`] is a step function: requests and the wall's time in, staged frames and
//! answers out. [`shell`] puts a thread, channels and the log around it. While one
//! append syncs, the next is being decided; there is no timer.
//!
//! An answer waits until the newest event that it could have seen is durable. Where a
//! sync fails, every answer that waited is "outcome unknown" and the writer stops.

mod admit;
mod ahead;
mod job;
mod keys;
mod past;
mod places;
mod preview;
mod recording;
mod records;
mod shell;
mod staging;
mod stamp;
mod step;
mod unrecorded;

#[cfg(test)]
mod tests;

pub(crate) use job::{Answer, Few, Groups, Job, Mode, Question, Sure};
pub(crate) use keys::{MOST_POSITIONS, Mark};
pub(crate) use places::Places;
pub(crate) use shell::{Lines, Message, Shell};
pub(crate) use stamp::Stamper;
pub(crate) use step::Writer;
