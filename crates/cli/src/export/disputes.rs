//! Disputes as JSON: each with what Connect shows of one, and what it took back of whom.

use counterfoil::domain::dispute::{DisputeState, Recovery};
use counterfoil::domain::{DisputeId, SplitId, TransferId};
use counterfoil::views::ObjectRef;
use serde_json::{Value, json};

use super::jsonl::Lines;

impl Lines<'_> {
    pub(super) fn dispute(&self, id: DisputeId, dispute: &DisputeState) -> Value {
        let recovered = dispute.recovered.iter().map(|recovered| {
            json!({
                "reversal": self.names.id(recovered.reversal), "transfer": self.names.id(recovered.transfer),
                "amount": recovered.amount, "fee_share": recovered.fee_share,
                "fee_refunded": recovered.fee_refunded, "given_back": recovered.given_back,
            })
        });
        let recovery = match &dispute.recovery {
            Recovery::None => json!(null),
            Recovery::OwnTransfer { with_fee } => json!({ "own_transfer": { "with_fee": with_fee } }),
            Recovery::Exactly(parts) => {
                let part = |(transfer, amount): &(TransferId, i64)| json!({ "transfer": self.names.id(*transfer), "amount": amount });
                json!({ "exactly": parts.iter().map(part).collect::<Vec<_>>() })
            }
            Recovery::ByLiability(splits) => {
                let split = |split: &SplitId| self.names.id(ObjectRef::Split(split.0));
                json!({ "by_liability": splits.iter().map(split).collect::<Vec<_>>() })
            }
        };
        json!({
            "id": self.names.id(id), "charge": self.names.id(dispute.charge),
            "reference": dispute.reference.as_str(),
            "owner": self.names.id(dispute.owner),
            "seller": dispute.seller.map(|seller| self.names.id(seller)),
            "currency": dispute.amount.currency.code(), "amount": dispute.amount.minor,
            "reason": dispute.reason.name(), "status": dispute.status.name(),
            "created": dispute.created.to_string(), "due_by": dispute.due_by.to_string(),
            "withdrawn": dispute.withdrawn, "fee": dispute.fee, "counter_fee": dispute.counter_fee,
            "recovery": recovery, "recovered": recovered.collect::<Vec<Value>>(),
            "transfer_group": dispute.transfer_group,
        })
    }
}
