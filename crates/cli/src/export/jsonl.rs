//! Events as JSON, one a line: amounts in minor units, debits positive.

use counterfoil::domain::account::onboard::Onboarded;
use counterfoil::domain::account::{AccountType, Controller, Details, Requirement, Standing};
use counterfoil::domain::books::Entry;
use counterfoil::domain::payout::PayoutSchedule;
use counterfoil::domain::split::SplitMade;
use counterfoil::domain::{Actor, ChargeId, Event, Recorded, RefundId, ReversalId, TransferId};
use counterfoil::views::ObjectRef;
use serde_json::{Map, Value, json};

use super::books::Books;
use crate::ledger::Names;

/// Writes events as lines.
pub(super) struct Lines<'a> {
    pub(super) names: &'a Names,
    pub(super) books: Books<'a>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(names: &'a Names) -> Self {
        Self { names, books: Books::new(names) }
    }

    /// One event as one line.
    pub(super) fn write(&mut self, recorded: &Recorded, text: &mut String) {
        self.books.learn(recorded);
        let mut line = Map::new();
        line.insert("position".into(), recorded.position.into());
        line.insert("time".into(), recorded.time.to_string().into());
        line.insert("event".into(), recorded.event.name().into());
        line.insert("actor".into(), actor(recorded.actor).into());
        line.insert("command".into(), recorded.command.to_string().into());
        if let Some(acting) = recorded.acting {
            line.insert("acting".into(), self.names.id(acting).into());
        }
        if let Some(cause) = recorded.cause {
            line.insert("cause".into(), cause.into());
        }
        if let Value::Object(facts) = self.facts(recorded) {
            line.extend(facts);
        }
        self.fees(recorded, &mut line);
        if let Some(entry) = recorded.event.entry() {
            line.insert("entry".into(), self.entry(entry));
        }
        text.push_str(&Value::Object(line).to_string());
        text.push('\n');
    }

    fn facts(&self, recorded: &Recorded) -> Value {
        let (id, position) = (|object: ObjectRef| self.names.id(object), recorded.position);
        match &recorded.event {
            Event::LedgerOpened(settings) => json!({
                "ledger": settings.ledger.to_string(), "operator": settings.operator,
                "country": settings.country.code(), "currency": settings.currency.code(),
            }),
            Event::TimeAdvanced { to } => json!({ "to": to.to_string() }),
            Event::AccountOnboarded(made) => self.onboarded(made),
            Event::RequirementChanged { account, name, standing } => json!({
                "account": id((*account).into()), "requirement": name.name(), "standing": standing.to_string(),
            }),
            Event::BankAccountAttached { account, currency, bank } => json!({
                "account": id((*account).into()), "currency": currency.code(),
                "last4": String::from_utf8_lossy(&bank.last4), "number": "sealed",
            }),
            Event::PayoutScheduleSet { account, schedule: set, delay, minimum_balance } => json!({
                "account": id((*account).into()), "schedule": set.map(schedule),
                "delay_days": delay.map(|delay| delay.days),
                "minimum_balance": minimum_balance.map(|money| money.minor),
            }),
            Event::RailOpened { name, .. } => json!({ "rail": name.as_str() }),
            Event::ChargeSucceeded(charged) => {
                let charge = ChargeId::new(position, 0);
                let mut facts = json!({ "charge": self.charge(charge, &charged.charge) });
                if let (Some(made), Value::Object(facts)) = (&charged.transfer, &mut facts) {
                    facts.insert("transfer".into(), self.transfer(charge.destination_transfer(), made));
                }
                add_details(&mut facts, charged.details.as_deref());
                facts
            }
            Event::ChargesSplit(split) => self.split(split, position),
            Event::TransferCreated(made) => {
                let mut facts =
                    json!({ "transfer": self.transfer(TransferId::new(position, 0), &made.transfer) });
                add_details(&mut facts, made.details.as_deref());
                facts
            }
            Event::TransferReversed(reversed) => json!({
                "reversal": id(ReversalId::new(position, 0).into()), "amount": reversed.amount,
                "transfer": self.transfer(reversed.id, &reversed.transfer),
            }),
            Event::ChargeRefunded(refunded) => json!({
                "refund": id(RefundId::new(position, 0).into()), "amount": refunded.amount,
                "reversed": refunded.reversed, "fee_refunded": refunded.fee_refunded,
                "charge": self.charge(refunded.id, &refunded.charge),
                "transfer": refunded.transfer.as_ref().map(|(id, transfer)| self.transfer(*id, transfer)),
            }),
            Event::FundsMatured { account, day, .. } => {
                json!({ "account": id((*account).into()), "day": day.to_string() })
            }
            Event::PayoutCreated(moved) | Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
                json!({ "payout": self.payout(moved.id, &moved.payout) })
            }
            Event::RailSettled { rail, .. } => json!({ "rail": self.books.rail(*rail) }),
            Event::BookmarkSet { name, source, cursor } => {
                let source: String = source.iter().map(|byte| format!("{byte:02x}")).collect();
                json!({ "bookmark": name, "source": source, "cursor": cursor })
            }
            Event::ConnectReserveMoved { .. } => json!({}),
            Event::SuccessorNamed { account, successor } => {
                json!({ "account": id((*account).into()), "successor": id((*successor).into()) })
            }
            Event::DebitNegativeBalancesSet { account, on } => {
                json!({ "account": id((*account).into()), "debit_negative_balances": on })
            }
            Event::Moved(moved) => self.moved(moved),
        }
    }

    fn onboarded(&self, made: &Onboarded) -> Value {
        let requirements: Vec<Value> = made.requirements.iter().map(requirement).collect();
        let mut facts = json!({
            "account": self.names.id(made.account), "country": made.country.code(),
            "currency": made.currency.code(), "schedule": schedule(made.schedule),
            "requirements": requirements, "holder": made.holder.is_some().then_some("sealed"),
        });
        if let (Some(controller), Value::Object(facts)) = (made.controller, &mut facts) {
            facts.insert("controller".into(), told_controller(controller));
        }
        if let (Some(fee), Value::Object(facts)) = (made.processing_fee, &mut facts) {
            let told = json!({ "rate": fee.rate.share().to_string(), "fixed": fee.fixed });
            facts.insert("processing_fee".into(), told);
        }
        add_details(&mut facts, made.details.as_deref());
        facts
    }

    fn split(&self, split: &SplitMade, position: u64) -> Value {
        let shares: Vec<Value> = split
            .shares
            .iter()
            .map(|share| {
                json!({
                    "account": self.names.id(share.account), "gross": share.gross,
                    "commission": share.commission, "net": share.net(),
                })
            })
            .collect();
        let charges: Vec<Value> = split.charges.iter().map(|(id, charge)| self.charge(*id, charge)).collect();
        let transfers: Vec<Value> = (0..)
            .zip(&split.transfers)
            .map(|(ordinal, made)| self.transfer(TransferId::new(position, ordinal), made))
            .collect();
        let mut facts = json!({ "shares": shares, "charges": charges, "transfers": transfers });
        add_details(&mut facts, split.details.as_deref());
        facts
    }

    fn entry(&self, entry: &Entry) -> Value {
        let postings: Vec<Value> = entry
            .postings()
            .iter()
            .map(|posting| {
                json!({
                    "book": self.books.name(posting.book), "kind": posting.kind.name(),
                    "amount": posting.amount, "entry": posting.number,
                })
            })
            .collect();
        json!({ "currency": entry.currency().code(), "postings": postings })
    }
}

