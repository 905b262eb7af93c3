//! The footer: the last 64 bytes of a run, which say where the rest is.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::Flaw;
use crate::filter::{LINE_BYTES, Spread};
use crate::header::{HEADER_BYTES, MAGIC};
use crate::input::Input;

/// How long the footer is.
pub(crate) const FOOTER_BYTES: usize = 64;
/// How much of it its check covers.
const CHECKED: usize = 48;
/// The least that an entry takes: a tag and one byte of key.
const LEAST_ENTRY: u64 = 2;

/// Where the parts of a run are, and their checks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Footer {
    pub(crate) entries: u64,
    pub(crate) blocks: u64,
    pub(crate) filter_at: u64,
    pub(crate) index_at: u64,
    pub(crate) filter_check: u64,
    pub(crate) index_check: u64,
}

impl Footer {
    /// Its bytes, in a run whose keys are spread so.
    pub(crate) fn encode(&self, spread: Spread) -> [u8; FOOTER_BYTES] {
        let mut bytes = [0; FOOTER_BYTES];
        let fields = self.words().into_iter().chain([self.check(spread), u64::from_le_bytes(MAGIC)]);
        for (place, field) in bytes.chunks_exact_mut(size_of::<u64>()).zip(fields) {
            place.copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }

    /// The check of its fields, and so of the whole run: they hold the checks of its filter and
    /// its index, which holds those of its blocks. It covers the spread too, of which the
    /// header tells.
    pub(crate) fn check(&self, spread: Spread) -> u64 {
        check(self.words().map(u64::to_le_bytes).as_flattened(), spread)
    }

    fn words(&self) -> [u64; CHECKED / size_of::<u64>()] {
        [self.entries, self.blocks, self.filter_at, self.index_at, self.filter_check, self.index_check]
    }

    /// From its bytes, which begin at a byte of the file.
    pub(crate) fn decode(bytes: &[u8; FOOTER_BYTES], at: u64, spread: Spread) -> Result<Self, Flaw> {
        let (fields, mut ends) = (Input(bytes), Input(bytes.get(CHECKED..).unwrap_or_default()));
        let stored = ends.u64().unwrap_or_default();
        if ends.0 != MAGIC {
            let what = "no run, or a run that was cut";
            return Err(Flaw::new("footer", at, "the end of a whole run", what));
        }
        let found = check(bytes.get(..CHECKED).unwrap_or_default(), spread);
        Flaw::unless_equal("footer", at, stored, found)?;
        let adds_up = || Flaw::new("footer", at, "parts that fill the file in order", "others");
        Self::fields(fields).filter(|footer| footer.fits(at)).ok_or_else(adds_up)
    }

    fn fields(mut input: Input<'_>) -> Option<Self> {
        Some(Self {
            entries: input.u64()?,
            blocks: input.u64()?,
            filter_at: input.u64()?,
            index_at: input.u64()?,
            filter_check: input.u64()?,
            index_check: input.u64()?,
        })
    }

    /// Whether its parts lie one after another before it, so that no length in it is believed
    /// beyond the length of the file.
    fn fits(&self, at: u64) -> bool {
        let header = HEADER_BYTES as u64;
        header <= self.filter_at
            && self.filter_at <= self.index_at
            && self.index_at <= at
            && (self.index_at - self.filter_at).is_multiple_of(LINE_BYTES as u64)
            && self.entries <= (self.filter_at - header) / LEAST_ENTRY
            && self.blocks <= self.entries
            && (self.blocks == 0) == (self.entries == 0)
    }
}

/// The check of some fields.
fn check(fields: &[u8], spread: Spread) -> u64 {
    xxh3_64_with_seed(fields, u64::from(spread.code()))
}
