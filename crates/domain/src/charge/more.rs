//! What a charge has beyond what all have: one that was authorised before it was captured, whose
//! result came after it was booked, that was disputed or warned of, or for which a processor was asked. A charge
//! without this simply succeeded.
//!
//! ```text
//!   authorised ───all captured, or the last capture──▶ succeeded
//!   (requires_capture) ── called off ──▶ canceled       ▲   │
//!        └── not captured in time ──▶ expired           │   │ the payment failed late
//!                                     (canceled)        │   ▼
//!   processing ────────── the payment arrived ──────────┘ failed
//!        └─────────────── it failed ─────────────────────▶
//!
//!   asked (pending) ── the money was taken ──▶ succeeded
//!        └──────────── declined ─────────────▶ failed
//! ```
//!
//! Called off or run out after a part was captured, a charge has succeeded with that part.

use super::{
    ChargeRefusal, ChargeState, ChargeType, DeclineCode, DestinationShare, FraudWarning, PendingPart,
    ProcessingFee,
};
use crate::calendar::Timestamp;
use crate::id::{AccountId, ChargeId, DisputeId, ReserveHoldId, TransferId};
use crate::money::Minor;
use crate::payout::FailureCode;

/// The most transfers of a charge whose payment may still fail: an event that takes all of
/// them back fits 48 KiB, whatever their groups (docs/decisions/captures.md).
pub const MOST_TRANSFERS_AT_RISK: usize = 100;

/// What few charges have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeMore {
    /// How it stands.
    pub standing: ChargeStanding,
    /// What the payer agreed to, in minor units; what was captured of it is the charge's amount.
    pub authorised: Minor,
    /// Whether its result came, or comes, after it was booked.
    pub asynchronous: bool,
    /// A destination charge's transfer, once there is one.
    pub transfer: Option<TransferId>,
    /// Of an asynchronous separate charge: its transfers, in the order of their making.
    pub transfers: Vec<TransferRun>,
    /// What disputes took and did not give back, in minor units. Nothing of it can be refunded
    /// or transferred: it is not there.
    pub disputed: Minor,
    /// Its disputes and inquiries in the order in which they were opened, whatever became of them:
    /// one that is told again is known by its reference, and a refund that fails asks what they took.
    pub disputes: Vec<DisputeId>,
    /// What payers' banks warned of, in the order in which it was told.
    pub fraud_warnings: Vec<FraudWarning>,
    /// Since when a dispute may find more of its transfers to take back: a refund failed, or a part
    /// was let go. It is due at once; only a charge that was disputed has it.
    pub recovering: Option<Timestamp>,
    /// Whether a processor was asked for its money; it is the one that gives back.
    pub asked: bool,
    /// The token of the payer's card, while the processor is asked.
    pub card: Option<Box<str>>,
    /// Who is merchant of record of a destination or separate charge, where the platform is not.
    pub on_behalf_of: Option<AccountId>,
    /// The position of the first capture that took an application fee.
    pub fee_at: Option<u64>,
    /// What captures before the newest left in pending, of days to come, the earliest first; each
    /// is listed until it has come.
    pub earlier: Vec<PendingPart>,
    /// The hold that was made of a direct charge last; of that nothing may be left by now.
    pub held: Option<ReserveHoldId>,
}

/// How such a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeStanding {
    /// The payer's bank holds the money; it can be captured.
    Authorised(CaptureTerms),
    /// It is booked, and whether it arrives is not known yet.
    Processing,
    /// It was captured, or arrived.
    Succeeded,
    /// It was called off before anything was captured.
    Canceled,
    /// Nothing was captured in time.
    Expired,
    /// The payment failed, and why.
    Failed(FailureCode),
    /// A processor is asked for the money, and has not answered; on these terms it is booked,
    /// whenever the answer comes.
    Asked(CaptureTerms),
    /// The payer's bank gave nothing, and why.
    Declined(DeclineCode),
}

