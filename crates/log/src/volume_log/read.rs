//! Reading: from the newest frames in memory, from the active volume, or from a finished one.

use std::sync::{Arc, PoisonError};

use super::VolumeLog;
use super::shelf::folder;
use crate::{
    Damage, End, Extent, Frame, FrameHeader, Hash, Head, OpenError, Origin, ReadError, Record, Sealed,
    Volume, VolumeError,
};

/// A volume and where it begins and ends.
struct Place {
    origin: Origin,
    /// The head before the next volume's first frame, or the durable head.
    end: Head,
    /// The volume, where it is the one being written.
    active: Option<Arc<dyn Volume>>,
}

impl VolumeLog {
    pub(super) fn read_frames(&self, from: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError> {
        // The head before the shelf: the shelf then holds at least what the head promises.
        let head = self.durable_head();
        if from > head.next_frame {
            return Err(ReadError::BeyondHead { asked: from, next_frame: head.next_frame });
        }
        if from == head.next_frame {
            return Ok(Vec::new());
        }
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner).read(from, max_bytes, &head);
        if let Some(frames) = recent {
            return Ok(frames);
        }
        let place = self.place(head, |origin| origin.head.next_frame <= from)?;
        match &place.active {
            Some(active) => place.verify(from, active.range(from, max_bytes).map_err(place.io())?),
            None => self.with_sealed(&place, |sealed| place.read(sealed, from, max_bytes)),
        }
    }

    pub(super) fn find_frame(&self, position: u64) -> Result<Option<Frame>, ReadError> {
        let head = self.durable_head();
        if position >= head.next_position {
            return Ok(None);
        }
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner).holding(position);
        if let Some(frame) = recent {
            return Ok(Some(frame));
        }
        let place = self.place(head, |origin| origin.head.next_position <= position)?;
        match &place.active {
            Some(active) => {
                let number = search(&**active, &place, position)?;
                let frames = place.verify(number, active.range(number, 0).map_err(place.io())?)?;
                place.holding(position, number, frames).map(Some)
            }
            None => self.with_sealed(&place, |sealed| {
                let number = sealed.holding(position).map_err(place.io())?;
                let number = number.unwrap_or(place.origin.head.next_frame);
                place.holding(position, number, place.read(sealed, number, 0)?).map(Some)
            }),
        }
    }

    /// The last volume that a rule holds for.
    fn place(&self, head: Head, holds: impl Fn(&Origin) -> bool) -> Result<Place, ReadError> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let Some(active) = &shelf.active else { return Err(ReadError::Closed) };
        let after = shelf.origins.partition_point(holds);
        let origin = after.checked_sub(1).and_then(|at| shelf.origins.get(at)).copied();
        let origin = origin.ok_or_else(|| {
            ReadError::Corrupt(Damage::new(folder(1), "a volume that begins at frame 0", "none"))
        })?;
        let next = shelf.origins.get(after).map(|next| next.head);
        let active = if next.is_none() { Some(Arc::clone(active)) } else { None };
        let end = next.filter(|next| next.next_frame <= head.next_frame).unwrap_or(head);
        Ok(Place { origin, end, active })
    }

    /// Reads from a finished volume. Where its frames lie was only remembered: before the volume is
    /// called damaged, all of it is looked through.
    fn with_sealed<T>(
        &self,
        place: &Place,
        work: impl Fn(&dyn Sealed) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let extent = place.extent();
        let sealed = self.sealed.get(&*self.volumes, &extent).map_err(place.unopened())?;
        match work(&*sealed) {
            Err(ReadError::Corrupt(damage)) => {
                tracing::warn!(%damage, "a frame is not where it was; the volume is looked through");
                drop(sealed);
                work(&*self.sealed.rescan(&*self.volumes, &extent).map_err(place.unopened())?)
            }
            done => done,
        }
    }
}

impl Place {
    fn extent(&self) -> Extent {
        let end = End::Before { next_frame: self.end.next_frame, hash: self.end.hash };
        Extent { origin: self.origin, end }
    }

