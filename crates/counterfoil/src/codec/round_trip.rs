//! Round trip: any event with any values comes back as it was.
//!
//! Values are drawn at the ends of their types as often as in between. The sequence is
//! fixed; a failure names the seed that makes its event alone.

use counterfoil_domain::account::{EntryRange, RequirementName};
use counterfoil_domain::books::{Entry, Posting};
use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::debit::DebitState;
use counterfoil_domain::money::Money;
use counterfoil_domain::payout::{FailureCode, PayoutMoved, PayoutState, PayoutStatus};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::refund::create::Refunded;
use counterfoil_domain::settings::Settings;
use counterfoil_domain::split::{Share, SplitMade};
use counterfoil_domain::step::{Books, Owners, Part};
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::transfer::reverse::Reversed;
use counterfoil_domain::transfer::{Queue, TransferState};
use counterfoil_domain::{
    Actor, BankDebitId, ChargeId, DebitId, DisputeId, DrawdownId, Event, Moved, PayoutId, Record, Recorded,
    RefundId, ReserveHoldId, ReservePlanId, ReversalId, SplitId, SplitRuleId, SplitRuleVersionId, TopupId,
    TransferId, WriteOffId,
};
use uuid::Uuid;

use super::draw::Draw;
use super::samples::{records, samples};
use super::{Decoded, Stamp, decode, encode, kinds};

impl Draw {
    fn transfer(&mut self) -> TransferState {
        TransferState {
            destination: self.account(),
            currency: self.currency(),
            amount: self.i64(),
            reversed: self.i64(),
            source_charge: self.option(|draw| ChargeId(draw.object())),
            available_on: self.day(),
            pending_left: self.i64(),
            transfer_group: self.option(Self::text),
            queue: None,
            held: None,
        }
    }

    /// A transfer that may have waited, as steps alone carry it.
    fn queued_transfer(&mut self) -> TransferState {
        let queue = match self.below(4) {
            0 => None,
            1 => Some(Queue::Waiting),
            2 => Some(Queue::Released(self.u64())),
            _ => Some(Queue::Canceled(self.named())),
        };
        TransferState { queue: queue.map(Box::new), held: self.option(Self::hold), ..self.transfer() }
    }

    fn debit(&mut self) -> DebitState {
        DebitState {
            account: self.account(),
            amount: Money::new(self.currency(), self.i64()),
            fee: self.i64(),
            transfer_group: self.option(Self::text),
        }
    }

    fn payout(&mut self, entry: Entry) -> Box<PayoutMoved> {
        let status = match self.below(4) {
            0 => PayoutStatus::InTransit,
            1 => PayoutStatus::Paid,
            2 => PayoutStatus::Failed(self.named::<FailureCode>()),
            _ => PayoutStatus::Returned(self.named::<FailureCode>()),
        };
        let payout = PayoutState {
            account: self.account(),
            currency: self.currency(),
            amount: self.i64(),
            status,
            created: self.time(),
            arrival: self.day(),
            automatic: self.bool(),
            entries: self.list(20, |draw| EntryRange { first: draw.u64(), last: draw.u64() }),
            own: EntryRange { first: self.u64(), last: self.u64() },
            bank: self.bool().then(|| self.bytes()),
        };
        Box::new(PayoutMoved { id: PayoutId(self.object()), payout, entry })
    }

    fn settings(&mut self) -> Settings {
        Settings {
            ledger: Uuid::from_bytes(self.bytes()),
            mode: self.named(),
            clock: self.named(),
            operator: self.text(),
            country: self.country(),
            currency: self.currency(),
            profile: self.named(),
            default_charge_type: self.named(),
            fee_payer: self.named(),
            loss_bearer: self.named(),
            requirement_collector: self.named(),
            processing_fee: ProcessingFee { rate: self.rate(), fixed: self.i64() },
            delay: self.delay(),
            minimum_charge: self.i64(),
            overdraft_limit: self.i64(),
            on_shortfall: self.named(),
            id_key: self.bytes(),
        }
    }

    fn split(&mut self, entry: Entry) -> SplitMade {
        SplitMade {
            shares: self.list(12, |draw| Share {
                account: draw.account(),
                gross: draw.i64(),
                commission: draw.i64(),
            }),
            charges: self.list(12, |draw| (ChargeId(draw.object()), draw.charge())),
            transfers: self.list(12, Self::transfer),
            entry,
            details: self.details(),
        }
    }

