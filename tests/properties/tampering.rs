//! Logs that were tampered with, and the laws that notice.

use counterfoil_domain::laws::{Breach, Laws};
use counterfoil_domain::{Event, Moved, Recorded, Step};

/// The first breach of a log; nothing where it breaks no law.
pub(crate) fn breach(log: &[Recorded]) -> Option<Breach> {
    let mut laws = Laws::new();
    log.iter().find_map(|recorded| laws.check(recorded).err())
}

/// The first breach of a log of which the step at a place was tampered with.
pub(crate) fn tampered(mut log: Vec<Recorded>, place: usize, tamper: impl FnOnce(&mut Moved)) -> Breach {
    let Event::Moved(moved) = &mut log[place].event else { panic!("no step at {place}") };
    tamper(moved);
    breach(&log).expect("the laws notice")
}

/// Where a log first has a step.
pub(crate) fn first(log: &[Recorded], step: Step) -> usize {
    let is = |recorded: &Recorded| matches!(&recorded.event, Event::Moved(moved) if moved.step == step);
    log.iter().position(is).expect("the log has the step")
}