/// On which terms an authorised charge is captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureTerms {
    /// The instant at which it expires.
    pub until: Timestamp,
    /// The processor's fee.
    pub processing_fee: ProcessingFee,
    /// What the seller was to get of the whole; of a direct charge, all less the application fee.
    pub share: DestinationShare,
}

/// Consecutive transfers of one event: of one transfer, or of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferRun {
    /// The first.
    pub first: TransferId,
    /// How many.
    pub count: u16,
}

impl ChargeStanding {
    /// The status's name: of a payment intent's before the charge succeeds, then of the charge's
    /// (<https://docs.stripe.com/payments/paymentintents/lifecycle>).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorised(_) => "requires_capture",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Canceled | Self::Expired => "canceled",
            Self::Failed(_) | Self::Declined(_) => "failed",
            Self::Asked(_) => "pending",
        }
    }

    /// Why it brought no money, by Connect's name, where it did not.
    #[must_use]
    pub fn failure(self) -> Option<&'static str> {
        match self {
            Self::Expired => Some("expired_uncaptured_charge"),
            Self::Failed(code) => Some(code.name()),
            Self::Declined(code) => Some(code.error_code()),
            Self::Authorised(_) | Self::Processing | Self::Succeeded | Self::Canceled | Self::Asked(_) => {
                None
            }
        }
    }
}

impl ChargeMore {
    /// What a charge of this amount begins with.
    pub(super) fn new(standing: ChargeStanding, authorised: Minor) -> Self {
        let asynchronous = standing == ChargeStanding::Processing;
        let asked = matches!(standing, ChargeStanding::Asked(_));
        Self {
            standing,
            authorised,
            asynchronous,
            transfer: None,
            transfers: Vec::new(),
            disputed: 0,
            disputes: Vec::new(),
            fraud_warnings: Vec::new(),
            recovering: None,
            asked,
            card: None,
            on_behalf_of: None,
            fee_at: None,
            earlier: Vec::new(),
            held: None,
        }
    }
}

impl TransferRun {
    /// The transfers.
    pub fn transfers(self) -> impl Iterator<Item = TransferId> {
        let first = self.first.0;
        (0..self.count).map(move |place| TransferId::new(first.position(), first.ordinal() + place))
    }
}

impl ChargeState {
    /// Whose sale it is in the eyes of the payer and the card networks: the seller's of a direct
    /// charge, whom another charge was made on behalf of, else the platform
    /// (<https://docs.stripe.com/connect/merchant-of-record>).
    #[must_use]
    pub fn merchant_of_record(&self) -> AccountId {
        let on_behalf_of = self.more.as_ref().and_then(|more| more.on_behalf_of);
        on_behalf_of.unwrap_or(self.owner)
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> ChargeStanding {
        self.more.as_ref().map_or(ChargeStanding::Succeeded, |more| more.standing)
    }

    /// The transfer that shares out a destination charge, once there is one.
    #[must_use]
    pub fn own_transfer(&self, id: ChargeId) -> Option<TransferId> {
        match &self.more {
            Some(more) => more.transfer,
            None => (self.charge_type == ChargeType::Destination).then(|| id.destination_transfer()),
        }
    }

    /// Whether the result of its payment comes after it was booked.
    #[must_use]
    pub fn is_asynchronous(&self) -> bool {
        self.more.as_ref().is_some_and(|more| more.asynchronous)
    }

    /// Whether its payment may still fail: its result comes after it was booked, and nothing of it
    /// is disputed. What a dispute took cannot fail as well: the payer has it already.
    #[must_use]
    pub fn may_fail(&self) -> bool {
        let open = matches!(self.standing(), ChargeStanding::Processing | ChargeStanding::Succeeded);
        open && self.is_asynchronous() && self.disputed() == 0
    }

    /// The transfers that a failure of its payment takes back, in the order of their making;
    /// only a charge whose result comes after it was booked keeps them.
    pub fn transfers_at_risk(&self) -> impl Iterator<Item = TransferId> + '_ {
        let more = self.more.iter().filter(|more| more.asynchronous);
        more.flat_map(|more| {
            let runs = more.transfers.iter().flat_map(|run| run.transfers());
            more.transfer.into_iter().chain(runs)
        })
    }

