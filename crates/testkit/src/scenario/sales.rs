//! Sales: the commands of charges, made at once or awaited.

use counterfoil_domain::charge::{
    AskCharge, Authorise, BeginCharge, CaptureCharge, Charge, ChargeKind, ChargeType, DestinationShare,
    MarkChargeCaptured, MarkChargeDeclined, ProcessingFee,
};
use counterfoil_domain::money::Money;
use counterfoil_domain::{AccountId, Command};

use super::phrase::{Capturing, Phrase, Sale};
use super::stage::Stage;
use super::terms::{details, rail};
use super::words::{Amount, Complaint};

impl Stage {
    pub(super) fn charge(&self, line: usize, sale: &Sale) -> Result<Charge, Complaint> {
        let account = match &sale.seller {
            Some(seller) => self.names.accounts.get(seller, line)?,
            None => AccountId::PLATFORM,
        };
        let kind = match (sale.charge_type, sale.fee, sale.share) {
            (ChargeType::Direct, fee, None) => {
                ChargeKind::Direct { account, application_fee: fee.unwrap_or_default() }
            }
            (ChargeType::Destination, Some(fee), None) => {
                ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(fee) }
            }
            (ChargeType::Destination, None, Some(share)) => {
                ChargeKind::Destination { account, share: DestinationShare::Amount(share) }
            }
            (ChargeType::Destination, None, None) => {
                ChargeKind::Destination { account, share: DestinationShare::Whole }
            }
            (ChargeType::Separate, None, None) => ChargeKind::Separate,
            (ChargeType::Direct | ChargeType::Destination | ChargeType::Separate, ..) => {
                return Err(Complaint::new(line, "this type of charge has no such fee or share"));
            }
        };
        let mut charge = Charge::separate(Money::new(sale.amount.1, sale.amount.0), rail(line, &sale.rail)?);
        charge.kind = kind;
        let merchant = sale.merchant.as_deref();
        charge.on_behalf_of = merchant.map(|name| self.names.accounts.get(name, line)).transpose()?;
        charge.processing_fee = sale.processing_fee.map(|(rate, fixed)| ProcessingFee { rate, fixed });
        charge.transfer_group = sale.group.as_deref().map(Into::into);
        charge.details = details(sale.described);
        Ok(charge)
    }

    /// The command by which a charge is captured, or what a processor says of one that was asked.
    pub(super) fn taken(&self, line: usize, phrase: &Phrase) -> Result<Command, Complaint> {
        let charge = |name: &str| self.names.charges.get(name, line);
        if let Phrase::Capture(capturing) = phrase {
            return Ok(self.capture(line, capturing)?.into());
        }
        if let Phrase::Taken(name, available_on) = phrase {
            return Ok(MarkChargeCaptured { charge: charge(name)?, available_on: *available_on }.into());
        }
        if let Phrase::Decline(name, code) = phrase {
            return Ok(MarkChargeDeclined { charge: charge(name)?, code: *code }.into());
        }
        Err(Complaint::new(line, "this phrase is no processor's answer"))
    }

    /// The command of a charge, made at once, asked, authorised or begun, and what it is called.
    pub(super) fn sale(
        &self,
        line: usize,
        sale: &Sale,
        phrase: &Phrase,
    ) -> Result<(Option<String>, Command), Complaint> {
        let charge = Box::new(self.charge(line, sale)?);
        let command = if let Phrase::Charge(_) = phrase {
            (*charge).into()
        } else if let Phrase::Begin(_) = phrase {
            BeginCharge { charge }.into()
        } else if let Phrase::Ask(_) = phrase {
            let card = sale.card.as_deref().unwrap_or("tok_visa");
            AskCharge { charge, card: card.into() }.into()
        } else {
            Authorise { charge, capture_before: sale.until }.into()
        };
        Ok((Some(sale.name.clone()), command))
    }

    fn capture(&self, line: usize, capturing: &Capturing) -> Result<CaptureCharge, Complaint> {
        let Capturing { charge, amount, fee, keeping_rest } = capturing;
        let charge = self.names.charges.get(charge, line)?;
        let currency = self.world.records().get(charge).map_or(self.home(), |charge| charge.currency);
        let minor = |amount: &Option<Amount>| Amount::maybe(amount, currency);
        let (amount, application_fee) = (minor(amount)?, minor(fee)?);
        Ok(CaptureCharge { charge, amount, application_fee, final_capture: !keeping_rest })
    }
}
