//! Splitting one or more charges among sellers.

use super::fill::fill;
use super::shares::shares;
use super::{MOST_CHARGES, MOST_PARTS, Part, SplitMade, SplitRefusal};
use crate::account::Details;
use crate::books::Draft;
use crate::charge::{ChargeRefusal, ChargeState, ChargeType, sharing_account};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::ChargeId;
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Shares charges among sellers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Split {
    /// The charges, in the order in which they are used up.
    pub charges: Vec<ChargeId>,
    /// The group that every charge must be of, where it is given.
    pub transfer_group: Option<Box<str>>,
    /// The sellers' parts, in the order in which they are filled.
    pub parts: Vec<Part>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

impl Verb for Split {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add_all(self.charges.iter().copied());
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        if self.charges.is_empty() || self.parts.is_empty() {
            return Err(SplitRefusal::Empty.into());
        }
        if self.parts.len() > MOST_PARTS {
            return Err(SplitRefusal::TooMany.into());
        }
        refuse_charges(&self.charges)?;
        Details::check(self.details.as_deref()).map_err(|error| SplitRefusal::Details { error })?;
        let mut charges = load_charges(loaded, &self.charges, self.transfer_group.as_deref())?;
        let currency = one_currency(&charges)?;
        refuse_accounts(ledger, &self.parts)?;
        let left: Minor = charges.iter().map(|(_, charge)| charge.transferable()).sum();
        let shares = shares(currency, left, &self.parts)?;
        let net: Minor = shares.iter().map(super::Share::net).sum();
        if net > left || left == 0 {
            let (net, left) = (Money::new(currency, net), Money::new(currency, left));
            return Err(SplitRefusal::NetExceedsCharges { net, left }.into());
        }

        let mut draft = Draft::new(currency);
        let transfers = fill(&mut charges, &shares, context, &mut draft);
        charges.iter().try_for_each(|(_, charge)| charge.refuse_many_transfers())?;
        let entry = draft.number(ledger);
        let details = self.details.clone();
        let made = SplitMade { shares, charges, transfers, entry, details };
        Ok(Events::from_iter([Event::ChargesSplit(Box::new(made))]))
    }
}

/// Refuses no charge, too many, and one that is named twice.
pub(super) fn refuse_charges(charges: &[ChargeId]) -> Result<(), SplitRefusal> {
    if charges.is_empty() {
        return Err(SplitRefusal::Empty);
    }
    if charges.len() > MOST_CHARGES {
        return Err(SplitRefusal::TooMany);
    }
    for (index, charge) in charges.iter().enumerate() {
        if charges.iter().take(index).any(|earlier| earlier == charge) {
            return Err(SplitRefusal::ChargeTwice { charge: *charge });
        }
    }
    Ok(())
}

/// The charges, which must be separate ones, of the group where one is given.
pub(super) fn load_charges(
    loaded: &Loaded,
    ids: &[ChargeId],
    transfer_group: Option<&str>,
) -> Result<Vec<(ChargeId, ChargeState)>, Refusal> {
    let mut charges = Vec::with_capacity(ids.len());
    for id in ids {
        let charge = loaded.get(*id).ok_or(ChargeRefusal::Unknown { charge: *id })?;
        if charge.charge_type != ChargeType::Separate {
            return Err(SplitRefusal::ChargeType { charge: *id }.into());
        }
        if transfer_group.is_some() && transfer_group != charge.transfer_group.as_deref() {
            return Err(SplitRefusal::Group { charge: *id }.into());
        }
        charge.refuse_without_money()?;
        charges.push((*id, charge.clone()));
    }
    Ok(charges)
}

/// The currency of all charges.
pub(super) fn one_currency(charges: &[(ChargeId, ChargeState)]) -> Result<Currency, SplitRefusal> {
    let mut currencies = charges.iter().map(|(_, charge)| charge.currency);
    let first = currencies.next().ok_or(SplitRefusal::Empty)?;
    match currencies.find(|currency| *currency != first) {
        Some(other) => Err(SplitRefusal::Currency { first, other }),
        None => Ok(first),
    }
}

fn refuse_accounts(ledger: &Ledger, parts: &[Part]) -> Result<(), Refusal> {
    for (index, part) in parts.iter().enumerate() {
        sharing_account(ledger, part.account)?;
        if parts.iter().take(index).any(|earlier| earlier.account == part.account) {
            return Err(SplitRefusal::AccountTwice { account: part.account }.into());
        }
    }
    Ok(())
}
