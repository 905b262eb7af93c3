//! Steps: what objects go through. Every event but the first of a ledger, those of accounts,
//! and the most frequent ones has this one form.

use smallvec::SmallVec;

use crate::account::Details;
use crate::books::{Draft, Entry, Posting};
use crate::event::{Event, Events};
use crate::ledger::Ledger;
use crate::money::Minor;
use crate::record::Record;

/// Declares the steps: for each its number, which is the type of its event in the log and
/// never another's, the kind of object that takes it, and its name.
macro_rules! steps {
    ($($(#[$doc:meta])* $number:literal $step:ident of $kind:ident = $name:literal),+ $(,)?) => {
        /// A step that an object takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Step {
            $($(#[$doc])* $step),+
        }

        impl Step {
            /// Every step.
            pub const ALL: &'static [Self] = &[$(Self::$step),+];

            /// The type of its event in the log.
            #[must_use]
            pub fn number(self) -> u16 {
                match self { $(Self::$step => $number),+ }
            }

            /// Its name, as exports show the event.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$step => $name),+ }
            }

            /// Whether an object of this kind takes it.
            #[must_use]
            pub fn is_of(self, record: &Record) -> bool {
                match self { $(Self::$step => matches!(record, Record::$kind(..))),+ }
            }
        }
    };
}

steps! {
    /// Money was asked into a balance.
    32 TopupCreated of Topup = "topup_created",
    /// It arrived.
    33 TopupSucceeded of Topup = "topup_succeeded",
    /// It did not arrive.
    34 TopupFailed of Topup = "topup_failed",
    /// It was called off before it arrived.
    35 TopupCanceled of Topup = "topup_canceled",
    /// The bank took it back after it had arrived.
    36 TopupReversed of Topup = "topup_reversed",
    /// A payer's bank holds money for a charge.
    48 ChargeAuthorised of Charge = "charge_authorised",
    /// An authorised charge was captured, all of it or a part; or the money of an asked one was taken.
    49 ChargeCaptured of Charge = "charge_captured",
    /// An authorised charge was called off.
    50 ChargeCanceled of Charge = "charge_canceled",
    /// An authorised charge was not captured in time.
    51 ChargeExpired of Charge = "charge_expired",
    /// A charge was booked whose payment is not known to arrive.
    52 ChargeBegun of Charge = "charge_begun",
    /// Its payment arrived.
    53 ChargeConfirmed of Charge = "charge_confirmed",
    /// Its payment failed.
    54 ChargeFailed of Charge = "charge_failed",
    /// A processor is asked for the money of a charge.
    55 ChargeAsked of Charge = "charge_asked",
    /// The payer's bank gave nothing.
    56 ChargeDeclined of Charge = "charge_declined",
    /// A payer's bank warned that a charge may be fraud.
    57 FraudWarningReceived of Charge = "fraud_warning_received",
    /// A refund was made, or waits for its payer's money.
    64 RefundCreated of Refund = "refund_created",
    /// It was done, or the payer got it.
    65 RefundSucceeded of Refund = "refund_succeeded",
    /// It waits for something else.
    66 RefundWaited of Refund = "refund_waited",
    /// The rail has not done it yet.
    67 RefundPending of Refund = "refund_pending",
    /// It failed.
    68 RefundFailed of Refund = "refund_failed",
    /// It was called off.
    69 RefundCanceled of Refund = "refund_canceled",
    /// An application fee went back by itself.
    70 ApplicationFeeRefunded of Charge = "application_fee_refunded",
    /// A transfer waits for the platform's money.
    80 TransferQueued of Transfer = "transfer_queued",
    /// The money was there, and moved.
    81 TransferReleased of Transfer = "transfer_released",
    /// It waits no more, and nothing moved.
    82 TransferCanceled of Transfer = "transfer_canceled",
    /// Money moved back, with more to say than the amount.
    83 TransferReversalCreated of Reversal = "transfer_reversal_created",
    /// The platform took money back from a connected account.
    84 AccountDebited of Debit = "account_debited",
    /// A split rule got its first version, or its next.
    96 SplitRuleSet of SplitRule = "split_rule_set",
    /// Charges were shared by a rule.
    97 ChargesShared of Split = "charges_shared",
    /// Something happened for which parts of a split waited.
    98 SplitConditionMet of Split = "split_condition_met",
    /// The instant came for which parts of a split waited.
    99 SplitReleased of Split = "split_released",
    /// A share of each sale of an account is held from now on.
    100 ReservePlanSet of ReservePlan = "reserve_plan_set",
    /// It holds nothing more, and what it holds is released.
    101 ReservePlanDisabled of ReservePlan = "reserve_plan_disabled",
    /// It ended by itself.
    102 ReservePlanExpired of ReservePlan = "reserve_plan_expired",
    /// Money of an account was held back.
    103 ReserveHeld of ReserveHold = "reserve_held",
    /// Its day came, and what was left of it was released.
    104 ReserveReleased of ReserveHold = "reserve_released",
    /// It was released before its day, all of it or a part.
    105 ReserveReleasedEarly of ReserveHold = "reserve_released_early",
    /// Its plan was disabled, and what was left of it was released.
    106 ReserveReleasedWithPlan of ReserveHold = "reserve_released_with_plan",
    /// A payer disputed a charge, or asked about it.
    112 DisputeOpened of Dispute = "dispute_opened",
    /// An inquiry became a dispute.
    113 DisputeEscalated of Dispute = "dispute_escalated",
    /// It was answered.
    114 DisputeEvidenceSubmitted of Dispute = "dispute_evidence_submitted",
    /// An inquiry came to nothing.
    115 DisputeInquiryClosed of Dispute = "dispute_inquiry_closed",
    /// The payer's bank decided for the seller.
    116 DisputeWon of Dispute = "dispute_won",
    /// It decided for the payer, or was not answered.
    117 DisputeLost of Dispute = "dispute_lost",
    /// Sellers gave back what they are liable for.
    118 DisputeRecovered of Dispute = "dispute_recovered",
    /// They, or their successors, got it again.
    119 DisputeGivenBack of Dispute = "dispute_given_back",
    /// What an account owes was asked of its bank.
    144 BankDebitCreated of BankDebit = "bank_debit_created",
    /// It arrived.
    145 BankDebitSucceeded of BankDebit = "bank_debit_succeeded",
    /// It did not arrive.
    146 BankDebitFailed of BankDebit = "bank_debit_failed",
    /// The bank returned it after it had arrived.
    147 BankDebitReturned of BankDebit = "bank_debit_returned",
    /// Prefunding moved to an available balance that was below zero.
    156 PrefundingUsed of Drawdown = "prefunding_used",
    /// Prefunding became available by hand.
    157 PrefundingReleased of Drawdown = "prefunding_released",
    /// An old debt was written off.
    160 DebtCollected of WriteOff = "debt_collected",
}

/// An object took a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which step.
    pub step: Step,
    /// The object as it stands after, and what the step moved of it.
    pub subject: Part,
    /// The other objects that the step made or changed.
    pub beside: Vec<Part>,
    /// What was booked, where money moved.
    pub books: Option<Books>,
    /// The caller's own words, where the step made the object.
    pub details: Option<Box<Details>>,
}

/// An object that an event made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The object with its whole state after.
    pub record: Record,
    /// What was moved of it, in minor units of its currency; 0 where nothing was.
    pub amount: Minor,
}

