//! Splitting charges by a rule: what moves at once is booked as by a split (`fill.rs`), and
//! what waits for something is reserved of its charge (docs/decisions/split-rules.md).

use super::create::{load_charges, one_currency, refuse_charges};
use super::release::Booking;
use super::rule::{Awaited, CheckedRule, SplitRuleRefusal};
use super::state::{Piece, SharedPart, Source, SplitState};
use super::{Share, SplitRefusal};
use crate::account::Details;
use crate::charge::{ChargeState, sharing_account};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{ChargeId, SplitId, SplitRuleId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Shares charges among sellers by a split rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SplitByRule {
    /// The charges, in the order in which they are used up.
    pub charges: Vec<ChargeId>,
    /// The rule.
    pub rule: SplitRuleId,
    /// Which of its versions; the newest where none is named.
    pub version: Option<u16>,
    /// The group that every charge must be of, where it is given.
    pub transfer_group: Option<Box<str>>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

impl Verb for SplitByRule {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add_all(self.charges.iter().copied());
        needs.add(self.rule);
        needs.add_all(loaded.get(self.rule).and_then(|rule| rule.version(self.version)));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        refuse_charges(&self.charges)?;
        Details::check(self.details.as_deref()).map_err(|error| SplitRefusal::Details { error })?;
        let charges = load_charges(loaded, &self.charges, self.transfer_group.as_deref())?;
        let currency = one_currency(&charges)?;
        let (version, rule) = self.rule(loaded, currency)?;
        for part in &rule.rule().parts {
            sharing_account(ledger, part.account)?;
        }
        let total: Minor = charges.iter().map(|(_, charge)| charge.transferable()).sum();
        if total == 0 {
            let nothing = Money::new(currency, 0);
            return Err(SplitRefusal::NetExceedsCharges { net: nothing, left: nothing }.into());
        }
        let shares = rule.divide(total)?;

        let source = |(id, charge): &(ChargeId, ChargeState)| Source {
            charge: *id,
            shared: charge.transferable(),
            refunded: charge.refunded,
        };
        let mut groups = charges.iter().map(|(_, charge)| charge.transfer_group.clone());
        let first = groups.next().flatten();
        let mut state = SplitState {
            rule: self.rule,
            version,
            currency,
            total,
            charges: charges.iter().map(source).collect(),
            parts: parts(rule, &shares, |awaited| awaited.still(context.now)),
            transfer_group: first.clone().filter(|_| groups.all(|group| group == first)),
        };
        let mut booking = Booking::new(scene, currency);
        booking.charges = charges.into_iter().map(|(id, charge)| (id, charge, 0)).collect();
        fill(&mut state, &mut booking);
        refuse_at_risk(&state, &booking)?;
        booking.charges.retain(|(id, ..)| state.pieces().any(|piece| piece.charge == *id));
        let id = SplitId::new(context.position, 0);
        Ok(booking.step(Step::ChargesShared, id, state, ledger).told(self.details.clone()).into())
    }
}

/// Refuses what a payment that fails late could not take back: too many transfers, and parts
/// that wait.
fn refuse_at_risk(state: &SplitState, booking: &Booking) -> Result<(), Refusal> {
    for (id, charge, _) in &booking.charges {
        charge.refuse_many_transfers()?;
        let may_fail = charge.more.as_ref().is_some_and(|more| more.asynchronous);
        if may_fail && state.held().any(|piece| piece.charge == *id) {
            return Err(SplitRefusal::WaitsAtRisk { charge: *id }.into());
        }
    }
    Ok(())
}

impl SplitByRule {
    /// The version that is asked for, with its number.
    fn rule<'a>(
        &self,
        loaded: &'a Loaded,
        charged: Currency,
    ) -> Result<(u16, &'a CheckedRule), SplitRuleRefusal> {
        let rule = loaded.get(self.rule).ok_or(SplitRuleRefusal::Unknown { rule: self.rule })?;
        let newest = rule.newest();
        let version = self.version.unwrap_or(newest);
        let stored = rule.version(Some(version)).and_then(|id| loaded.get(id));
        let stored = stored.ok_or(SplitRuleRefusal::Version { rule: self.rule, version, newest })?;
        if rule.currency != charged {
            return Err(SplitRuleRefusal::Currency { rule: rule.currency, charged });
        }
        Ok((version, &stored.rule))
    }
}

fn parts(
    rule: &CheckedRule,
    shares: &[Share],
    still: impl Fn(&Awaited) -> Option<Awaited>,
) -> Vec<SharedPart> {
    let parts = rule.rule().parts.iter().zip(rule.awaited()).zip(shares);
    let part = |((part, awaited), share): ((&super::rule::RulePart, &Awaited), &Share)| SharedPart {
        share: *share,
        liability: part.liability,
        // Where nothing moves nothing waits.
        awaits: still(awaited).filter(|_| share.net() > 0),
        pieces: Vec::new(),
    };
    parts.map(part).collect()
}

/// Fills the nets from the charges, both in their order; a net that spans charges is several
/// pieces. What waits is reserved.
fn fill(state: &mut SplitState, booking: &mut Booking) {
    let mut place = 0;
    for part in &mut state.parts {
        let mut wanted = part.share.net();
        while wanted > 0 {
            let Some((charge, source, _)) = booking.charges.get_mut(place) else {
                break;
            };
            let (charge, amount) = (*charge, wanted.min(source.transferable()));
            if amount == 0 {
                place += 1;
                continue;
            }
            let transfer = if part.awaits.is_some() {
                source.transferred += amount;
                None
            } else {
                booking.book(place, part.share.account, amount)
            };
            part.pieces.push(Piece { charge, amount, kept: 0, transfer });
            wanted -= amount;
        }
        assert_eq!(wanted, 0, "the nets were bounded by what is left of the charges");
    }
}
