//! Objects as JSON: each with its whole state.

use counterfoil::domain::charge::ChargeState;
use counterfoil::domain::payout::PayoutState;
use counterfoil::domain::record::{Kept, Record};
use counterfoil::domain::topup::TopupState;
use counterfoil::domain::transfer::TransferState;
use counterfoil::domain::{ChargeId, Moved, PayoutId, TopupId, TransferId};
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
            Record::Split(id, split) => self.split_by_rule(*id, split),
            Record::SplitRule(id, rule) => self.split_rule(*id, rule),
            Record::SplitRuleVersion(id, version) => self.split_rule_version(*id, version),
        }
    }

    fn topup(&self, id: TopupId, topup: &TopupState) -> Value {
        json!({
            "id": self.names.id(id), "account": self.names.id(topup.account),
            "currency": topup.amount.currency.code(), "amount": topup.amount.minor,
            "status": topup.status.name(), "failure_code": topup.failure(),
            "transfer_group": topup.transfer_group,
        })
    }

    pub(super) fn charge(&self, id: ChargeId, charge: &ChargeState) -> Value {
        json!({
            "id": self.names.id(id), "type": charge.charge_type.name(), "owner": self.names.id(charge.owner),
            "seller": charge.seller.map(|seller| self.names.id(seller)), "rail": self.books.rail(charge.rail),
            "currency": charge.currency.code(), "amount": charge.amount,
            "available_on": charge.available_on.to_string(), "processing_fee": charge.processing_fee,
            "application_fee": charge.application_fee, "transferred": charge.transferred,
            "refunded": charge.refunded, "fee_refunded": charge.fee_refunded,
            "transfer_group": charge.transfer_group,
        })
    }

    pub(super) fn transfer(&self, id: TransferId, transfer: &TransferState) -> Value {
        json!({
            "id": self.names.id(id), "destination": self.names.id(transfer.destination),
            "currency": transfer.currency.code(), "amount": transfer.amount, "reversed": transfer.reversed,
            "source_charge": transfer.source_charge.map(|charge| self.names.id(charge)),
            "available_on": transfer.available_on.to_string(), "transfer_group": transfer.transfer_group,
        })
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
