//! Commands: everything that may be asked of a ledger.

use crate::account::{AttachBankAccount, OnboardAccount, ProvideRequirement, ResolveRequirement};
use crate::bookmark::SetBookmark;
use crate::calendar::AdvanceTo;
use crate::charge::Charge;
use crate::payout::{MarkPayoutFailed, MarkPayoutPaid, RequestPayout, SetPayoutSchedule};
use crate::rail::SettleRail;
use crate::record::{Loaded, Needs};
use crate::refund::Refund;
use crate::settings::Settings;
use crate::split::Split;
use crate::transfer::{ReverseTransfer, Transfer};

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident($type:ty)),+ $(,)?) => {
        /// A command, of any kind.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $($(#[$doc])* $variant($type)),+
        }

        $(impl From<$type> for Command {
            fn from(command: $type) -> Self {
                Self::$variant(command)
            }
        })+
    };
}

commands! {
    /// Opens the ledger.
    OpenLedger(Box<Settings>),
    /// Lets time pass.
    AdvanceTo(AdvanceTo),
    /// Makes a connected account.
    OnboardAccount(Box<OnboardAccount>),
    /// Says that something required was provided.
    ProvideRequirement(ProvideRequirement),
    /// Says whether what was provided holds.
    ResolveRequirement(ResolveRequirement),
    /// Puts a bank account on file.
    AttachBankAccount(Box<AttachBankAccount>),
    /// Says when an account is paid out.
    SetPayoutSchedule(SetPayoutSchedule),
    /// Takes money from a payer.
    Charge(Charge),
    /// Shares charges among sellers.
    Split(Split),
    /// Moves money to a seller.
    Transfer(Transfer),
    /// Moves transferred money back.
    ReverseTransfer(ReverseTransfer),
    /// Gives a payer money back.
    Refund(Refund),
    /// Pays an account out.
    RequestPayout(RequestPayout),
    /// Says that the bank took a payout.
    MarkPayoutPaid(MarkPayoutPaid),
    /// Says that the bank refused or returned a payout.
    MarkPayoutFailed(MarkPayoutFailed),
    /// Says that a rail settled to the bank.
    SettleRail(SettleRail),
    /// Records how far a caller has read.
    SetBookmark(SetBookmark),
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
        match self {
            Self::Split(split) => needs.add_all(split.charges.iter().copied()),
            Self::Transfer(transfer) => needs.add_all(transfer.source_charge),
            Self::ReverseTransfer(reversal) => {
                needs.add(reversal.transfer);
                let transfer = loaded.get(reversal.transfer);
                needs.add_all(transfer.and_then(|transfer| transfer.source_charge));
            }
            Self::Refund(refund) => {
                needs.add(refund.charge);
                let charge = loaded.get(refund.charge);
                needs.add_all(charge.and_then(|charge| charge.own_transfer(refund.charge)));
            }
            Self::MarkPayoutPaid(paid) => needs.add(paid.payout),
            Self::MarkPayoutFailed(failed) => needs.add(failed.payout),
            Self::OpenLedger(_)
            | Self::AdvanceTo(_)
            | Self::OnboardAccount(_)
            | Self::ProvideRequirement(_)
            | Self::ResolveRequirement(_)
            | Self::AttachBankAccount(_)
            | Self::SetPayoutSchedule(_)
            | Self::Charge(_)
            | Self::RequestPayout(_)
            | Self::SettleRail(_)
            | Self::SetBookmark(_) => {}
        }
        if !loaded.is_empty() {
            needs.leave_out(loaded);
        }
        needs
    }
}