    fn record(&mut self, like: &Record) -> Record {
        let id = self.object();
        match like {
            Record::Charge(..) => Record::Charge(ChargeId(id), self.charge()),
            Record::Transfer(..) => Record::Transfer(TransferId(id), self.queued_transfer()),
            Record::Payout(..) => {
                let nothing = Entry::from_postings(self.currency(), []).unwrap();
                let PayoutMoved { id, payout, .. } = *self.payout(nothing);
                Record::Payout(id, payout)
            }
            Record::Topup(..) => Record::Topup(TopupId(id), self.topup()),
            Record::Reversal(..) => Record::Reversal(ReversalId(id), self.reversal()),
            Record::Debit(..) => Record::Debit(DebitId(id), self.debit()),
            Record::SplitRule(..) => Record::SplitRule(SplitRuleId(id), self.split_rule()),
            Record::Split(..) => Record::Split(SplitId(id), self.split_by_rule()),
            Record::ReservePlan(..) => Record::ReservePlan(ReservePlanId(id), self.reserve_plan()),
            Record::ReserveHold(..) => {
                let id = ReserveHoldId(id);
                Record::ReserveHold(id, self.reserve_hold(id))
            }
            Record::Dispute(..) => Record::Dispute(DisputeId(id), self.dispute()),
            Record::BankDebit(..) => Record::BankDebit(BankDebitId(id), self.bank_debit()),
            Record::SplitRuleVersion(..) => {
                Record::SplitRuleVersion(SplitRuleVersionId(id), self.split_rule_version())
            }
            Record::Refund(..) => Record::Refund(RefundId(id), self.refund()),
            Record::Drawdown(..) => Record::Drawdown(DrawdownId(id), self.drawdown()),
            Record::WriteOff(..) => Record::WriteOff(WriteOffId(id), self.write_off()),
        }
    }

    /// The same step of an object with other values, with others beside it.
    fn moved(&mut self, like: &Moved, entry: Entry) -> Moved {
        let kinds = records();
        let subject = Part { record: self.record(&like.subject.record), amount: self.i64() };
        let beside: Vec<Part> = self.list(5, |draw| {
            let kind = &kinds[draw.below(kinds.len() as u64) as usize];
            Part { record: draw.record(kind), amount: draw.i64() }
        });
        let (mut owners, objects) = (Owners::new(), beside.len() as u64 + 1);
        for _ in entry.postings() {
            let object = self.below(objects) as u16;
            match owners.last_mut() {
                Some((run, last)) if *last == object => *run += 1,
                _ => owners.push((1, object)),
            }
        }
        let books = self.bool().then_some(Books { entry, owners });
        Moved { step: like.step, subject, beside, books, details: self.details() }
    }

    /// An event of the same type as `like`.
    fn event(&mut self, like: &Event, books: &[Posting]) -> Event {
        match like {
            Event::LedgerOpened(_) => Event::LedgerOpened(Box::new(self.settings())),
            Event::TimeAdvanced { .. } => Event::TimeAdvanced { to: self.time() },
            Event::AccountOnboarded(_) => Event::AccountOnboarded(Box::new(self.onboarded())),
            Event::RequirementChanged { .. } => {
                let name: RequirementName = self.named();
                Event::RequirementChanged { account: self.account(), name, standing: self.standing() }
            }
            Event::BankAccountAttached { .. } => {
                let bank = Box::new(self.bank());
                Event::BankAccountAttached { account: self.account(), currency: self.currency(), bank }
            }
            Event::PayoutScheduleSet { .. } => Event::PayoutScheduleSet {
                account: self.account(),
                schedule: self.option(Self::schedule),
                delay: self.option(Self::delay),
                minimum_balance: self.option(|draw| Money::new(draw.currency(), draw.i64())),
            },
            Event::RailOpened { .. } => {
                let name: String = self.list(31, |draw| ['a', 'z', '0', '9', '_'][draw.below(5) as usize]);
                Event::RailOpened { rail: self.rail(), name: RailName::new(&(name + "x")).unwrap() }
            }
            Event::SuccessorNamed { .. } => {
                Event::SuccessorNamed { account: self.account(), successor: self.account() }
            }
            Event::BookmarkSet { .. } => {
                Event::BookmarkSet { name: self.text(), source: self.bytes(), cursor: self.u64() }
            }
            Event::DebitNegativeBalancesSet { .. } => {
                Event::DebitNegativeBalancesSet { account: self.account(), on: self.bool() }
            }
            Event::Moved(moved) => {
                let entry = self.entry(books);
                Event::Moved(Box::new(self.moved(moved, entry)))
            }
            Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::PayoutCreated(_)
            | Event::PayoutPaid(_)
            | Event::PayoutFailed(_)
            | Event::RailSettled { .. }
            | Event::ConnectReserveMoved { .. } => {
                let entry = self.entry(books);
                self.posted(like, entry)
            }
        }
    }

