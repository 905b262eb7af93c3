//! Charging: what the three charge types have in common.

use std::hash::{Hash, Hasher};

use super::booking::Booking;
use super::seller::merchant;
use super::{
    ChargeKind, ChargeMore, ChargeRefusal, ChargeStanding, ChargeState, ChargeType, LARGEST_AMOUNT,
    MOST_TAKEN_IN, ProcessingFee, destination, direct, separate,
};
use crate::account::{Account, Details};
use crate::books::{Draft, Entry};
use crate::calendar::Day;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{AccountId, ChargeId, RailId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::rail::{MOST_RAILS, RailName, RailRefusal};
use crate::refusal::Refusal;
use crate::settings::{FeePayer, LedgerRefusal, Settings};
use crate::transfer::TransferState;

/// Takes money from a payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// What the payer pays.
    pub amount: Money,
    /// The rail that it comes in on.
    pub rail: RailName,
    /// Where it lives and who shares in it.
    pub kind: ChargeKind,
    /// The connected account that is merchant of record of a destination or separate charge,
    /// where the platform is not: its prices, its delay
    /// (<https://docs.stripe.com/connect/destination-charges#settlement-merchant>).
    pub on_behalf_of: Option<AccountId>,
    /// The processor's fee, where not that of the merchant of record or else the ledger's.
    pub processing_fee: Option<ProcessingFee>,
    /// A free text that ties charges and transfers.
    pub transfer_group: Option<Box<str>>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

/// What was added later counts only where it is there: a request that was made before means the
/// same as it did.
impl Hash for Charge {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { amount, rail, kind, processing_fee, transfer_group, details, on_behalf_of } = self;
        (amount, rail, kind, processing_fee, transfer_group, details).hash(state);
        // A tag that no `Option` writes, so that nothing that follows is taken for it.
        if let Some(merchant) = on_behalf_of {
            (2_u8, merchant).hash(state);
        }
    }
}

/// A charge as it was made: the charge, its own transfer, and one entry for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    /// The charge, ordinal 0 of its event.
    pub charge: ChargeState,
    /// A destination charge's transfer, ordinal 1 of the same event.
    pub transfer: Option<TransferState>,
    /// Who paid the processing fee.
    pub fee_payer: AccountId,
    /// The books.
    pub entry: Entry,
    /// The caller's own words.
    pub details: Option<Box<Details>>,
}

/// What every charge type starts from.
pub(super) struct Start<'a> {
    pub(super) command: &'a Charge,
    pub(super) rail: RailId,
    pub(super) available_on: Day,
    pub(super) today: Day,
    pub(super) rate: ProcessingFee,
    pub(super) processing_fee: Minor,
    pub(super) fee_payer: FeePayer,
}

impl Charge {
    /// What its state has beyond what all have.
    pub(super) fn more(&self, standing: ChargeStanding, authorised: Minor) -> ChargeMore {
        ChargeMore { on_behalf_of: self.on_behalf_of, ..ChargeMore::new(standing, authorised) }
    }

    /// A separate charge without group or details.
    #[must_use]
    pub fn separate(amount: Money, rail: RailName) -> Self {
        Self {
            amount,
            rail,
            kind: ChargeKind::Separate,
            on_behalf_of: None,
            processing_fee: None,
            transfer_group: None,
            details: None,
        }
    }
}

impl Verb for Charge {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let ledger = scene.ledger;
        let (start, opened) = start(self, scene)?;
        let id = first_id(scene, opened.as_ref());
        let (mut charge, transfer, fee_payer, draft) = start.book(id);
        if self.on_behalf_of.is_some() {
            let more = self.more(ChargeStanding::Succeeded, charge.amount);
            let transfer = transfer.as_ref().map(|_| id.destination_transfer());
            charge.more = Some(Box::new(ChargeMore { transfer, ..more }));
        }
        let entry = draft.number(ledger);
        let details = self.details.clone();
        let charged =
            Event::ChargeSucceeded(Box::new(Charged { charge, transfer, fee_payer, entry, details }));
        Ok(opened.into_iter().chain([charged]).collect())
    }
}

/// The id of the charge that is made after its rail was opened, where it is new.
pub(super) fn first_id(scene: &Scene<'_>, opened: Option<&Event>) -> ChargeId {
    ChargeId::new(scene.context.position + u64::from(opened.is_some()), 0)
}

/// The ladder that every way of charging has; then what it starts from, and the event that
/// opens its rail where that is new.
pub(super) fn start<'a>(
    command: &'a Charge,
    scene: &Scene<'_>,
) -> Result<(Start<'a>, Option<Event>), Refusal> {
    let Scene { ledger, context, .. } = *scene;
    let settings = ledger.settings().ok_or(LedgerRefusal::NotOpen)?;
    refuse_amount(ledger, settings, command)?;
    refuse_texts(command)?;
    let merchant = merchant(ledger, settings, command)?;
    let merchants_fee = || merchant.and_then(|merchant| merchant.processing_fee.as_deref().copied());
    let rate = command.processing_fee.or_else(merchants_fee).unwrap_or(settings.processing_fee);
    let processing_fee = rate.on(command.amount.minor);
    refuse_fees(command, processing_fee)?;
    let (rail, opened) = rail(ledger, &command.rail)?;

    let today = context.now.day();
    let available_on = available_on(ledger, merchant, today, command.amount.currency);
    let fee_payer = match command.kind {
        ChargeKind::Direct { account, .. } => ledger.fee_payer(account),
        ChargeKind::Destination { .. } | ChargeKind::Separate => FeePayer::Platform,
    };
    Ok((Start { command, rail, available_on, today, rate, processing_fee, fee_payer }, opened))
}

