//! From found frames to an answer: the chain from the volume's end back to its beginning.

use std::collections::HashMap;

use counterfoil_log::{Damage, End, Extent, Hash, OpenError, Survey};

use super::scan::{Found, Scan};

/// Follows the chain back from the end of the extent, then forward beyond it.
pub(super) fn verify(file: &str, extent: &Extent, scan: &Scan) -> Result<Survey, OpenError> {
    let frames = back(file, extent, scan)?;
    let head = frames.last().map_or(extent.origin.head, |last| last.after);
    let mut survey = Survey { frames: 0, events: 0, bytes: 0, head };
    frames.iter().for_each(|found| count(&mut survey, found));
    let next = following(scan, head.next_frame);
    while let Some(found) = next.get(&(survey.head.next_frame, survey.head.hash)) {
        survey.head = found.after;
        count(&mut survey, found);
    }
    Ok(survey)
}

/// The frames of the extent, found from its end back to its beginning; the oldest comes first.
pub(super) fn back(file: &str, extent: &Extent, scan: &Scan) -> Result<Vec<Found>, OpenError> {
    let origin = extent.origin.head;
    let (mut number, mut hash) = match extent.end {
        End::Before { next_frame, hash } => (next_frame, hash),
        End::AfterFirst => match following(scan, origin.next_frame).get(&(origin.next_frame, origin.hash)) {
            Some(found) => (found.after.next_frame, found.after.hash),
            None => return Err(missing(file, extent, scan, origin.next_frame).into()),
        },
    };
    let mut frames = Vec::new();
    while number > origin.next_frame {
        let wanted = number.saturating_sub(1);
        let found = scan.frames.get(&hash).filter(|found| found.number == wanted);
        let found = found.ok_or_else(|| missing(file, extent, scan, wanted))?;
        if !found.reached {
            return Err(unreached(file, scan, found).into());
        }
        frames.push(*found);
        (number, hash) = (wanted, found.previous);
    }
    if hash != origin.hash {
        let found = format!("a frame that follows {hash}");
        let expected = format!("a frame that follows {}", origin.hash);
        return Err(Damage::new(file, expected, found).at_frame(origin.next_frame).into());
    }
    frames.reverse();
    Ok(frames)
}

fn count(survey: &mut Survey, found: &Found) {
    survey.frames = survey.frames.saturating_add(1);
    survey.events = survey.events.saturating_add(found.events);
    survey.bytes = survey.bytes.saturating_add(found.bytes);
}

/// The frames from a number on that sled would reach, by number and previous hash.
fn following(scan: &Scan, from: u64) -> HashMap<(u64, Hash), Found> {
    let reached = scan.frames.values().filter(|found| found.reached && found.number >= from);
    reached.map(|found| ((found.number, found.previous), *found)).collect()
}

/// What is known of a frame that is not there.
fn missing(file: &str, extent: &Extent, scan: &Scan, number: u64) -> Damage {
    let before = scan.frames.values().find(|found| found.after.next_frame == number);
    let broken = scan.broken.iter().find(|broken| broken.number == Some(number));
    let nameless = scan.broken.iter().find(|broken| broken.number.is_none());
    let (found, offset) = match (broken.or(nameless), before) {
        (Some(broken), _) => (broken.error.to_string(), Some(broken.offset)),
        (None, Some(before)) => {
            ("no such frame".to_owned(), Some(before.offset.saturating_add(before.bytes)))
        }
        (None, None) => ("no such frame".to_owned(), None),
    };
    let damage = extent.missing(file, number, found).at_offset(offset);
    let origin = extent.origin.head;
    if number == origin.next_frame {
        return damage.at_position(origin.next_position);
    }
    match before {
        Some(before) => damage.at_position(before.after.next_position),
        None => damage,
    }
}

/// The frame is whole, but sled would not find it, and would destroy it or leave it out.
fn unreached(file: &str, scan: &Scan, found: &Found) -> Damage {
    // The nearest place before it at which sled would stop reading.
    let stop = scan.stops.iter().copied().filter(|stop| *stop <= found.offset).max();
    Damage::new(
        file,
        "the database's own framing around whole frames",
        format!("framing that hides frame {}, which is whole at byte {}", found.number, found.offset),
    )
    .at_frame(found.number)
    .at_position(found.first_position)
    .at_offset(stop.or(Some(found.offset)))
    .advise("Nothing was changed and the frames are still in the file. Copy the folder before anything else, then restore this log from a backup or export its frames from the copy.")
}
