//! Refunding: what the refunds of all charge types have in common.

use std::hash::{Hash, Hasher};

use super::by_liability;
use super::carry_out::{Done, Recovered, carry_out};
use super::{OnShortfall, Reason, Recover, RefundRefusal, RefundState, RefundStatus};
use crate::books::{Entry, State};
use crate::charge::{ChargeRefusal, ChargeState, ChargeType};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{AccountId, ChargeId, RefundId, ReversalId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refund::Taken;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};
use crate::transfer::{ReversalState, TransferRefusal, TransferState};

/// Of how many transfers one refund takes back at most, so that its event fits a frame.
pub const MOST_RECOVERED: usize = 50;

/// Gives a payer money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Which charge.
    pub charge: ChargeId,
    /// How much, in the charge's currency; all that is left where absent.
    pub amount: Option<Minor>,
    /// What is taken back from sellers; nothing by default.
    pub recover: Recover,
    /// Whether the application fee is given back in proportion. Off by default.
    pub refund_application_fee: bool,
    /// Why, if it is said.
    pub reason: Option<Reason>,
    /// What becomes of it where its payer cannot cover it; the ledger's setting where absent.
    pub on_shortfall: Option<OnShortfall>,
}

/// What was never asked leaves no mark, so that a request has the fingerprint that it had
/// before it could be.
impl Hash for Refund {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { charge, amount, recover, refund_application_fee, reason, on_shortfall } = self;
        (charge, amount).hash(state);
        match recover {
            Recover::None => false.hash(state),
            Recover::OwnTransfer => true.hash(state),
            Recover::Exactly(parts) => {
                2_u8.hash(state);
                parts.hash(state);
            }
            Recover::ByLiability(by) => {
                3_u8.hash(state);
                by.splits.hash(state);
            }
        }
        (refund_application_fee, reason).hash(state);
        if let Some(on_shortfall) = on_shortfall {
            on_shortfall.hash(state);
        }
    }
}

/// A refund as it was made, where it was done at once and takes back of one transfer at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// Which charge.
    pub id: ChargeId,
    /// What the payer got back.
    pub amount: Minor,
    /// What of the transfer was reversed with it: ordinal 1 of the event, where above zero.
    pub reversed: Minor,
    /// What of the application fee was given back with it.
    pub fee_refunded: Minor,
    /// Why, if it was said.
    pub reason: Option<Reason>,
    /// The charge as it stands after.
    pub charge: ChargeState,
    /// Its transfer as it stands after, where it was reversed.
    pub transfer: Option<(TransferId, TransferState)>,
    /// The books.
    pub entry: Entry,
}

impl Refund {
    /// A refund of all that is left, with both flags off as in Connect.
    #[must_use]
    pub fn full(charge: ChargeId) -> Self {
        Self {
            charge,
            amount: None,
            recover: Recover::None,
            refund_application_fee: false,
            reason: None,
            on_shortfall: None,
        }
    }
}

impl Verb for Refund {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        let charge = loaded.get(self.charge);
        needs.add_all(charge.and_then(|charge| charge.own_transfer(self.charge)));
        if self.recover == Recover::OwnTransfer {
            needs.add_all(charge.iter().flat_map(|charge| charge.disputes()).copied());
        }
        match &self.recover {
            Recover::Exactly(parts) if parts.len() <= MOST_RECOVERED => {
                needs.add_all(parts.iter().map(|(transfer, _)| *transfer));
            }
            Recover::ByLiability(by) => by_liability::needs(self.charge, &by.splits, loaded, needs),
            Recover::None | Recover::OwnTransfer | Recover::Exactly(_) => {}
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let charge = scene.loaded.get(self.charge).ok_or(ChargeRefusal::Unknown { charge: self.charge })?;
        charge.refuse_unless_succeeded()?;
        let amount = self.amount.unwrap_or_else(|| charge.refundable());
        refuse(charge, self, amount)?;
        refuse_recovery(charge, self, scene.loaded)?;

        let id = RefundId::new(scene.context.position, 0);
        let refund = self.state(charge, amount, scene.loaded);
        let mut counted = charge.clone();
        counted.refunded += amount;
        // Only what may wait is needed again where it is not covered.
        let kept = self.waits(scene).then(|| (refund.clone(), counted.clone()));
        match (carry_out(scene, refund, counted), kept) {
            (Ok(done), _) if Refunded::tells(&done) => Ok(at_once(done, scene)),
            (Ok(done), _) => Ok(done.moved(Step::RefundCreated, id, scene).into()),
            (Err(short), Some((refund, counted))) => {
                let status = RefundStatus::Waiting { payer: short.payer, need: short.need };
                let waiting = Record::Refund(id, RefundState { status, ..refund });
                let counted = Record::Charge(self.charge, counted);
                Ok(Moved::new(Step::RefundCreated, waiting).beside(counted, 0).into())
            }
            (Err(short), None) => Err(short.refusal),
        }
    }
}

