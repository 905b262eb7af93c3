//! Commands: everything that may be asked of a ledger.

use std::hash::{Hash, Hasher};

use crate::account::{
    AttachBankAccount, NameSuccessor, OnboardAccount, ProvideRequirement, ResolveRequirement,
};
use crate::bank_debit::{
    MarkBankDebitFailed, MarkBankDebitReturned, MarkBankDebitSucceeded, SetDebitNegativeBalances,
};
use crate::bookmark::SetBookmark;
use crate::calendar::AdvanceTo;
use crate::charge::{
    AskCharge, Authorise, BeginCharge, CancelCharge, CaptureCharge, Charge, MarkChargeCaptured,
    MarkChargeDeclined, MarkChargeFailed, MarkChargeSucceeded, ReceiveFraudWarning,
};
use crate::debit::DebitAccount;
use crate::decide::{Scene, Verb};
use crate::dispute::{
    AcceptDispute, CloseInquiry, EscalateInquiry, MarkDisputeLost, MarkDisputeWon, OpenDispute,
    SubmitEvidence,
};
use crate::event::Events;
use crate::payout::{MarkPayoutFailed, MarkPayoutPaid, RequestPayout, SetPayoutSchedule};
use crate::prefunding::ReleasePrefunding;
use crate::rail::SettleRail;
use crate::record::{Loaded, Needs};
use crate::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, Refund, RefundApplicationFee,
};
use crate::refusal::Refusal;
use crate::reserve::{CreateReserveHold, DisableReservePlan, ReleaseReserveHold, SetReservePlan};
use crate::settings::Settings;
use crate::split::rule::SetSplitRule;
use crate::split::{MeetCondition, Split, SplitByRule};
use crate::topup::{CancelTopup, CreateTopup, MarkTopupFailed, MarkTopupReversed, MarkTopupSucceeded};
use crate::transfer::{CancelTransfer, QueueTransfer, ReverseTransfer, Transfer};

