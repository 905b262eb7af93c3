//! Refunds in the random market: commands that give money back, and what becomes of them.

use counterfoil_domain::charge::ChargeType;
use counterfoil_domain::money::Minor;
use counterfoil_domain::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, OnShortfall, Recover, Refund,
    RefundApplicationFee, RefundFailure, RefundStatus,
};
use counterfoil_domain::{ChargeId, Command, RefundId, TransferId};
use counterfoil_testkit::Records;

use crate::market::{Step, any_of, nth};

/// The command of a step that gives money back, or of what becomes of that.
pub(crate) fn refunding(records: &Records, step: &Step) -> Option<Command> {
    Some(match *step {
        Step::Refund { charge, amount, transfer, fee, waits } => {
            let id: ChargeId = any_of(records, charge)?;
            let charge = records.get(id)?;
            // Flags that the charge cannot have would only be refused.
            let reverse_transfer = transfer && charge.charge_type == ChargeType::Destination;
            let refund_application_fee = fee
                && charge.application_fee > 0
                && (reverse_transfer || charge.charge_type == ChargeType::Direct);
            let amount = amount.map(|amount| amount.min(charge.refundable()));
            let recover = if reverse_transfer { Recover::OwnTransfer } else { Recover::None };
            let on_shortfall = waits.then_some(OnShortfall::Wait);
            Refund { amount, recover, refund_application_fee, on_shortfall, ..Refund::full(id) }.into()
        }
        Step::TakeBack { charge, amount, of, part, waits } => {
            let separate = records.each::<ChargeId>();
            let separate = separate.filter(|(_, charge)| charge.charge_type == ChargeType::Separate);
            let id = nth(separate.map(|(id, _)| id), charge)?;
            let amount = amount.map(|amount| amount.min(records.get(id).unwrap().refundable()));
            let its = records.each::<TransferId>();
            let its = its.filter(|(_, transfer)| transfer.source_charge == Some(id));
            let parts = its.map(|(id, transfer)| (id, transfer.reversible() * Minor::from(part) / 100));
            let parts = parts.filter(|(_, amount)| *amount > 0).take(of.into()).collect();
            let on_shortfall = waits.then_some(OnShortfall::Wait);
            Refund { amount, recover: Recover::Exactly(parts), on_shortfall, ..Refund::full(id) }.into()
        }
        Step::Refunded { refund, how } => {
            if how < 2 {
                // Only these can be called off.
                let open =
                    |status| matches!(status, RefundStatus::Waiting { .. } | RefundStatus::RequiresAction);
                let each = records.each::<RefundId>();
                let open = each.filter(|(_, refund)| open(refund.status)).map(|(id, _)| id);
                return Some(CancelRefund { refund: nth(open, refund)? }.into());
            }
            let refund: RefundId = any_of(records, refund)?;
            match how {
                2 | 3 => MarkRefundFailed { refund, failure: RefundFailure::Declined }.into(),
                4 => MarkRefundPending { refund, requires_action: false }.into(),
                5 | 6 => MarkRefundPending { refund, requires_action: true }.into(),
                _ => MarkRefundSucceeded { refund }.into(),
            }
        }
        Step::ReturnFee { charge, amount } => {
            RefundApplicationFee { charge: any_of(records, charge)?, amount }.into()
        }
        _ => return None,
    })
}