impl Refund {
    /// The refund as it stands where it is done.
    fn state(&self, charge: &ChargeState, amount: Minor, loaded: &Loaded) -> RefundState {
        let recover = match &self.recover {
            Recover::ByLiability(by) => {
                Recover::ByLiability(by_liability::borne(self.charge, charge, amount, &by.splits, loaded))
            }
            Recover::None | Recover::OwnTransfer | Recover::Exactly(_) => self.recover.clone(),
        };
        RefundState {
            charge: self.charge,
            owner: charge.owner,
            seller: charge.seller,
            amount: Money::new(charge.currency, amount),
            status: RefundStatus::Succeeded,
            reason: self.reason,
            recover,
            with_fee: self.refund_application_fee,
            taken: [].into_iter().collect(),
            fee_refunded: 0,
            drawn: 0,
            fee_drawn: 0,
            booked_at: 0,
            transfer_group: charge.transfer_group.clone(),
        }
    }

    fn waits(&self, scene: &Scene<'_>) -> bool {
        let setting = scene.ledger.settings().map(|settings| settings.on_shortfall);
        self.on_shortfall.or(setting) == Some(OnShortfall::Wait)
    }
}

impl Refunded {
    /// Whether the event of a refund that is done at once tells all of this one: it has room
    /// for one transfer and for no hold, and of the fee for what went back, not for whether any
    /// was to.
    fn tells(done: &Done<'_>) -> bool {
        let one = matches!(done.refund.recover, Recover::None | Recover::OwnTransfer);
        let held = || done.parts.recovered.iter().any(|recovered| recovered.transfer.held.is_some());
        one && done.parts.freeing.is_empty()
            && !held()
            && !(done.refund.with_fee && done.refund.fee_refunded == 0)
    }

    /// What the entry drew from an account's available balance, less what it put there.
    fn drawn(&self, account: AccountId) -> Minor {
        let available = Some((account, State::Available));
        let its = self.entry.postings().iter().filter(|posting| posting.book.owner() == available);
        its.fold(0, |drawn, posting| drawn.saturating_add(posting.amount))
    }

    /// The refund that an event at a position made, and its reversal.
    pub(crate) fn records(&self, position: u64, mut with: impl FnMut(Record)) {
        let id = RefundId::new(position, 0);
        let currency = self.charge.currency;
        let direct = self.charge.charge_type == ChargeType::Direct;
        let mut state = RefundState {
            charge: self.id,
            owner: self.charge.owner,
            seller: self.charge.seller,
            amount: Money::new(currency, self.amount),
            status: RefundStatus::Succeeded,
            reason: self.reason,
            recover: if self.transfer.is_some() { Recover::OwnTransfer } else { Recover::None },
            with_fee: self.fee_refunded > 0,
            taken: [].into_iter().collect(),
            fee_refunded: self.fee_refunded,
            drawn: self.drawn(self.charge.owner),
            fee_drawn: if direct { self.drawn(AccountId::PLATFORM) } else { 0 },
            booked_at: position,
            transfer_group: self.charge.transfer_group.clone(),
        };
        if let Some((transfer_id, transfer)) = self.transfer.as_ref().filter(|_| self.reversed > 0) {
            let reversal = ReversalId::new(position, 1);
            let drawn = self.drawn(transfer.destination);
            state.taken.push(Taken { reversal, transfer: *transfer_id, amount: self.reversed, drawn });
            let made = ReversalState {
                transfer: *transfer_id,
                destination: transfer.destination,
                refund: Some(id),
                amount: Money::new(currency, self.reversed),
                fee_refunded: 0,
                given_back: 0,
                dispute: None,
                transfer_group: transfer.transfer_group.clone(),
            };
            with(Record::Reversal(reversal, made));
        }
        with(Record::Refund(id, state));
    }
}