/// Declares the commands: for each its number, which is in the fingerprints of requests and
/// so is never another's, and its type, which implements [`Verb`].
macro_rules! commands {
    ($($(#[$doc:meta])* $number:literal $variant:ident($type:ty)),+ $(,)?) => {
        /// A command, of any kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Command {
            $($(#[$doc])* $variant($type)),+
        }

        $(impl From<$type> for Command {
            fn from(command: $type) -> Self {
                Self::$variant(command)
            }
        })+

        impl Hash for Command {
            fn hash<H: Hasher>(&self, state: &mut H) {
                match self {
                    $(Self::$variant(command) => {
                        state.write_u16($number);
                        command.hash(state);
                    })+
                }
            }
        }

        impl Command {
            fn verb_needs(&self, loaded: &Loaded, needs: &mut Needs) {
                match self { $(Self::$variant(command) => command.needs(loaded, needs)),+ }
            }

            pub(crate) fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
                match self { $(Self::$variant(command) => command.decide(scene)),+ }
            }
        }

        #[cfg(test)]
        const NUMBERS: &[u16] = &[$($number),+];
    };
}

commands! {
    /// Opens the ledger.
    1 OpenLedger(Box<Settings>),
    /// Lets time pass.
    2 AdvanceTo(AdvanceTo),
    /// Makes a connected account.
    3 OnboardAccount(Box<OnboardAccount>),
    /// Says that something required was provided.
    4 ProvideRequirement(ProvideRequirement),
    /// Says whether what was provided holds.
    5 ResolveRequirement(ResolveRequirement),
    /// Puts a bank account on file.
    6 AttachBankAccount(Box<AttachBankAccount>),
    /// Says when an account is paid out.
    7 SetPayoutSchedule(SetPayoutSchedule),
    /// Takes money from a payer.
    8 Charge(Charge),
    /// Shares charges among sellers.
    9 Split(Split),
    /// Moves money to a seller.
    10 Transfer(Transfer),
    /// Moves transferred money back.
    11 ReverseTransfer(ReverseTransfer),
    /// Gives a payer money back.
    12 Refund(Refund),
    /// Pays an account out.
    13 RequestPayout(RequestPayout),
    /// Says that the bank took a payout.
    14 MarkPayoutPaid(MarkPayoutPaid),
    /// Says that the bank refused or returned a payout.
    15 MarkPayoutFailed(MarkPayoutFailed),
    /// Says that a rail settled to the bank.
    16 SettleRail(SettleRail),
    /// Records how far a caller has read.
    17 SetBookmark(SetBookmark),
    /// Asks for money into a balance.
    18 CreateTopup(CreateTopup),
    /// Says that a top-up arrived.
    19 MarkTopupSucceeded(MarkTopupSucceeded),
    /// Says that a top-up did not arrive.
    20 MarkTopupFailed(MarkTopupFailed),
    /// Says that the bank took a top-up back.
    21 MarkTopupReversed(MarkTopupReversed),
    /// Calls a top-up off.
    22 CancelTopup(CancelTopup),
    /// Has a payer's bank hold money for a charge.
    30 Authorise(Authorise),
    /// Captures an authorised charge.
    31 CaptureCharge(CaptureCharge),
    /// Calls an authorised charge off.
    32 CancelCharge(CancelCharge),
    /// Takes money from a payer whose payment is not known to arrive.
    33 BeginCharge(BeginCharge),
    /// Says that a payment arrived.
    34 MarkChargeSucceeded(MarkChargeSucceeded),
    /// Says that a payment failed.
    35 MarkChargeFailed(MarkChargeFailed),
    /// Asks a processor for a payer's money.
    36 AskCharge(AskCharge),
    /// Says that the money of an asked charge was taken.
    37 MarkChargeCaptured(MarkChargeCaptured),
    /// Says that an asked charge was declined.
    38 MarkChargeDeclined(MarkChargeDeclined),
    /// Calls a refund off.
    40 CancelRefund(CancelRefund),
    /// Says that a refund failed.
    41 MarkRefundFailed(MarkRefundFailed),
    /// Says that a refund is not done yet.
    42 MarkRefundPending(MarkRefundPending),
    /// Says that the payer got a refund.
    43 MarkRefundSucceeded(MarkRefundSucceeded),
    /// Gives an application fee back by itself.
    44 RefundApplicationFee(RefundApplicationFee),
    /// Moves money to a seller, as soon as it is there.
    50 QueueTransfer(QueueTransfer),
    /// Calls a transfer off that waits.
    51 CancelTransfer(CancelTransfer),
    /// Takes money back from a connected account.
    52 DebitAccount(DebitAccount),
    /// Says how totals are shared.
    60 SetSplitRule(SetSplitRule),
    /// Shares charges by a rule.
    61 SplitByRule(SplitByRule),
    /// Says that a fact is there for which parts of a split wait.
    62 MeetCondition(MeetCondition),
    /// Holds a share of each sale of an account.
    70 SetReservePlan(SetReservePlan),
    /// Disables a reserve plan.
    71 DisableReservePlan(DisableReservePlan),
    /// Holds money of an account back.
    72 CreateReserveHold(CreateReserveHold),
    /// Releases held money before its day.
    73 ReleaseReserveHold(ReleaseReserveHold),
    /// Says that a payer disputes a charge, or inquires about it.
    80 OpenDispute(OpenDispute),
    /// Says that an inquiry became a dispute.
    81 EscalateInquiry(EscalateInquiry),
    /// Says that an inquiry came to nothing.
    82 CloseInquiry(CloseInquiry),
    /// Answers a dispute or an inquiry.
    83 SubmitEvidence(SubmitEvidence),
    /// Accepts a dispute.
    84 AcceptDispute(AcceptDispute),
    /// Says that a dispute was won.
    85 MarkDisputeWon(MarkDisputeWon),
    /// Says that a dispute was lost.
    86 MarkDisputeLost(MarkDisputeLost),
    /// Says which account a seller has moved to.
    87 NameSuccessor(NameSuccessor),
    /// Says that a payer's bank warns of fraud.
    88 ReceiveFraudWarning(ReceiveFraudWarning),
    /// Says whether what an account owes is debited from its bank.
    95 SetDebitNegativeBalances(SetDebitNegativeBalances),
    /// Says that a bank debit arrived.
    96 MarkBankDebitSucceeded(MarkBankDebitSucceeded),
    /// Says that a bank debit did not arrive.
    97 MarkBankDebitFailed(MarkBankDebitFailed),
    /// Says that the bank returned a debit.
    98 MarkBankDebitReturned(MarkBankDebitReturned),
    /// Makes prefunding available.
    100 ReleasePrefunding(ReleasePrefunding),
}

impl Command {
    /// Which old records must be loaded before this is decided, beyond those that are.
    ///
    /// A reversal names a transfer, and only the transfer knows its charge: so this is
    /// asked again after each load until it asks for nothing. What does not exist is
    /// not asked for twice; the decision refuses it.
    #[must_use]
    pub fn needs(&self, loaded: &Loaded) -> Needs {
        let mut needs = Needs::default();
        self.verb_needs(loaded, &mut needs);
        if !loaded.is_empty() {
            needs.add_held(loaded);
            needs.leave_out(loaded);
        }
        needs
    }
}

#[cfg(test)]
mod tests {
    use super::NUMBERS;

    #[test]
    fn no_two_commands_share_a_number() {
        assert!(NUMBERS.windows(2).all(|pair| pair[0] < pair[1]), "{NUMBERS:?}");
    }
}
