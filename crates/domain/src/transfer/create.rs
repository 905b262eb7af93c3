//! Transferring money to a seller, from a charge or from the platform's balance.
//!
//! From a source charge, which may still be pending; the money matures with it:
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, pending (available once matured) | amount | |
//! | seller, pending (available once matured) | | amount |
//!
//! From the platform's balance:
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, available | amount | |
//! | seller, available | | amount |
//!
//! A transfer that names its charge succeeds whatever the platform's balance; what the
//! charge's own money cannot cover (its processing fee) the platform's available does.

use super::{TransferRefusal, TransferState};
use crate::account::Details;
use crate::books::{Draft, Entry, Kind};
use crate::charge::{ChargeRefusal, ChargeState, ChargeType, LARGEST_AMOUNT, Purse, sharing_account};
use crate::decide::{Context, Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{AccountId, ChargeId, TransferId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Moves money to a seller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// Who receives it.
    pub destination: AccountId,
    /// How much.
    pub amount: Money,
    /// The charge that it shares out; without one it comes from the platform's balance.
    pub source_charge: Option<ChargeId>,
    /// A free text that ties charges and transfers; the source charge's where absent.
    pub transfer_group: Option<Box<str>>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

/// A transfer as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transferred {
    /// The transfer, ordinal 0 of its event.
    pub transfer: TransferState,
    /// Its source charge as it stands after.
    pub charge: Option<Box<ChargeState>>,
    /// The books.
    pub entry: Entry,
    /// The caller's own words.
    pub details: Option<Box<Details>>,
}

impl Transfer {
    /// A transfer from the platform's balance, without group or details.
    #[must_use]
    pub fn new(destination: AccountId, amount: Money) -> Self {
        Self { destination, amount, source_charge: None, transfer_group: None, details: None }
    }
}

impl Verb for Transfer {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add_all(self.source_charge);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let charge = refuse(self, scene)?;
        let (asked, available) = (self.amount, platforms_available(scene.ledger, self.amount.currency));
        if charge.is_none() && asked.minor > available {
            let available = Money::new(asked.currency, available);
            return Err(TransferRefusal::PlatformShort { asked, available }.into());
        }

        make(self, charge, scene)
    }
}

/// A transfer that is made now, of a source charge that can still have one.
pub(super) fn make(
    command: &Transfer,
    charge: Option<ChargeState>,
    scene: &Scene<'_>,
) -> Result<Events, Refusal> {
    let event = record(scene.ledger, command, charge, scene.context);
    if let Event::TransferCreated(made) = &event
        && let Some(charge) = &made.charge
    {
        charge.refuse_many_transfers()?;
    }
    Ok(Events::from_iter([event]))
}

/// What the platform has available.
pub(super) fn platforms_available(ledger: &Ledger, currency: Currency) -> Minor {
    ledger.account(AccountId::PLATFORM).map_or(0, |platform| platform.available(currency))
}

/// Its source charge, where no rule but that of the platform's balance is broken.
pub(super) fn refuse(command: &Transfer, scene: &Scene<'_>) -> Result<Option<ChargeState>, Refusal> {
    let Scene { ledger, loaded, .. } = *scene;
    let asked = command.amount;
    if asked.minor <= 0 {
        return Err(TransferRefusal::NotPositive { asked }.into());
    }
    if asked.minor > LARGEST_AMOUNT {
        return Err(ChargeRefusal::TooLarge { asked }.into());
    }
    Details::check(command.details.as_deref()).map_err(|error| TransferRefusal::Details { error })?;
    if command.transfer_group.as_ref().is_some_and(|group| group.is_empty() || group.len() > 255) {
        return Err(ChargeRefusal::TransferGroup.into());
    }
    sharing_account(ledger, command.destination)?;
    command.source_charge.map(|id| source_charge(loaded, id, asked)).transpose()
}

/// The source charge, where that much of it is left to transfer.
fn source_charge(loaded: &Loaded, id: ChargeId, asked: Money) -> Result<ChargeState, Refusal> {
    let charge = loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?;
    if charge.charge_type != ChargeType::Separate {
        return Err(TransferRefusal::SourceType.into());
    }
    if charge.currency != asked.currency {
        return Err(TransferRefusal::Currency { asked: asked.currency, source: charge.currency }.into());
    }
    charge.refuse_without_money()?;
    if asked.minor > charge.transferable() {
        let left = Money::new(asked.currency, charge.transferable());
        return Err(TransferRefusal::ExceedsCharge { asked, left }.into());
    }
    Ok(charge.clone())
}

/// The transfer as it is made.
fn record(ledger: &Ledger, command: &Transfer, mut charge: Option<ChargeState>, context: &Context) -> Event {
    let Money { currency, minor } = command.amount;
    let today = context.now.day();
    let mut draft = Draft::new(currency);
    let (mut platforms, mut sellers) = match &charge {
        Some(charge) => (charge.purse(today), Purse::new(command.destination, charge.available_on, today, 0)),
        None => (Purse::available(AccountId::PLATFORM), Purse::available(command.destination)),
    };
    platforms.debit(&mut draft, Kind::Transfer, minor);
    sellers.credit(&mut draft, Kind::Transfer, minor);
    if let Some(charge) = &mut charge {
        charge.keep(&platforms);
        charge.share(TransferId::new(context.position, 0), minor);
    }

    let group = command.transfer_group.clone();
    let transfer = TransferState {
        destination: command.destination,
        currency,
        amount: minor,
        reversed: 0,
        source_charge: command.source_charge,
        available_on: charge.as_ref().map_or(today, |charge| charge.available_on.max(today)),
        pending_left: sellers.pending_left(),
        transfer_group: group.or_else(|| charge.as_ref().and_then(|charge| charge.transfer_group.clone())),
        queue: None,
        held: None,
    };
    let entry = draft.number(ledger);
    Event::TransferCreated(Box::new(Transferred {
        transfer,
        charge: charge.map(Box::new),
        entry,
        details: command.details.clone(),
    }))
}
