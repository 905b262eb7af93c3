//! Sales, and what goes back of them.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::{AskCharge, Charge, ChargeKind, DestinationShare};
use counterfoil::domain::refund::{Recover, Refund};
use counterfoil::domain::transfer::{ReverseTransfer, Transfer};
use counterfoil::saga::Paid;

use super::market::Market;
use super::world;
use crate::draw::Draw;
use crate::exit::Failure;

impl Market<'_> {
    /// A buyer pays with a card of which the seed decides what comes: a direct charge, a
    /// destination charge, or a separate one that is shared among two sellers.
    pub(super) async fn sell(&mut self, draw: &mut Draw, at: Timestamp) -> Result<(), Failure> {
        let (account, minor) = (self.seller(draw), draw.between(100, 50_000));
        let fee = minor * draw.between(5, 20) / 100;
        let kind = match draw.below(10) {
            0..4 => ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(fee) },
            4..7 => ChargeKind::Direct { account, application_fee: fee },
            _ => ChargeKind::Separate,
        };
        let charge = Charge { kind, ..Charge::separate(world::usd(minor), world::card()?) };
        let card = match draw.below(20) {
            0 => "tok_chargeDeclinedInsufficientFunds",
            1 => "tok_bypassPending",
            2 => "tok_refundFail",
            3 => "tok_pendingRefund",
            4 => "tok_createDispute",
            5 => "tok_createDisputeInquiry",
            6 => "tok_createIssuerFraudRecord",
            _ => "tok_drawn",
        };
        let asked = self.ledger.execute(AskCharge { charge: Box::new(charge), card: card.into() });
        let paid = match self.saga.charge(asked.at(at)).await {
            Ok(paid) => paid,
            Err(error) => return self.not_asked(error),
        };
        let Paid::Captured { charge, transfer } = paid else { return Ok(()) };
        Self::remember(&mut self.sold, charge);
        if let Some(transfer) = transfer {
            Self::remember(&mut self.moved, transfer);
        }
        if kind == ChargeKind::Separate {
            for part in [minor / 2, minor / 3] {
                let amount = world::usd(part);
                let transfer =
                    Transfer { source_charge: Some(charge), ..Transfer::new(self.seller(draw), amount) };
                if let Some(made) = self.execute(transfer, at).await? {
                    Self::remember(&mut self.moved, made.reply);
                }
            }
        }
        Ok(())
    }

    /// A buyer is given money back, all of it or a part; now and then with what the seller had
    /// of it.
    pub(super) async fn refund(&mut self, draw: &mut Draw, at: Timestamp) -> Result<(), Failure> {
        let which = draw.below(self.sold.len() as u64);
        let Some(charge) = usize::try_from(which).ok().and_then(|which| self.sold.get(which)).copied() else {
            return Ok(());
        };
        let amount = (draw.below(2) == 0).then(|| draw.between(1, 10_000));
        let with_transfer = draw.below(2) == 0;
        let recover = if with_transfer { Recover::OwnTransfer } else { Recover::None };
        let refund =
            Refund { amount, recover, refund_application_fee: with_transfer, ..Refund::full(charge) };
        self.execute(refund, at).await?;
        Ok(())
    }

    /// A seller gives back what it had of a sale, all of it or a part.
    pub(super) async fn reverse(&mut self, draw: &mut Draw, at: Timestamp) -> Result<(), Failure> {
        let which = draw.below(self.moved.len() as u64);
        let Some(transfer) = usize::try_from(which).ok().and_then(|which| self.moved.get(which)).copied()
        else {
            return Ok(());
        };
        let amount = (draw.below(2) == 0).then(|| draw.between(1, 5_000));
        let reverse = ReverseTransfer { amount, ..ReverseTransfer::full(transfer) };
        self.execute(reverse, at).await?;
        Ok(())
    }
}
