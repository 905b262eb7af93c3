//! Grouping: the postings of an event as balance transactions.

use counterfoil_domain::books::State;
use counterfoil_domain::calendar::Day;
use counterfoil_domain::charge::{ApplicationFee, FeeRefund};
use counterfoil_domain::id::{MOST_OBJECTS, ObjectId};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Recorded};

use super::kind::Part;
use super::{BalanceTransaction, BalanceType, Category, FeeDetail, FeeType, TransactionId, TransactionType};
use crate::movement::{Movement, movements};
use crate::object::ObjectRef;

/// A fee with what it is where it stands alone.
struct Fee {
    movement: Movement,
    kind: FeeType,
    alone: (TransactionType, Category),
}

/// The balance transactions of an event, in the order of their first postings.
#[must_use]
pub fn of_event(recorded: &Recorded) -> Vec<BalanceTransaction> {
    let mut made: Vec<BalanceTransaction> = Vec::new();
    let mut fees: Vec<Fee> = Vec::new();
    movements(recorded, |movement| {
        if balance_of(movement.state).is_none() {
            return;
        }
        match Part::of(movement.posting.kind, movement.account.is_platform()) {
            Part::Own(kind, category) => add(&mut made, recorded, &movement, (kind, category)),
            Part::Fee(kind, alone, category) => fees.push(Fee { movement, kind, alone: (alone, category) }),
            Part::Nothing => {}
        }
    });
    for fee in fees {
        let account = fee.movement.account;
        let (balance, day) = (balance_of(fee.movement.state), day_of(recorded, fee.movement.state));
        let takes = |it: &&mut BalanceTransaction| {
            it.account == account && Some(it.balance) == balance && it.available_on == day
        };
        match made.iter_mut().filter(|it| Part::takes_fees(it.kind)).find(takes) {
            Some(transaction) => transaction.charge(fee.kind, -fee.movement.posting.owed()),
            None => add(&mut made, recorded, &fee.movement, fee.alone),
        }
    }
    made.sort_by_key(|transaction| transaction.id);
    name_fees(recorded, &mut made);
    made
}

/// What the platform got of a fee, or gave back, is of the fee, or of its refund.
fn name_fees(recorded: &Recorded, made: &mut [BalanceTransaction]) {
    for transaction in made.iter_mut().filter(|it| it.account.is_platform()) {
        let mut object: Option<ObjectRef> = None;
        if transaction.kind == TransactionType::ApplicationFee {
            object = ApplicationFee::in_event(recorded).map(|fee| fee.id.into());
        }
        if transaction.kind == TransactionType::ApplicationFeeRefund {
            object = FeeRefund::made_by(recorded).map(|(refund, _)| refund.id.into());
        }
        transaction.source = object.or(transaction.source);
    }
}

/// The balance that a state is a part of; none of what is on its way to a bank.
fn balance_of(state: State) -> Option<BalanceType> {
    match state {
        State::Pending(_) | State::Available => Some(BalanceType::Payments),
        State::Reserved => Some(BalanceType::RiskReserved),
        State::Prefunded => Some(BalanceType::RefundAndDisputePrefunding),
        State::ConnectReserved => Some(BalanceType::ConnectReserved),
        State::InTransit => None,
    }
}

/// The day from whose start money in a state is available.
fn day_of(recorded: &Recorded, state: State) -> Day {
    let today = recorded.time.day();
    if let State::Pending(day) = state { day.max(today) } else { today }
}

/// Adds a posting to the balance transaction that it is a part of, which it may begin.
fn add(
    made: &mut Vec<BalanceTransaction>,
    recorded: &Recorded,
    movement: &Movement,
    (kind, category): (TransactionType, Category),
) {
    let (Some(entry), Some(balance)) = (recorded.event.entry(), balance_of(movement.state)) else {
        return;
    };
    let Movement { account, state, posting, source, place } = movement;
    let day = day_of(recorded, *state);
    let same = |it: &&mut BalanceTransaction| {
        (it.account, it.kind, it.source) == (*account, kind, *source)
            && (it.balance, it.available_on) == (balance, day)
    };
    if let Some(transaction) = made.iter_mut().find(same) {
        transaction.amount += posting.owed();
        transaction.net += posting.owed();
        return;
    }
    // No decision comes near so many postings.
    let ordinal = u16::try_from((*place).min(MOST_OBJECTS - 1)).unwrap_or_default();
    made.push(BalanceTransaction {
        id: TransactionId(ObjectId::new(recorded.position, ordinal)),
        entry: posting.number,
        account: *account,
        currency: entry.currency(),
        amount: posting.owed(),
        fee: 0,
        fee_details: Vec::new(),
        net: posting.owed(),
        created: recorded.time,
        available_on: day,
        kind,
        category,
        balance,
        source: *source,
    });
}

impl BalanceTransaction {
    /// Takes a fee off it; a negative one comes back with it.
    fn charge(&mut self, kind: FeeType, amount: Minor) {
        self.fee += amount;
        self.net -= amount;
        match self.fee_details.iter_mut().find(|detail| detail.kind == kind) {
            Some(detail) => detail.amount += amount,
            None => self.fee_details.push(FeeDetail { kind, amount }),
        }
    }

    /// Whether it is of this account and currency.
    pub(super) fn is_of(&self, account: AccountId, currency: Currency) -> bool {
        (self.account, self.currency) == (account, currency)
    }
}