    /// An event with an entry, of the same type as `like`.
    fn posted(&mut self, like: &Event, entry: Entry) -> Event {
        match kinds::of(like).0 {
            kinds::CHARGE_SUCCEEDED => Event::ChargeSucceeded(Box::new(Charged {
                charge: self.charge(),
                transfer: self.option(Self::transfer),
                fee_payer: self.account(),
                entry,
                details: self.details(),
            })),
            kinds::CHARGES_SPLIT => Event::ChargesSplit(Box::new(self.split(entry))),
            kinds::TRANSFER_CREATED => Event::TransferCreated(Box::new(Transferred {
                transfer: self.transfer(),
                charge: self.option(Self::charge).map(Box::new),
                entry,
                details: self.details(),
            })),
            kinds::TRANSFER_REVERSED => Event::TransferReversed(Box::new(Reversed {
                id: TransferId(self.object()),
                amount: self.i64(),
                transfer: self.transfer(),
                charge: self.option(Self::charge),
                entry,
            })),
            kinds::CHARGE_REFUNDED => Event::ChargeRefunded(Box::new(Refunded {
                id: ChargeId(self.object()),
                amount: self.i64(),
                reversed: self.i64(),
                fee_refunded: self.i64(),
                reason: self.option(Self::named),
                charge: self.charge(),
                transfer: self.option(|draw| (TransferId(draw.object()), draw.transfer())),
                entry,
            })),
            kinds::FUNDS_MATURED => {
                let (account, day) = (self.account(), self.day());
                Event::FundsMatured { account, day, entry: Box::new(entry) }
            }
            kinds::PAYOUT_CREATED => Event::PayoutCreated(self.payout(entry)),
            kinds::PAYOUT_PAID => Event::PayoutPaid(self.payout(entry)),
            kinds::PAYOUT_FAILED => Event::PayoutFailed(self.payout(entry)),
            kinds::CONNECT_RESERVE_MOVED => Event::ConnectReserveMoved { entry: Box::new(entry) },
            kinds::RAIL_SETTLED => Event::RailSettled { rail: self.rail(), entry: Box::new(entry) },
            other => panic!("type {other} has no entry"),
        }
    }

    fn decoded(&mut self, like: &Event, books: &[Posting]) -> Decoded {
        let actor = [Actor::Platform, Actor::Time, Actor::Operator][self.below(3) as usize];
        let recorded = Recorded {
            position: self.u64(),
            time: self.time(),
            actor,
            acting: self.option(Self::account),
            command: self.option(|draw| Uuid::from_bytes(draw.bytes())).unwrap_or_default(),
            cause: self.option(Self::u64),
            event: self.event(like, books),
        };
        let stamp = self.option(|draw| Stamp { key: draw.bytes(), request: draw.bytes() });
        Decoded { recorded, command_events: self.u16(), stamp }
    }
}

#[test]
fn any_event_comes_back_as_it_was() {
    let samples = samples();
    let entries = samples.iter().filter_map(|sample| sample.recorded.event.entry());
    let books: Vec<Posting> = entries.flat_map(Entry::postings).copied().collect();
    let mut out = Vec::new();
    for seed in 0..1_000 {
        for sample in &samples {
            let like = &sample.recorded.event;
            let expected = Draw { seed }.decoded(like, &books);
            out.clear();
            encode(&expected.recorded, expected.command_events, expected.stamp.as_ref(), &mut out).unwrap();
            let decoded = decode(expected.recorded.position, &out);
            assert_eq!(decoded, Ok(expected), "{} of seed {seed}", like.name());
        }
    }
}