fn at_once(done: Done<'_>, scene: &Scene<'_>) -> Events {
    let Done { refund, parts, draft } = done;
    let reversed = refund.reversed();
    let transfer = parts.recovered.into_iter().next();
    let refunded = Refunded {
        id: refund.charge,
        amount: refund.amount.minor,
        reversed,
        fee_refunded: refund.fee_refunded,
        reason: refund.reason,
        charge: parts.charge,
        transfer: transfer.map(|Recovered { id, transfer, .. }| (id, transfer)),
        entry: draft.number(scene.ledger),
    };
    Events::from_iter([Event::ChargeRefunded(Box::new(refunded))])
}

fn refuse(charge: &ChargeState, command: &Refund, amount: Minor) -> Result<(), RefundRefusal> {
    let asked = Money::new(charge.currency, amount);
    let left = Money::new(charge.currency, charge.refundable());
    if command.amount.is_some_and(|amount| amount <= 0) {
        return Err(RefundRefusal::NotPositive { asked });
    }
    if left.minor == 0 && charge.refunded < charge.amount && charge.disputed() > 0 {
        let disputed = Money::new(charge.currency, charge.disputed());
        return Err(RefundRefusal::Disputed { disputed });
    }
    if left.minor == 0 {
        return Err(RefundRefusal::NothingLeft);
    }
    if amount > left.minor {
        return Err(RefundRefusal::ExceedsCharge { asked, left });
    }
    let destination = charge.charge_type == ChargeType::Destination;
    let own_transfer = command.recover == Recover::OwnTransfer;
    if own_transfer && !destination {
        return Err(RefundRefusal::NoTransfer);
    }
    if command.refund_application_fee && charge.application_fee == 0 {
        return Err(RefundRefusal::NoFee);
    }
    if command.refund_application_fee && destination && !own_transfer {
        return Err(RefundRefusal::FeeWithoutTransfer);
    }
    Ok(())
}

/// The rules of naming transfers: a separate charge's own, few, each once, and no more of
/// each than is left of it.
fn refuse_recovery(charge: &ChargeState, command: &Refund, loaded: &Loaded) -> Result<(), Refusal> {
    if matches!(command.recover, Recover::None | Recover::OwnTransfer) {
        return Ok(());
    }
    if charge.charge_type != ChargeType::Separate {
        return Err(RefundRefusal::RecoveryOfOtherCharge.into());
    }
    if let Recover::ByLiability(by) = &command.recover {
        return by_liability::refuse(command.charge, &by.splits, loaded);
    }
    let Recover::Exactly(parts) = &command.recover else {
        return Ok(());
    };
    if parts.len() > MOST_RECOVERED {
        return Err(RefundRefusal::ManyTransfers { named: parts.len() }.into());
    }
    for (index, (id, amount)) in parts.iter().enumerate() {
        let transfer = loaded.get(*id).ok_or(TransferRefusal::Unknown { transfer: *id })?;
        if transfer.source_charge != Some(command.charge) {
            return Err(RefundRefusal::RecoveryOfOtherTransfer { transfer: *id }.into());
        }
        if parts.iter().skip(index + 1).any(|(other, _)| other == id) {
            return Err(RefundRefusal::TransferTwice { transfer: *id }.into());
        }
        let money = |minor| Money::new(transfer.currency, minor);
        if *amount <= 0 {
            return Err(TransferRefusal::NotPositive { asked: money(*amount) }.into());
        }
        if *amount > transfer.reversible() {
            let (asked, left) = (money(*amount), money(transfer.reversible()));
            return Err(TransferRefusal::ExceedsTransfer { asked, left }.into());
        }
    }
    Ok(())
}
