//! Charges drawn at random.

use counterfoil_domain::charge::{
    CaptureTerms, ChargeMore, ChargeStanding, ChargeState, DeclineCode, DestinationShare, FraudType,
    FraudWarning, FraudWarningReference, MOST_FRAUD_WARNINGS, ProcessingFee, TransferRun,
};
use counterfoil_domain::dispute::MOST_DISPUTES;
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{DisputeId, TransferId};

use super::draw::Draw;

impl Draw {
    pub(super) fn charge(&mut self) -> ChargeState {
        ChargeState {
            charge_type: self.named(),
            owner: self.account(),
            seller: self.option(Self::account),
            rail: self.rail(),
            currency: self.currency(),
            amount: self.i64(),
            available_on: self.day(),
            processing_fee: self.i64(),
            application_fee: self.i64(),
            transferred: self.i64(),
            refunded: self.i64(),
            refunded_reversing: self.i64(),
            refunded_with_fee: self.i64(),
            fee_refunded: self.i64(),
            pending_left: self.i64(),
            fee_pending_left: self.i64(),
            transfer_group: self.option(Self::text),
            more: self.option(|draw| Box::new(draw.more())),
        }
    }

    fn more(&mut self) -> ChargeMore {
        let standing = self.charge_standing();
        let waits = matches!(standing, ChargeStanding::Asked(_));
        let asked = waits
            || matches!(standing, ChargeStanding::Declined(_))
            || standing == ChargeStanding::Succeeded && self.bool();
        let disputes = self.disputes();
        ChargeMore {
            standing,
            recovering: if disputes.is_empty() { None } else { self.option(Self::time) },
            disputes,
            asked,
            card: waits.then(|| format!("tok_{}", self.below(1_000)).into()),
            authorised: self.i64(),
            asynchronous: self.bool(),
            transfer: self.option(|draw| TransferId(draw.object())),
            transfers: self.runs(),
            disputed: self.i64(),
            fraud_warnings: self.fraud_warnings(),
            on_behalf_of: self.option(Self::account).filter(|account| !account.is_platform()),
            fee_at: self.option(|draw| draw.object().position()),
            earlier: self.earlier(),
            held: self.option(Self::hold),
        }
    }

    /// Disputes that rise, as many as a charge may have at most.
    fn disputes(&mut self) -> Vec<DisputeId> {
        let mut position = self.below(1 << 39);
        self.list(MOST_DISPUTES as u64, |draw| {
            position += 1 + draw.below(1 << 20);
            DisputeId::new(position, 0)
        })
    }

    /// Fraud warnings, as many as a charge may have at most.
    fn fraud_warnings(&mut self) -> Vec<FraudWarning> {
        let mut number = 0;
        self.list(MOST_FRAUD_WARNINGS as u64, |draw| {
            number += 1;
            let reference = format!("issfr_{number}_{}", draw.below(1 << 40));
            let fraud_type = FraudType::ALL[draw.below(FraudType::ALL.len() as u64) as usize];
            FraudWarning { reference: FraudWarningReference::new(&reference).unwrap(), fraud_type }
        })
    }

    /// Runs that rise, of 100 transfers at most.
    fn runs(&mut self) -> Vec<TransferRun> {
        let position = self.below(1 << 40);
        let mut first = 0;
        self.list(5, |draw| {
            first += 1 + draw.below(700) as u16;
            let count = 1 + draw.below(20) as u16;
            let run = TransferRun { first: TransferId::new(position, first), count };
            first += count;
            run
        })
    }

    fn charge_standing(&mut self) -> ChargeStanding {
        match self.below(8) {
            0 => ChargeStanding::Authorised(self.terms()),
            1 => ChargeStanding::Processing,
            2 => ChargeStanding::Succeeded,
            3 => ChargeStanding::Canceled,
            4 => ChargeStanding::Expired,
            5 => ChargeStanding::Asked(self.terms()),
            6 => ChargeStanding::Declined(self.named::<DeclineCode>()),
            _ => ChargeStanding::Failed(self.named::<FailureCode>()),
        }
    }

    fn terms(&mut self) -> CaptureTerms {
        CaptureTerms {
            until: self.time(),
            processing_fee: ProcessingFee { rate: self.rate(), fixed: self.i64() },
            share: match self.below(3) {
                0 => DestinationShare::Whole,
                1 => DestinationShare::LessApplicationFee(self.i64()),
                _ => DestinationShare::Amount(self.i64()),
            },
        }
    }
}
