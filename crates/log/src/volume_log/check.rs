//! Checking a whole log without opening it and without writing.

use super::VolumeLog;
use super::open::{extents, look};
use super::shelf::folder;
use crate::{Damage, Files, Head, OpenError, Volumes};

/// What a check counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawReport {
    /// Volumes checked.
    pub volumes: u64,
    /// Frames that are whole and chained.
    pub frames: u64,
    /// The events in them.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The head after the last of them. It can be beyond the anchor's.
    pub head: Head,
}

impl VolumeLog {
    /// Checks every volume, anchor and origin. The first damage found is the error.
    pub fn check(files: &dyn Files, volumes: &dyn Volumes) -> Result<RawReport, OpenError> {
        let found = look(files)?;
        let genesis = Head::genesis(found.anchor.ledger);
        let mut report = RawReport { volumes: 0, frames: 0, events: 0, bytes: 0, head: genesis };
        if let Some(first) = found.origins.first()
            && first.head != genesis
        {
            let wrong = format!("{}", first.head);
            return Err(Damage::new(format!("{}/origin", folder(1)), format!("{genesis}"), wrong).into());
        }
        for extent in extents(&found) {
            let survey = volumes.survey(&folder(extent.origin.volume), &extent)?;
            report.volumes = report.volumes.saturating_add(1);
            report.frames = report.frames.saturating_add(survey.frames);
            report.events = report.events.saturating_add(survey.events);
            report.bytes = report.bytes.saturating_add(survey.bytes);
            report.head = survey.head;
        }
        Ok(report)
    }
}