/// From the start of which day money that comes in today is available. Where a connected account
/// is merchant of record, that is also by its own delay, and under a controller by its country's;
/// neither undercuts the platform's, of whichever kind of days.
pub(super) fn available_on(
    ledger: &Ledger,
    merchant: Option<&Account>,
    today: Day,
    currency: Currency,
) -> Day {
    let platforms = ledger.platform_delay().from(today, currency);
    let own = merchant.and_then(|merchant| merchant.delay);
    let countrys = merchant.and_then(Account::country_delay);
    [own, countrys].into_iter().flatten().fold(platforms, |day, delay| day.max(delay.from(today, currency)))
}

fn refuse_amount(ledger: &Ledger, settings: &Settings, command: &Charge) -> Result<(), Refusal> {
    let asked = command.amount;
    if asked.minor <= 0 {
        return Err(ChargeRefusal::NotPositive { asked }.into());
    }
    if asked.currency == settings.currency && asked.minor < settings.minimum_charge {
        let minimum = Money::new(settings.currency, settings.minimum_charge);
        return Err(ChargeRefusal::BelowMinimum { asked, minimum }.into());
    }
    if command.rail.as_str() == RailName::BANK {
        return Err(ChargeRefusal::Bank.into());
    }
    let taken_in = ledger.taken_in(asked.currency);
    if asked.minor > LARGEST_AMOUNT || taken_in + i128::from(asked.minor) > MOST_TAKEN_IN {
        return Err(ChargeRefusal::TooLarge { asked }.into());
    }
    Ok(())
}

fn refuse_texts(command: &Charge) -> Result<(), Refusal> {
    Details::check(command.details.as_deref()).map_err(|error| ChargeRefusal::Details { error })?;
    match &command.transfer_group {
        Some(group) if group.is_empty() || group.len() > 255 => Err(ChargeRefusal::TransferGroup.into()),
        Some(_) | None => Ok(()),
    }
}

fn refuse_fees(command: &Charge, processing_fee: Minor) -> Result<(), Refusal> {
    let charge = command.amount;
    let money = |minor| Money::new(charge.currency, minor);
    match command.kind {
        ChargeKind::Direct { application_fee: fee, .. }
        | ChargeKind::Destination { share: super::DestinationShare::LessApplicationFee(fee), .. }
            if !(0..=charge.minor).contains(&fee) =>
        {
            return Err(ChargeRefusal::ApplicationFee { asked: money(fee), charge }.into());
        }
        ChargeKind::Destination { share: super::DestinationShare::Amount(amount), .. }
            if !(1..=charge.minor).contains(&amount) =>
        {
            return Err(ChargeRefusal::TransferAmount { asked: money(amount), charge }.into());
        }
        ChargeKind::Direct { .. } | ChargeKind::Destination { .. } | ChargeKind::Separate => {}
    }
    if !(0..=charge.minor).contains(&processing_fee) {
        return Err(ChargeRefusal::ProcessingFee { fee: money(processing_fee), charge }.into());
    }
    Ok(())
}

/// The rail of that name, and the event that opens it where it is new.
fn rail(ledger: &Ledger, name: &RailName) -> Result<(RailId, Option<Event>), Refusal> {
    if let Some(rail) = ledger.rail(name) {
        return Ok((rail, None));
    }
    let next = ledger.rail_names().len();
    match u16::try_from(next) {
        Ok(number) if next < MOST_RAILS => {
            let rail = RailId(number);
            Ok((rail, Some(Event::RailOpened { rail, name: name.clone() })))
        }
        Ok(_) | Err(_) => Err(RailRefusal::TooMany.into()),
    }
}

impl Start<'_> {
    /// Books the whole charge, by its type.
    pub(super) fn book(&self, id: ChargeId) -> (ChargeState, Option<TransferState>, AccountId, Draft) {
        let draft = Draft::new(self.command.amount.currency);
        match self.command.kind {
            ChargeKind::Direct { account, application_fee } => {
                direct::book(self, account, application_fee, draft)
            }
            ChargeKind::Destination { account, share } => destination::book(self, id, account, share, draft),
            ChargeKind::Separate => separate::book(self, draft),
        }
    }

    /// What is booked of the whole charge.
    pub(super) fn booking(&self, application_fee: Minor, moved: Minor) -> Booking {
        let (rail, amount, processing_fee) = (self.rail, self.command.amount.minor, self.processing_fee);
        Booking { rail, amount, released: 0, application_fee, processing_fee, moved }
    }

    /// The charge's state before anything is booked.
    pub(super) fn charge(
        &self,
        charge_type: ChargeType,
        owner: AccountId,
        seller: Option<AccountId>,
    ) -> ChargeState {
        ChargeState {
            charge_type,
            owner,
            seller,
            rail: self.rail,
            currency: self.command.amount.currency,
            amount: self.command.amount.minor,
            available_on: self.available_on,
            processing_fee: self.processing_fee,
            application_fee: 0,
            transferred: 0,
            refunded: 0,
            refunded_reversing: 0,
            refunded_with_fee: 0,
            fee_refunded: 0,
            pending_left: 0,
            fee_pending_left: 0,
            transfer_group: self.command.transfer_group.clone(),
            more: None,
        }
    }
}
