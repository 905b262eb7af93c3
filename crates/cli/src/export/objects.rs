//! Objects as JSON: each with its whole state.

use counterfoil::domain::bank_debit::BankDebitState;
use counterfoil::domain::charge::{ApplicationFee, ChargeStanding, ChargeState, FeeRefund};
use counterfoil::domain::debit::DebitState;
use counterfoil::domain::debt::WriteOffState;
use counterfoil::domain::payout::PayoutState;
use counterfoil::domain::prefunding::DrawdownState;
use counterfoil::domain::record::{Kept, Record};
use counterfoil::domain::refund::RefundState;
use counterfoil::domain::topup::TopupState;
use counterfoil::domain::transfer::{ReversalState, TransferState};
use counterfoil::domain::{
    BankDebitId, ChargeId, DebitId, DrawdownId, Moved, PayoutId, Recorded, RefundId, ReversalId, TopupId,
    TransferId, WriteOffId,
};
use counterfoil::views::ObjectRef;
use serde_json::{Map, Value, json};

use super::jsonl::{Lines, add_details};

impl Lines<'_> {
    /// A step: its object, what was moved of it, and the objects beside it.
    pub(super) fn moved(&self, moved: &Moved) -> Value {
        let object = |record: &Record| {
            let kind = ObjectRef::from(record.id()).kind().name();
            (kind.to_owned(), self.record(record))
        };
        let mut facts = Value::Object(Map::from_iter([object(&moved.subject.record)]));
        if let Value::Object(facts) = &mut facts {
            facts.insert("amount".into(), moved.subject.amount.into());
            let beside = moved.beside.iter().map(|part| {
                let mut told = Map::from_iter([object(&part.record)]);
                told.insert("amount".into(), part.amount.into());
                Value::Object(told)
            });
            let beside: Vec<Value> = beside.collect();
            if !beside.is_empty() {
                facts.insert("beside".into(), beside.into());
            }
        }
        add_details(&mut facts, moved.details.as_deref());
        facts
    }

    fn record(&self, record: &Record) -> Value {
        match record {
            Record::Charge(id, charge) => self.charge(*id, charge),
            Record::Transfer(id, transfer) => self.transfer(*id, transfer),
            Record::Payout(id, payout) => self.payout(*id, payout),
            Record::Topup(id, topup) => self.topup(*id, topup),
            Record::Reversal(id, reversal) => self.reversal(*id, reversal),
            Record::Debit(id, debit) => self.debit(*id, debit),
            Record::Dispute(id, dispute) => self.dispute(*id, dispute),
            Record::Split(id, split) => self.split_by_rule(*id, split),
            Record::SplitRule(id, rule) => self.split_rule(*id, rule),
            Record::BankDebit(id, debit) => self.bank_debit(*id, debit),
            Record::SplitRuleVersion(id, version) => self.split_rule_version(*id, version),
            Record::Refund(id, refund) => self.refund(*id, refund),
            Record::ReservePlan(id, plan) => self.reserve_plan(*id, plan),
            Record::ReserveHold(id, hold) => self.reserve_hold(*id, hold),
            Record::Drawdown(id, drawn) => self.drawdown(*id, drawn),
            Record::WriteOff(id, written_off) => self.write_off(*id, written_off),
        }
    }

    fn refund(&self, id: RefundId, refund: &RefundState) -> Value {
        let taken: Vec<Value> = refund
            .taken
            .iter()
            .map(|taken| {
                json!({
                    "reversal": self.names.id(taken.reversal), "transfer": self.names.id(taken.transfer),
                    "amount": taken.amount,
                })
            })
            .collect();
        json!({
            "id": self.names.id(id), "charge": self.names.id(refund.charge),
            "owner": self.names.id(refund.owner), "seller": refund.seller.map(|seller| self.names.id(seller)),
            "currency": refund.amount.currency.code(), "amount": refund.amount.minor,
            "status": refund.status.name(), "pending_reason": refund.status.pending_reason(),
            "failure_reason": refund.failure(), "reversals": taken, "fee_refunded": refund.fee_refunded,
            "by_liability": self.by_liability(&refund.recover), "transfer_group": refund.transfer_group,
        })
    }

    /// The application fee that an event made, and what it gave back of one.
    pub(super) fn fees(&self, recorded: &Recorded, line: &mut Map<String, Value>) {
        if let Some((fee, _)) = ApplicationFee::made_by(recorded) {
            let charge = self.names.id(fee.charge);
            let told = json!({
                "id": self.names.id(fee.id), "account": self.names.id(fee.account), "charge": charge,
                "originating_transaction": fee.originates.then_some(&charge),
                "currency": fee.amount.currency.code(), "amount": fee.amount.minor,
                "amount_refunded": fee.refunded,
            });
            line.insert("application_fee".into(), told);
        }
        if let Some((refund, _)) = FeeRefund::made_by(recorded) {
            let told = json!({
                "id": self.names.id(refund.id), "fee": self.names.id(refund.fee),
                "currency": refund.amount.currency.code(), "amount": refund.amount.minor,
                "refund": refund.refund.map(|refund| self.names.id(refund)),
            });
            line.insert("fee_refund".into(), told);
        }
    }

    fn debit(&self, id: DebitId, debit: &DebitState) -> Value {
        json!({
            "id": self.names.id(id), "account": self.names.id(debit.account),
            "currency": debit.amount.currency.code(), "amount": debit.amount.minor, "fee": debit.fee,
            "transfer_group": debit.transfer_group,
        })
    }

    fn drawdown(&self, id: DrawdownId, drawn: &DrawdownState) -> Value {
        json!({
            "id": self.names.id(id), "account": self.names.id(drawn.account),
            "currency": drawn.amount.currency.code(), "amount": drawn.amount.minor,
            "cause": drawn.cause.name(),
        })
    }

    fn write_off(&self, id: WriteOffId, written_off: &WriteOffState) -> Value {
        json!({
            "id": self.names.id(id), "account": self.names.id(written_off.account),
            "currency": written_off.amount.currency.code(), "amount": written_off.amount.minor,
            "amount_recovered": written_off.recovered, "since": written_off.since.to_string(),
        })
    }

    /// At Connect it is a payout with a negative amount; both are told.
    fn bank_debit(&self, id: BankDebitId, debit: &BankDebitState) -> Value {
        json!({
            "id": self.names.id(id), "account": self.names.id(debit.account),
            "currency": debit.amount.currency.code(), "amount": debit.amount.minor,
            "status": debit.status.name(), "failure_code": debit.failure(),
            "arrival_date": debit.arrival.to_string(),
            "payout": { "amount": debit.amount.minor.saturating_neg(), "status": debit.status.of_payout() },
        })
    }

    fn reversal(&self, id: ReversalId, reversal: &ReversalState) -> Value {
        json!({
            "id": self.names.id(id), "transfer": self.names.id(reversal.transfer),
            "destination": self.names.id(reversal.destination),
            "refund": reversal.refund.map(|refund| self.names.id(refund)),
            "currency": reversal.amount.currency.code(), "amount": reversal.amount.minor,
            "fee_refunded": reversal.fee_refunded, "given_back": reversal.given_back,
            "dispute": reversal.dispute.map(|dispute| self.names.id(dispute)),
            "transfer_group": reversal.transfer_group,
        })
    }

    fn topup(&self, id: TopupId, topup: &TopupState) -> Value {
        json!({
            "id": self.names.id(id), "account": self.names.id(topup.account),
            "currency": topup.amount.currency.code(), "amount": topup.amount.minor,
            "balance": topup.balance.name(), "status": topup.status.name(), "failure_code": topup.failure(),
            "transfer_group": topup.transfer_group,
        })
    }

    pub(super) fn charge(&self, id: ChargeId, charge: &ChargeState) -> Value {
        let mut told = json!({
            "id": self.names.id(id), "type": charge.charge_type.name(), "owner": self.names.id(charge.owner),
            "seller": charge.seller.map(|seller| self.names.id(seller)), "rail": self.books.rail(charge.rail),
            "currency": charge.currency.code(), "amount": charge.amount,
            "available_on": charge.available_on.to_string(), "processing_fee": charge.processing_fee,
            "application_fee": charge.application_fee, "transferred": charge.transferred,
            "refunded": charge.refunded, "fee_refunded": charge.fee_refunded,
            "transfer_group": charge.transfer_group,
        });
        if let (Some(more), Value::Object(told)) = (&charge.more, &mut told) {
            told.insert("status".into(), more.standing.name().into());
            told.insert("failure_code".into(), more.standing.failure().into());
            told.insert("authorised".into(), more.authorised.into());
            told.insert("disputed".into(), more.disputed.into());
            if let Some(account) = more.on_behalf_of {
                told.insert("on_behalf_of".into(), self.names.id(account).into());
            }
            if let ChargeStanding::Authorised(terms) = more.standing {
                told.insert("capture_before".into(), terms.until.to_string().into());
            }
            if !more.fraud_warnings.is_empty() {
                let warnings = more.fraud_warnings.iter();
                let warnings = warnings.map(|warning| {
                    json!({ "reference": warning.reference.as_str(), "fraud_type": warning.fraud_type.name() })
                });
                told.insert("fraud_warnings".into(), warnings.collect());
                told.insert("fraud_warning_actionable".into(), charge.fraud_warning_is_actionable().into());
            }
            if let ChargeStanding::Declined(code) = more.standing {
                told.insert("decline_code".into(), code.name().into());
            }
        }
        told
    }

    pub(super) fn transfer(&self, id: TransferId, transfer: &TransferState) -> Value {
        let mut told = json!({
            "id": self.names.id(id), "destination": self.names.id(transfer.destination),
            "currency": transfer.currency.code(), "amount": transfer.amount, "reversed": transfer.reversed,
            "source_charge": transfer.source_charge.map(|charge| self.names.id(charge)),
            "available_on": transfer.available_on.to_string(), "transfer_group": transfer.transfer_group,
        });
        // What was made at once has no status, as at Connect.
        if let (Value::Object(facts), Some(_)) = (&mut told, &transfer.queue) {
            facts.insert("status".into(), transfer.status().into());
            facts.insert("cancellation".into(), transfer.failure().into());
        }
        told
    }

    pub(super) fn payout(&self, id: PayoutId, payout: &PayoutState) -> Value {
        let entries: Vec<Value> =
            payout.entries.iter().map(|range| json!([range.first, range.last])).collect();
        json!({
            "id": self.names.id(id), "account": self.names.id(payout.account),
            "currency": payout.currency.code(), "amount": payout.amount, "status": payout.status.name(),
            "created": payout.created.to_string(), "arrival_date": payout.arrival.to_string(),
            "automatic": payout.automatic, "entries": entries,
        })
    }
}
