//! Releasing held money: by hand all of it or a part, on its day and with its plan the rest
//! (<https://docs.stripe.com/api/reserve/release>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, reserved | amount | |
//! | account, pending while the sale is, else available | | amount |
//!
//! Money of a sale of several captures becomes pending for the day of the newest one. Where a
//! hold took other money too, because fees left less of the sale, no more than the sale's amount
//! becomes pending; the rest is available.

use super::sale::{self, Sale};
use super::{ReserveHoldState, ReserveRefusal};
use crate::books::{Book, Draft, Kind, State};
use crate::charge::Purse;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ReserveHoldId;
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Releases held money before its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReleaseReserveHold {
    /// Which hold.
    pub hold: ReserveHoldId,
    /// How much, in the hold's currency; all that is left where absent.
    pub amount: Option<Minor>,
}

impl Verb for ReleaseReserveHold {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.hold);
        if let Some(source) = loaded.get(self.hold).and_then(|hold| hold.source) {
            sale::needs(source, loaded, needs);
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.hold;
        let hold = scene.loaded.get(id).ok_or(ReserveRefusal::UnknownHold { hold: id })?;
        let left = Money::new(hold.amount.currency, hold.left());
        let asked = Money::new(left.currency, self.amount.unwrap_or(left.minor));
        if self.amount.is_some_and(|amount| amount <= 0) {
            return Err(ReserveRefusal::NotPositive { asked }.into());
        }
        if asked.minor > left.minor || left.minor == 0 {
            return Err(ReserveRefusal::ExceedsHold { asked, left }.into());
        }
        Ok(released(scene, (id, hold), asked.minor, Step::ReserveReleasedEarly).into())
    }
}

/// The step by which a part of a hold is released, back into its sale.
pub(super) fn released(
    scene: &Scene<'_>,
    (id, hold): (ReserveHoldId, &ReserveHoldState),
    amount: Minor,
    step: Step,
) -> Moved {
    let Scene { ledger, loaded, context } = *scene;
    let (account, today) = (hold.account, context.now.day());
    let sale = hold.source.and_then(|source| Sale::of(loaded, source));
    let mut purse = sale.as_ref().map_or_else(|| Purse::available(account), |sale| sale.purse(today));
    let mut draft = Draft::new(hold.amount.currency);
    draft.debit(Book::Account(account, State::Reserved), Kind::ReserveRelease, amount);
    // What was held beyond the sale's own money did not come of it.
    let most = sale.as_ref().map_or(0, Sale::amount);
    purse.credit_up_to(most, &mut draft, Kind::ReserveRelease, amount);

    let state = ReserveHoldState { released: hold.released + amount, ..hold.clone() };
    let moved = Moved::new(step, Record::ReserveHold(id, state)).of(amount);
    let changed = sale.map_or_else(Vec::new, |sale| sale.changed(&purse, today, false));
    let moved = changed.into_iter().fold(moved, |moved, record| moved.beside(record, 0));
    moved.booked(draft, ledger)
}
