//! Every frame in sled's file, found by its magic, with whether sled would reach it.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use counterfoil_log::{FrameError, FrameHeader, Hash, Head, MAGIC};

use super::recovery::Recovery;
use super::segment::{HEADER_BYTES, SegmentHeader, Stop, messages};
use crate::guard::SEGMENT_BYTES;

const SEGMENT: u64 = SEGMENT_BYTES as u64;

/// A whole frame in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) number: u64,
    pub(super) previous: Hash,
    pub(super) first_position: u64,
    pub(super) bytes: u64,
    pub(super) events: u64,
    pub(super) after: Head,
    pub(super) offset: u64,
    /// Whether sled would find it too.
    pub(super) reached: bool,
}

/// Something that begins like a frame and is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken {
    /// The number its header says, if the header is whole.
    pub(super) number: Option<u64>,
    pub(super) offset: u64,
    pub(super) error: FrameError,
}

/// How the bytes at the front of others are told to be a frame.
pub(crate) type Verify = fn(&[u8]) -> Result<(FrameHeader, Hash), FrameError>;

/// What is in a file.
#[derive(Default)]
pub(super) struct Scan {
    /// By chain hash. Of several copies of a frame one that sled would reach is kept.
    pub(super) frames: HashMap<Hash, Found>,
    pub(super) broken: Vec<Broken>,
    /// Where messages ended otherwise than at the end of their segment: the log's end, or damage.
    pub(super) stops: Vec<u64>,
}

/// Reads the whole file, one segment at a time.
pub(super) fn scan(file: &File) -> io::Result<Scan> {
    let segments = file.metadata()?.len().div_ceil(SEGMENT);
    let mut headers = Vec::new();
    for index in 0..segments {
        let mut header = [0_u8; HEADER_BYTES];
        let filled = read_at(file, &mut header, index.saturating_mul(SEGMENT))?;
        headers.push(header.get(..filled).and_then(SegmentHeader::decode));
    }
    let mut recovery = Recovery::plan(file, &headers)?;
    let mut scan = Scan::default();
    let mut segment = Vec::new();
    for (lsn, index) in recovery.order.clone() {
        read_segment(file, index, &mut segment)?;
        let base = index.saturating_mul(SEGMENT);
        let Some(header) = headers.get(usize::try_from(index).unwrap_or(usize::MAX)).copied().flatten()
        else {
            continue;
        };
        debug_assert_eq!(header.lsn, lsn);
        let (found, stop) = messages(&segment, header);
        if let Stop::Bad(at) = stop {
            scan.stops.push(base.saturating_add(u64::try_from(at).unwrap_or(u64::MAX)));
        }
        let applied = recovery.applied(header, &found);
        scan.add(&segment, base, FrameHeader::verify_front, &applied);
    }
    // Segments that sled does not know tell at least what is still there.
    let known: Vec<u64> = recovery.order.values().copied().collect();
    for index in (0..segments).filter(|index| !known.contains(index)) {
        read_segment(file, index, &mut segment)?;
        scan.add(&segment, index.saturating_mul(SEGMENT), FrameHeader::verify_front, &[]);
    }
    Ok(scan)
}

/// Every frame of the file. sled's framing is not looked at.
pub(super) fn frames(file: &File, verify: Verify) -> io::Result<Scan> {
    let mut scan = Scan::default();
    let mut segment = Vec::new();
    for index in 0..file.metadata()?.len().div_ceil(SEGMENT) {
        read_segment(file, index, &mut segment)?;
        let everywhere = 0..segment.len();
        let base = index.saturating_mul(SEGMENT);
        scan.add(&segment, base, verify, std::slice::from_ref(&everywhere));
    }
    Ok(scan)
}

/// One segment, shorter where the file ends.
pub(super) fn read_segment(file: &File, index: u64, segment: &mut Vec<u8>) -> io::Result<()> {
    segment.resize(SEGMENT_BYTES, 0);
    let filled = read_at(file, segment, index.saturating_mul(SEGMENT))?;
    segment.truncate(filled);
    Ok(())
}

/// Fills a buffer from a file, less of it where the file ends.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0_usize;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset.saturating_add(u64::try_from(filled).unwrap_or(u64::MAX))) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Scan {
    /// Adds the frames of one segment, each as far as it is verified here.
    fn add(&mut self, segment: &[u8], base: u64, verify: Verify, applied: &[Range<usize>]) {
        let mut at = 0_usize;
        while let Some(start) = next_magic(segment, at) {
            let bytes = segment.get(start..).unwrap_or_default();
            let offset = base.saturating_add(u64::try_from(start).unwrap_or(u64::MAX));
            match verify(bytes) {
                Ok((header, hash)) => {
                    at = start.saturating_add(header.frame_bytes());
                    let reached = holds(applied, &(start..at));
                    self.keep(&header, hash, offset, reached);
                }
                Err(error) => {
                    let number = FrameHeader::decode(bytes).ok().map(|(header, _)| header.number);
                    self.broken.push(Broken { number, offset, error });
                    at = start.saturating_add(MAGIC.len());
                }
            }
        }
    }

    fn keep(&mut self, header: &FrameHeader, hash: Hash, offset: u64, reached: bool) {
        let found = Found {
            number: header.number,
            previous: header.previous,
            first_position: header.first_position,
            bytes: u64::try_from(header.frame_bytes()).unwrap_or(u64::MAX),
            events: u64::from(header.count),
            after: header.head_after(hash),
            offset,
            reached,
        };
        let kept = self.frames.entry(hash).or_insert(found);
        if reached && !kept.reached {
            *kept = found;
        }
    }
}

/// Whether one of the payloads, which ascend, holds a range.
fn holds(payloads: &[Range<usize>], range: &Range<usize>) -> bool {
    let after = payloads.partition_point(|payload| payload.start <= range.start);
    let last = after.checked_sub(1).and_then(|at| payloads.get(at));
    last.is_some_and(|payload| range.end <= payload.end)
}

/// Looked at in blocks, because most of a segment's rest is zeros and a block is passed over at once.
const BLOCK_BYTES: usize = 4096;

fn next_magic(segment: &[u8], mut from: usize) -> Option<usize> {
    let [first, ..] = MAGIC;
    loop {
        let rest = segment.get(from..).filter(|rest| !rest.is_empty())?;
        let block = rest.get(..BLOCK_BYTES).unwrap_or(rest);
        if !block.contains(&first) {
            from = from.saturating_add(block.len());
            continue;
        }
        let at = block.iter().position(|byte| *byte == first).unwrap_or(0);
        if rest.get(at..)?.starts_with(&MAGIC) {
            return Some(from.saturating_add(at));
        }
        from = from.saturating_add(at).saturating_add(1);
    }
}
