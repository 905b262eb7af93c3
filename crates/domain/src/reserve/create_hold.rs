//! Holding money back: of an account's available balance
//! (<https://docs.stripe.com/api/reserve/hold>), or of a sale, which Connect leaves to plans.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, pending while the sale is (as far as it is there), else available | amount | |
//! | account, reserved | | amount |
//!
//! A hold never takes the available balance below zero (our rule,
//! docs/decisions/reserves.md).

use super::sale::{self, Sale};
use super::walk::newest_standing;
use super::{
    HoldSource, MOST_DAYS, MOST_HOLDS, ReserveHoldState, ReserveRefusal, is_in_time, refuse_account,
};
use crate::account::Details;
use crate::books::{Book, Draft, Kind, State};
use crate::calendar::Timestamp;
use crate::charge::{ChargeRefusal, Purse};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, ReserveHoldId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};
use crate::transfer::TransferRefusal;

/// Holds money of an account back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreateReserveHold {
    /// Whose.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// The sale whose money it is; the available balance as a whole where absent.
    pub source: Option<HoldSource>,
    /// The instant after which it is released, within 180 days.
    pub release_after: Timestamp,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

impl Verb for CreateReserveHold {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        if let Some(source) = self.source {
            sale::needs(source, loaded, needs);
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let (account, amount) = (self.account, self.amount);
        if amount.minor <= 0 {
            return Err(ReserveRefusal::NotPositive { asked: amount }.into());
        }
        if !is_in_time(context.now, self.release_after) {
            return Err(ReserveRefusal::Schedule { most: MOST_DAYS }.into());
        }
        Details::check(self.details.as_deref()).map_err(|error| ReserveRefusal::Details { error })?;
        refuse_account(ledger, account)?;
        let sale = self.source.map(|source| self.sale(loaded, source)).transpose()?;
        if let (Some(sale), Some(source)) = (&sale, self.source) {
            self.refuse_source(scene, sale, source)?;
        }
        let covered = there(scene, (account, amount.currency), sale.as_ref());
        if amount.minor > covered {
            let covered = Money::new(amount.currency, covered);
            return Err(ReserveRefusal::NotCovered { asked: amount, covered }.into());
        }

        let (source, release_after) = (self.source, self.release_after);
        let state = ReserveHoldState {
            account,
            amount,
            released: 0,
            source,
            plan: None,
            release_after,
            previous_of_day: None,
            previous_of_plan: None,
            previous_of_sale: None,
        };
        Ok(held(scene, state, sale).told(self.details.clone()).into())
    }
}

impl CreateReserveHold {
    fn sale(&self, loaded: &Loaded, source: HoldSource) -> Result<Sale, Refusal> {
        let sale = Sale::of(loaded, source).ok_or(match source {
            HoldSource::Charge(charge) => Refusal::from(ChargeRefusal::Unknown { charge }),
            HoldSource::Transfer(transfer) => TransferRefusal::Unknown { transfer }.into(),
        })?;
        if sale.money_of() != (self.account, self.amount.currency) {
            return Err(ReserveRefusal::OtherSource { account: self.account }.into());
        }
        Ok(sale)
    }

    fn refuse_source(&self, scene: &Scene<'_>, sale: &Sale, source: HoldSource) -> Result<(), Refusal> {
        let asked = self.amount;
        let (mut held, mut holds): (Minor, usize) = (0, 0);
        for (_, hold) in sale::standing(source, scene.loaded) {
            held += hold.left();
            holds += 1;
        }
        if holds >= MOST_HOLDS {
            return Err(ReserveRefusal::ManyHolds { most: MOST_HOLDS }.into());
        }
        let left = Money::new(asked.currency, (sale.left() - held).max(0));
        if asked.minor > left.minor {
            return Err(ReserveRefusal::ExceedsSource { asked, left }.into());
        }
        Ok(())
    }
}

/// What can be held: what the sale has pending, and what the account has available.
pub(super) fn there(scene: &Scene<'_>, of: (AccountId, Currency), sale: Option<&Sale>) -> Minor {
    let (account, currency) = of;
    let available = scene.ledger.account(account).map_or(0, |holder| holder.available(currency));
    let pending = sale.map_or(0, |sale| sale.purse(scene.context.now.day()).pending_before());
    available.max(0) + pending
}

/// The step by which a hold is made, of what its sale has pending first. The hold names those
/// before it, and its sale names the hold.
pub(super) fn held(scene: &Scene<'_>, mut state: ReserveHoldState, mut sale: Option<Sale>) -> Moved {
    let Scene { ledger, loaded, context } = *scene;
    let id = ReserveHoldId::new(context.position, 0);
    let (account, amount) = (state.account, state.amount);
    let today = context.now.day();
    let mut purse = sale.as_ref().map_or_else(|| Purse::available(account), |sale| sale.purse(today));
    let mut draft = Draft::new(amount.currency);
    purse.debit(&mut draft, Kind::ReserveHold, amount.minor);
    draft.credit(Book::Account(account, State::Reserved), Kind::ReserveHold, amount.minor);

    if amount.minor > 0 {
        state.previous_of_day = ledger.reserves.newest_of_day(state.release_day());
        let of_plan = state.plan.and_then(|plan| ledger.reserves.of_plan(plan));
        state.previous_of_plan = of_plan.map(|held| held.newest);
        if let Some(sale) = &mut sale {
            state.previous_of_sale = sale.newest().and_then(|newest| newest_standing(newest, loaded));
            sale.hold(id);
        }
    }
    let hold = Record::ReserveHold(id, state);
    let moved = Moved::new(Step::ReserveHeld, hold).of(amount.minor);
    let changed = sale.map_or_else(Vec::new, |sale| sale.changed(&purse, today, amount.minor > 0));
    let moved = changed.into_iter().fold(moved, |moved, record| moved.beside(record, 0));
    moved.booked(draft, ledger)
}
