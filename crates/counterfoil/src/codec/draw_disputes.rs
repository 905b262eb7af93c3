//! Draws disputes for the round trip.

use counterfoil_domain::dispute::{Consequence, DisputeReference, DisputeState, Recovered, Recovery};
use counterfoil_domain::money::Money;
use counterfoil_domain::{ChargeId, ReversalId, SplitId, TransferId};

use super::draw::Draw;

impl Draw {
    pub(super) fn dispute(&mut self) -> DisputeState {
        DisputeState {
            charge: ChargeId(self.object()),
            reference: DisputeReference::new(&format!("du_{}", self.below(1 << 40))).unwrap(),
            owner: self.account(),
            seller: self.option(Self::account),
            amount: Money::new(self.currency(), self.i64()),
            reason: self.named(),
            status: self.named(),
            created: self.time(),
            due_by: self.time(),
            before: self.i64(),
            withdrawn: self.i64(),
            drawn: self.i64(),
            booked_at: self.u64(),
            fee: self.i64(),
            counter_fee: self.i64(),
            recovery: match self.below(4) {
                0 => Recovery::None,
                1 => Recovery::OwnTransfer { with_fee: self.bool() },
                2 => Recovery::Exactly(self.list(5, |draw| (TransferId(draw.object()), draw.i64()))),
                _ => Recovery::ByLiability(self.list(5, |draw| SplitId(draw.object()))),
            },
            recovered: self.list(5, |draw| Recovered {
                reversal: ReversalId(draw.object()),
                transfer: TransferId(draw.object()),
                amount: draw.i64(),
                fee_share: draw.i64(),
                fee_refunded: draw.i64(),
                counted: draw.i64(),
                drawn: draw.i64(),
                given_back: draw.bool(),
            }),
            next: match self.below(3) {
                0 => Consequence::Nothing,
                1 => Consequence::Recovery(self.time()),
                _ => Consequence::GivingBack { since: self.time(), fee_returned: self.i64() },
            },
            transfer_group: self.option(Self::text),
        }
    }
}
