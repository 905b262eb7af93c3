//! Charging: what the three charge types have in common.

use super::booking::Booking;
use super::{
    ChargeKind, ChargeRefusal, ChargeState, ChargeType, LARGEST_AMOUNT, MOST_TAKEN_IN, ProcessingFee,
    destination, direct, separate,
};
use crate::account::{Account, Details, Gate};
use crate::books::{Draft, Entry};
use crate::calendar::Day;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{AccountId, ChargeId, RailId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::rail::{MOST_RAILS, RailName, RailRefusal};
use crate::refusal::Refusal;
use crate::settings::{FeePayer, LedgerRefusal, LossBearer, Settings};
use crate::transfer::{TransferState, refuse_abroad};

/// Takes money from a payer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Charge {
    /// What the payer pays.
    pub amount: Money,
    /// The rail that it comes in on.
    pub rail: RailName,
    /// Where it lives and who shares in it.
    pub kind: ChargeKind,
    /// The processor's fee, where not the ledger's.
    pub processing_fee: Option<ProcessingFee>,
    /// A free text that ties charges and transfers.
    pub transfer_group: Option<Box<str>>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
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
    /// A separate charge without group or details.
    #[must_use]
    pub fn separate(amount: Money, rail: RailName) -> Self {
        Self {
            amount,
            rail,
            kind: ChargeKind::Separate,
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
        let (charge, transfer, fee_payer, draft) = start.book(id);
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
    let seller = refuse_seller(ledger, settings, command)?;
    let rate = command.processing_fee.unwrap_or(settings.processing_fee);
    let processing_fee = rate.on(command.amount.minor);
    refuse_fees(command, processing_fee)?;
    let (rail, opened) = rail(ledger, &command.rail)?;

    let today = context.now.day();
    let direct = seller.filter(|_| matches!(command.kind, ChargeKind::Direct { .. }));
    let available_on = available_on(ledger, direct, today, command.amount.currency);
    let fee_payer = settings.fee_payer;
    Ok((Start { command, rail, available_on, today, rate, processing_fee, fee_payer }, opened))
}

/// From the start of which day money that comes in today is available; that of a direct charge
/// also by its seller's own delay, which never undercuts the platform's, of whichever kind of
/// days.
pub(super) fn available_on(ledger: &Ledger, direct: Option<&Account>, today: Day, currency: Currency) -> Day {
    let platforms = ledger.platform_delay().from(today, currency);
    let own = direct.and_then(|seller| seller.delay);
    own.map_or(platforms, |own| own.from(today, currency).max(platforms))
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

fn refuse_seller<'a>(
    ledger: &'a Ledger,
    settings: &Settings,
    command: &Charge,
) -> Result<Option<&'a Account>, Refusal> {
    if !matches!(command.kind, ChargeKind::Direct { .. }) && settings.loss_bearer == LossBearer::Operator {
        return Err(ChargeRefusal::LossBearer.into());
    }
    match command.kind {
        ChargeKind::Direct { account, .. } => receiving_account(ledger, account).map(Some),
        ChargeKind::Destination { account, .. } => {
            let seller = receiving_account(ledger, account)?;
            refuse_abroad(ledger, seller)?;
            Ok(Some(seller))
        }
        ChargeKind::Separate => Ok(None),
    }
}

/// The connected account `account`, where it may take charges and transfers.
pub(crate) fn receiving_account(ledger: &Ledger, account: AccountId) -> Result<&Account, Refusal> {
    if account.is_platform() {
        return Err(ChargeRefusal::SellerIsPlatform.into());
    }
    let seller = ledger.account(account).ok_or(crate::account::AccountRefusal::Unknown { account })?;
    match seller.closed_by(Gate::Charges) {
        Some(requirement) => Err(ChargeRefusal::Closed { account, requirement: requirement.name }.into()),
        None => Ok(seller),
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
