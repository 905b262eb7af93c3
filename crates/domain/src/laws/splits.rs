//! Splits by rules: what every part got or waits for is its net, and a rule's floor is its own.

use std::collections::BTreeMap;

use super::Broken;
use super::told::same;
use crate::event::{Event, Recorded};
use crate::id::{ChargeId, SplitId, TransferId};
use crate::money::Minor;
use crate::record::{Record, RecordKey};
use crate::split::{SharedPart, SplitState};
use crate::step::Step;

/// What waits of each split, by charge.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(BTreeMap<SplitId, Vec<(ChargeId, Minor)>>);

impl Waiting {
    /// Checks the event's split, and says what more of which charge waits than before, and less.
    pub(super) fn check(&mut self, recorded: &Recorded, broken: &mut Broken) -> Vec<(ChargeId, Minor)> {
        let Event::Moved(moved) = &recorded.event else {
            return Vec::new();
        };
        if let Record::SplitRule(..) = &moved.subject.record {
            moved.beside.iter().for_each(|part| check_floor(&part.record, broken));
        }
        let Record::Split(id, split) = &moved.subject.record else {
            return Vec::new();
        };
        let mut made: BTreeMap<TransferId, (ChargeId, Minor)> = BTreeMap::new();
        for part in &moved.beside {
            if let Record::Transfer(id, transfer) = &part.record
                && let Some(charge) = transfer.source_charge
            {
                made.insert(*id, (charge, transfer.amount));
            }
        }
        for part in &split.parts {
            check_part(part, &mut made, broken);
        }
        let strangers: i128 = made.values().map(|(_, amount)| i128::from(*amount)).sum();
        same("transfers without a part", 0, strangers, broken);
        let gross: i128 = split.parts.iter().map(|part| i128::from(part.share.gross)).sum();
        if gross > i128::from(split.total) {
            same("grosses of a total", split.total.into(), gross, broken);
        }
        self.change(*id, split)
    }

    fn change(&mut self, id: SplitId, split: &SplitState) -> Vec<(ChargeId, Minor)> {
        let waits = split.parts.iter().flat_map(|part| &part.pieces).filter(|piece| piece.transfer.is_none());
        let waits: Vec<(ChargeId, Minor)> = waits
            .map(|piece| (piece.charge, piece.amount - piece.kept))
            .filter(|(_, left)| *left != 0)
            .collect();
        let before = if waits.is_empty() { self.0.remove(&id) } else { self.0.insert(id, waits.clone()) };
        let less = before.into_iter().flatten().map(|(charge, amount)| (charge, amount.saturating_neg()));
        waits.into_iter().chain(less).collect()
    }
}

/// What was divided is what its charges had left, and the parts have no more of each: so what
/// was transferred of a charge and what parts have of it never exceed what remained of it.
pub(super) fn check_sources(recorded: &Recorded, broken: &mut Broken) {
    let Event::Moved(moved) = &recorded.event else {
        return;
    };
    let (Step::ChargesShared, Record::Split(_, split)) = (moved.step, &moved.subject.record) else {
        return;
    };
    let shared: i128 = split.charges.iter().map(|source| i128::from(source.shared)).sum();
    same("total of a split", split.total.into(), shared, broken);
    for source in &split.charges {
        let of = split.pieces().filter(|piece| piece.charge == source.charge);
        let taken: i128 = of.map(|piece| i128::from(piece.amount)).sum();
        if taken > i128::from(source.shared) {
            same("parts of a charge", source.shared.into(), taken, broken);
        }
        let charge = moved.beside.iter().filter_map(|part| ChargeId::of(&part.record));
        for (_, charge) in charge.filter(|(id, _)| *id == source.charge) {
            let disputed = charge.more.as_ref().map_or(0, |more| more.disputed);
            let gone = [charge.transferred, source.refunded, disputed].map(i128::from).iter().sum::<i128>();
            let left = i128::from(charge.amount) - (gone - taken);
            same("shared of a charge", source.shared.into(), left, broken);
            same("refunded before a split", source.refunded.into(), charge.refunded.into(), broken);
        }
    }
}

/// A part's pieces come to its net, and those that moved now to what their transfers moved.
fn check_part(part: &SharedPart, made: &mut BTreeMap<TransferId, (ChargeId, Minor)>, broken: &mut Broken) {
    let net = i128::from(part.share.gross) - i128::from(part.share.commission);
    let pieces: i128 = part.pieces.iter().map(|piece| i128::from(piece.amount)).sum();
    same("part of a split", net, pieces, broken);
    for piece in &part.pieces {
        if !(0..=piece.amount).contains(&piece.kept) {
            same("kept of a part", piece.kept.into(), piece.amount.into(), broken);
        }
        if let Some((charge, moved)) = piece.transfer.and_then(|id| made.remove(&id)) {
            same(
                "transfer of a part",
                i128::from(piece.amount) - i128::from(piece.kept),
                moved.into(),
                broken,
            );
            same("charge of a part", piece.charge.0.to_bits().into(), charge.0.to_bits().into(), broken);
        }
    }
}

/// The floor is found a second time: splits rely on it.
fn check_floor(record: &Record, broken: &mut Broken) {
    if let Record::SplitRuleVersion(_, version) = record {
        let found = version.rule.rule().clone().check().map_or(-1, |rule| rule.floor());
        same("floor of a split rule", version.rule.floor().into(), found.into(), broken);
    }
}