/// An entry, and of which object each of its postings is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// The entry.
    pub entry: Entry,
    /// Runs of postings that are of one object; they cover the entry.
    pub owners: Owners,
}

/// How many postings in turn are of which object: 0 is the subject, then those beside it.
pub type Owners = SmallVec<[(u16, u16); 2]>;

impl Moved {
    /// A step that changes this object alone, and moves nothing.
    #[must_use]
    pub fn new(step: Step, record: Record) -> Self {
        let subject = Part { record, amount: 0 };
        Self { step, subject, beside: Vec::new(), books: None, details: None }
    }

    /// With an amount that was moved of the subject.
    #[must_use]
    pub fn of(self, amount: Minor) -> Self {
        Self { subject: Part { amount, ..self.subject }, ..self }
    }

    /// With another object, and what was moved of it.
    #[must_use]
    pub fn beside(mut self, record: impl Into<Option<Record>>, amount: Minor) -> Self {
        self.beside.extend(record.into().map(|record| Part { record, amount }));
        self
    }

    /// With what was booked; a draft without a posting is no entry.
    #[must_use]
    pub(crate) fn booked(self, draft: Draft, ledger: &Ledger) -> Self {
        Self { books: draft.books(ledger), ..self }
    }

    /// With the caller's own words.
    #[must_use]
    pub fn told(self, details: Option<Box<Details>>) -> Self {
        Self { details, ..self }
    }

    /// The objects that it made or changed, the subject first.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.subject).chain(&self.beside)
    }

    /// What it posts; nothing where no money moved.
    pub fn postings(&self) -> impl Iterator<Item = &Posting> {
        self.books.iter().flat_map(|books| books.entry.postings())
    }

    /// The object of each posting, in order.
    pub fn owners(&self) -> impl Iterator<Item = &Record> {
        let runs = self.books.iter().flat_map(|books| &books.owners);
        runs.flat_map(|(postings, object)| {
            let part = self.parts().nth(usize::from(*object)).map(|part| &part.record);
            std::iter::repeat_n(part, usize::from(*postings)).flatten()
        })
    }
}

impl From<Moved> for Events {
    fn from(moved: Moved) -> Self {
        Self::from_iter([Event::Moved(Box::new(moved))])
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn no_two_steps_share_a_number_or_a_name() {
        let numbers: Vec<u16> = Step::ALL.iter().map(|step| step.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]) && numbers[0] >= 32, "{numbers:?}");
        let mut names: Vec<&str> = Step::ALL.iter().map(|step| step.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Step::ALL.len());
    }
}