/// In Connect's words.
fn told_controller(controller: Controller) -> Value {
    json!({
        "fees": { "payer": controller.fees.name() },
        "losses": { "payments": controller.losses_name() },
        "requirement_collection": controller.requirements_name(),
        "stripe_dashboard": { "type": controller.dashboard.name() },
        "account_type": controller.account_type().map(AccountType::name),
    })
}

fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::Platform => "platform",
        Actor::Time => "time",
        Actor::Operator => "operator",
    }
}

fn requirement(requirement: &Requirement) -> Value {
    let deadline = match requirement.standing {
        Standing::Due(deadline) | Standing::Pending(deadline) => deadline,
        Standing::Verified | Standing::PastDue => None,
    };
    json!({ "name": requirement.name.name(), "deadline": deadline.map(|deadline| deadline.to_string()) })
}

fn schedule(schedule: PayoutSchedule) -> Value {
    match schedule {
        PayoutSchedule::Manual => json!("manual"),
        PayoutSchedule::Daily => json!("daily"),
        PayoutSchedule::Weekly(days) => json!({ "weekly": set_bits(u32::from(days.bits())) }),
        PayoutSchedule::Monthly(days) => json!({ "monthly": set_bits(days.bits()) }),
    }
}

/// The days of a set, counted from 1: Monday, or the first of the month.
fn set_bits(bits: u32) -> Vec<u32> {
    (0..31).filter(|bit| bits >> bit & 1 == 1).map(|bit| bit + 1).collect()
}

pub(super) fn add_details(facts: &mut Value, details: Option<&Details>) {
    let (Some(details), Value::Object(facts)) = (details, facts) else {
        return;
    };
    if let Some(external_id) = &details.external_id {
        facts.insert("external_id".into(), external_id.as_ref().into());
    }
    if let Some(description) = &details.description {
        facts.insert("description".into(), description.as_ref().into());
    }
    if !details.metadata.is_empty() {
        let pairs = details.metadata.iter().map(|(key, value)| (key.to_string(), value.as_ref().into()));
        facts.insert("metadata".into(), Value::Object(pairs.collect()));
    }
}