    /// Notes that a dispute took `amount` of it, or gave it back where that is below zero.
    pub(crate) fn dispute(&mut self, id: ChargeId, amount: Minor) {
        self.more_of(id).disputed += amount;
    }

    /// Keeps that it has a dispute or an inquiry.
    pub(crate) fn note_dispute(&mut self, id: ChargeId, dispute: DisputeId) {
        self.more_of(id).disputes.push(dispute);
    }

    /// Keeps that a payer's bank warned of fraud.
    pub(crate) fn note_fraud_warning(&mut self, id: ChargeId, warning: FraudWarning) {
        self.more_of(id).fraud_warnings.push(warning);
    }

    /// Its disputes and inquiries, in the order in which they were opened.
    #[must_use]
    pub fn disputes(&self) -> &[DisputeId] {
        self.more.as_ref().map_or(&[], |more| &more.disputes)
    }

    /// The hold that was made of it last; of that nothing may be left by now.
    #[must_use]
    pub fn held(&self) -> Option<ReserveHoldId> {
        self.more.as_ref().and_then(|more| more.held)
    }

    /// Notes that a hold was made of it.
    pub(crate) fn hold(&mut self, id: ChargeId, hold: ReserveHoldId) {
        self.more_of(id).held = Some(hold);
    }

    /// Keeps since when its disputes may find more to take back; says what was kept.
    pub(crate) fn recover_more(&mut self, since: Option<Timestamp>) -> Option<Timestamp> {
        let more = self.more.as_mut().filter(|more| !more.disputes.is_empty())?;
        std::mem::replace(&mut more.recovering, since)
    }

    /// What it has beyond what all have, from now on.
    fn more_of(&mut self, id: ChargeId) -> &mut ChargeMore {
        let (transfer, authorised) = (self.own_transfer(id), self.amount);
        let simple = || ChargeMore { transfer, ..ChargeMore::new(ChargeStanding::Succeeded, authorised) };
        self.more.get_or_insert_with(|| Box::new(simple()))
    }

    /// Refuses to give back what is not there, or not known to be.
    pub(crate) fn refuse_unless_succeeded(&self) -> Result<(), ChargeRefusal> {
        let standing = self.standing();
        if standing == ChargeStanding::Succeeded {
            return Ok(());
        }
        Err(ChargeRefusal::NotSucceeded { status: standing.name() })
    }

    /// Refuses to share out what is not there.
    pub(crate) fn refuse_without_money(&self) -> Result<(), ChargeRefusal> {
        let standing = self.standing();
        if self.amount == 0 || matches!(standing, ChargeStanding::Failed(_)) {
            return Err(ChargeRefusal::NoMoney { status: standing.name() });
        }
        Ok(())
    }

    /// Refuses more transfers than can be taken back, now that the last are noted.
    pub(crate) fn refuse_many_transfers(&self) -> Result<(), ChargeRefusal> {
        let most = MOST_TRANSFERS_AT_RISK;
        if self.transfers_at_risk().count() > most {
            return Err(ChargeRefusal::ManyTransfers { most });
        }
        Ok(())
    }

    /// Notes that a transfer took `amount` of it.
    pub(crate) fn share(&mut self, transfer: TransferId, amount: Minor) {
        self.transferred += amount;
        let Some(more) = self.more.as_mut().filter(|more| more.asynchronous) else {
            return;
        };
        if let Some(run) = more.transfers.last_mut()
            && run.first.0.position() == transfer.0.position()
            && run.first.0.ordinal() + run.count == transfer.0.ordinal()
        {
            run.count += 1;
        } else {
            more.transfers.push(TransferRun { first: transfer, count: 1 });
        }
    }
}