    fn io(&self) -> impl Fn(VolumeError) -> ReadError {
        let volume = folder(self.origin.volume);
        move |source| ReadError::Io { volume: volume.clone(), source }
    }

    fn unopened(&self) -> impl Fn(OpenError) -> ReadError {
        let volume = folder(self.origin.volume);
        move |error| match error {
            OpenError::Damaged(damage) => ReadError::Corrupt(damage),
            OpenError::Missing { .. }
            | OpenError::NotEmpty { .. }
            | OpenError::Locked { .. }
            | OpenError::Format { .. }
            | OpenError::Io { .. } => {
                ReadError::Unavailable { volume: volume.clone(), source: Box::new(error) }
            }
        }
    }

    /// Frames of a finished volume, and the header after them: its previous hash is what the chain
    /// says that the last of them must hash to.
    fn read(&self, sealed: &dyn Sealed, from: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError> {
        let frames = self.verify(from, sealed.range(from, max_bytes).map_err(self.io())?)?;
        let Some(last) = frames.last().filter(|last| last.number().saturating_add(1) < self.end.next_frame)
        else {
            return Ok(frames);
        };
        let number = last.number().saturating_add(1);
        let header = sealed.header(number).map_err(self.io())?;
        let header = header.ok_or_else(|| self.broken(number, "no such frame"))?;
        let (header, _) =
            FrameHeader::decode(&header).map_err(|error| self.broken(number, &error.to_string()))?;
        if header.number != number || header.previous != last.hash() {
            return Err(self.broken(last.number(), "a frame that the one after it was not sealed on"));
        }
        Ok(frames)
    }

    /// Consecutive frames, each verified by its own hashes and by its neighbours'.
    fn verify(&self, from: u64, records: Vec<Record>) -> Result<Vec<Frame>, ReadError> {
        let mut frames: Vec<Frame> = Vec::with_capacity(records.len());
        let mut number = from;
        let mut link: Option<Hash> =
            if from == self.origin.head.next_frame { Some(self.origin.head.hash) } else { None };
        for (key, value) in records {
            if key >= self.end.next_frame || key != number {
                break;
            }
            let frame = Frame::decode(value).map_err(|error| self.broken(number, &error.to_string()))?;
            if frame.number() != number || frame.ledger() != self.origin.ledger {
                let found = format!("frame {} of ledger {}", frame.number(), frame.ledger());
                return Err(self.broken(number, &found));
            }
            if link.is_some_and(|link| link != frame.previous()) {
                return Err(self.broken(number, "a frame that was sealed on another one"));
            }
            link = Some(frame.hash());
            number = number.saturating_add(1);
            frames.push(frame);
        }
        if frames.is_empty() {
            return Err(self.broken(from, "no such frame"));
        }
        if number == self.end.next_frame && link != Some(self.end.hash) {
            return Err(self.broken(number.saturating_sub(1), "a frame with another hash than the log's"));
        }
        Ok(frames)
    }

    /// The first of some frames, which must hold the event at a position.
    fn holding(&self, position: u64, number: u64, frames: Vec<Frame>) -> Result<Frame, ReadError> {
        let frame = frames.into_iter().next().filter(|frame| frame.holds(position));
        frame.ok_or_else(|| self.broken(number, &format!("no event {position} in it")))
    }

    fn broken(&self, frame: u64, found: &str) -> ReadError {
        let expected = format!("frame {frame} of ledger {}", self.origin.ledger);
        ReadError::Corrupt(Damage::new(folder(self.origin.volume), expected, found).at_frame(frame))
    }
}

/// The last frame of the active volume whose first position is not beyond a position. A control frame
/// shares its position with the frame after it, so the last one is the one that holds the event.
fn search(volume: &dyn Volume, place: &Place, position: u64) -> Result<u64, ReadError> {
    let (mut low, mut high) = (place.origin.head.next_frame, place.end.next_frame);
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        let value = volume.get(middle).map_err(place.io())?;
        let value = value.ok_or_else(|| place.broken(middle, "no such frame"))?;
        let (header, _) =
            FrameHeader::decode(&value).map_err(|error| place.broken(middle, &error.to_string()))?;
        if header.first_position <= position {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
