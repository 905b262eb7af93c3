//! Returning: the commands by which a scenario gives money back.

use counterfoil_domain::refund::{Recover, Refund, RefundApplicationFee};
use counterfoil_domain::topup::MarkTopupReversed;
use counterfoil_domain::transfer::ReverseTransfer;
use counterfoil_domain::{Command, RecordId};

use super::phrase::{Phrase, Returning};
use super::stage::Stage;
use super::words::{Amount, Complaint};

impl Stage {
    /// The command of a refund or a reversal.
    pub(super) fn return_of(&self, line: usize, phrase: &Phrase) -> Result<Command, Complaint> {
        let records = self.world.records();
        if let Phrase::Reverse(name, None, false) = phrase
            && let Some(RecordId::Topup(topup)) = self.names.objects.find(name)
        {
            return Ok(MarkTopupReversed { topup }.into());
        }
        if let Phrase::Reverse(name, amount, refund_application_fee) = phrase {
            let transfer = self.names.transfers.get(name, line)?;
            let currency = records.get(transfer).map_or(self.home(), |transfer| transfer.currency);
            let amount = Amount::maybe(amount, currency)?;
            let refund_application_fee = *refund_application_fee;
            return Ok(ReverseTransfer { transfer, amount, refund_application_fee }.into());
        }
        if let Phrase::ReturnFee(charge, amount) = phrase {
            let charge = self.names.charges.get(charge, line)?;
            let currency = records.get(charge).map_or(self.home(), |charge| charge.currency);
            let amount = Amount::maybe(amount, currency)?;
            return Ok(RefundApplicationFee { charge, amount }.into());
        }
        let Phrase::Refund(returning) = phrase else {
            return Err(Complaint::new(line, "this phrase gives nothing back"));
        };
        self.refund(line, returning).map(Into::into)
    }

    fn refund(&self, line: usize, returning: &Returning) -> Result<Refund, Complaint> {
        let records = self.world.records();
        let Returning { charge, amount, reversing, reason, on_shortfall, .. } = returning;
        let charge = self.names.charges.get(charge, line)?;
        let currency = records.get(charge).map_or(self.home(), |charge| charge.currency);
        let amount = Amount::maybe(amount, currency)?;
        let parts = reversing.iter().map(|(amount, transfer)| {
            Ok((self.names.transfers.get(transfer, line)?, amount.minor(currency)?))
        });
        let parts: Vec<_> = parts.collect::<Result<_, Complaint>>()?;
        let liable = returning.liable.iter().map(|split| self.shared_by_rule(line, split));
        let liable: Vec<_> = liable.collect::<Result<_, Complaint>>()?;
        let recover = match (returning.reversing_transfer, parts.is_empty(), liable.is_empty()) {
            (false, true, true) => Recover::None,
            (true, true, true) => Recover::OwnTransfer,
            (false, false, true) => Recover::Exactly(parts),
            (false, true, false) => Recover::by_liability(liable),
            (..) => return Err(Complaint::new(line, "name the transfer, the transfers or the splits")),
        };
        let (reason, on_shortfall) = (*reason, *on_shortfall);
        let refund_application_fee = returning.reversing_fee;
        Ok(Refund { charge, amount, recover, refund_application_fee, reason, on_shortfall })
    }
}
