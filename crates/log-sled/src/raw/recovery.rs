//! What sled would take from the file if it were opened now, by its own steps.
//!
//! sled reads all segment headers and takes the greatest stable number among them. From that segment on
//! it walks over the tail: segments must follow one another without a gap, messages without a bad
//! one; the first that does not ends the log. Then it applies every message before that end;
//! in an older segment a bad message hides the rest of the segment, silently.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io;
use std::ops::Range;

use super::scan::read_segment;
use super::segment::{Kind, Message, SegmentHeader, Stop, messages};
use crate::guard::SEGMENT_BYTES;

const SEGMENT: u64 = SEGMENT_BYTES as u64;

/// The order of the segments and where sled's log ends.
pub(super) struct Recovery {
    /// Segment number in the file, by its place in the log.
    pub(super) order: BTreeMap<u64, u64>,
    /// The place in the log at which sled stops.
    end: u64,
    /// Pages that a change can be applied to.
    pages: HashSet<u64>,
}

impl Recovery {
    /// Finds where sled's log ends.
    pub(super) fn plan(file: &File, headers: &[Option<SegmentHeader>]) -> io::Result<Self> {
        let mut order = BTreeMap::new();
        let mut stable = 0;
        for (index, header) in (0_u64..).zip(headers) {
            if let Some(header) = header {
                // Two segments with one number make sled panic; neither is then reached.
                order.insert(header.lsn, index);
                stable = stable.max(header.stable);
            }
        }
        let mut end = 0;
        let mut expected = stable / SEGMENT * SEGMENT;
        let mut segment = Vec::new();
        for (lsn, index) in order.range(expected..) {
            if *lsn != expected {
                break;
            }
            expected = expected.saturating_add(SEGMENT);
            read_segment(file, *index, &mut segment)?;
            let Some(header) = headers.get(usize::try_from(*index).unwrap_or(usize::MAX)).copied().flatten()
            else {
                break;
            };
            let (_, stop) = messages(&segment, header);
            let (Stop::Full(at) | Stop::Bad(at)) = stop;
            end = lsn.saturating_add(u64::try_from(at).unwrap_or(u64::MAX));
            if matches!(stop, Stop::Bad(_)) {
                break;
            }
        }
        Ok(Self { order, end, pages: HashSet::new() })
    }

    /// The payloads of a segment that sled would apply. Call it in the log's order.
    pub(super) fn applied(&mut self, header: SegmentHeader, found: &[Message]) -> Vec<Range<usize>> {
        let mut applied = Vec::new();
        for message in found {
            let lsn = header.lsn.saturating_add(u64::try_from(message.start).unwrap_or(u64::MAX));
            if lsn >= self.end {
                break;
            }
            let takes = match message.kind {
                Kind::Page => {
                    self.pages.insert(message.page);
                    true
                }
                Kind::Change => self.pages.contains(&message.page),
                Kind::Free => {
                    self.pages.remove(&message.page);
                    false
                }
                Kind::Other | Kind::Blob => false,
            };
            if takes {
                applied.push(message.payload.clone());
            }
        }
        applied
    }
}
