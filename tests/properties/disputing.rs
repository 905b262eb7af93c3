//! Disputes in the random market, and of charges that rules share, against a model.

use counterfoil_domain::account::NameSuccessor;
use counterfoil_domain::charge::{
    ChargeType, FraudType, FraudWarning, FraudWarningReference, ReceiveFraudWarning,
};
use counterfoil_domain::dispute::{
    AcceptDispute, CloseInquiry, DisputeReason, DisputeReference, DisputeStatus, EscalateInquiry,
    MarkDisputeLost, MarkDisputeWon, OpenDispute, Recovery, SubmitEvidence,
};
use counterfoil_domain::{AccountId, ChargeId, Command, DisputeId, SplitId};
use counterfoil_testkit::World;

use crate::market::{Step, any_of, nth};

/// What a processor calls a dispute that is opened now: no two are opened at one place of the log.
pub(crate) fn reference(world: &World) -> DisputeReference {
    DisputeReference::new(&format!("du_{}", world.log().len())).unwrap()
}

/// The command of a step of a dispute.
pub(crate) fn disputing(world: &World, step: &Step) -> Option<Command> {
    let records = world.records();
    let due_by = |days: u8| world.now().plus_seconds(i64::from(days) * 86_400);
    Some(match *step {
        Step::Dispute { charge, amount, fee, inquiry, recover, days } => {
            let its_own = records.each::<ChargeId>();
            let its_own = its_own.filter(|(_, charge)| charge.charge_type == ChargeType::Destination);
            // Only such a charge has a transfer of its own to take back.
            let (charge, recovery) = match recover {
                0 => (any_of(records, charge)?, Recovery::None),
                3 => {
                    let split: SplitId = any_of(records, charge)?;
                    let shared = records.get(split)?.charges.iter().map(|source| source.charge);
                    (nth(shared, days.into())?, Recovery::by_liability(split))
                }
                _ => {
                    let own = nth(its_own.map(|(id, _)| id), charge)?;
                    (own, Recovery::OwnTransfer { with_fee: recover == 2 })
                }
            };
            // Some banks only warn.
            if fee >= 235 {
                let reference = FraudWarningReference::new(&format!("issfr_{}", world.log().len())).unwrap();
                let warning = FraudWarning { reference, fraud_type: FraudType::Misc };
                return Some(ReceiveFraudWarning { charge, warning }.into());
            }
            let fee = (fee < 200).then_some(i64::from(fee));
            let opened = OpenDispute::new(charge, reference(world), DisputeReason::Fraudulent, due_by(days));
            OpenDispute { amount, fee, inquiry, recovery, ..opened }.into()
        }
        Step::Disputed { dispute, how } => {
            let open = |status: DisputeStatus| match how {
                0..=2 => status.is_open_inquiry(),
                _ => status.is_undecided() || status == DisputeStatus::Lost,
            };
            let each = records.each::<DisputeId>().filter(|(_, dispute)| open(dispute.status));
            let id = nth(each.map(|(id, _)| id), dispute)?;
            let state = records.get(id)?;
            match how {
                0 => CloseInquiry { dispute: id, prevented: dispute.is_multiple_of(2) }.into(),
                1 => EscalateInquiry { dispute: id, amount: None, due_by: due_by(9), fee: None }.into(),
                2 | 3 => SubmitEvidence { dispute: id, fee: None }.into(),
                4 => AcceptDispute { dispute: id }.into(),
                5 => MarkDisputeLost { dispute: id }.into(),
                6 => {
                    MarkDisputeWon { dispute: id, fees_returned: Some(state.fee + state.counter_fee) }.into()
                }
                _ => MarkDisputeWon { dispute: id, fees_returned: None }.into(),
            }
        }
        Step::Succeed { seller, successor } => {
            NameSuccessor { account: AccountId(seller), successor: AccountId(successor) }.into()
        }
        _ => return None,
    })
}
