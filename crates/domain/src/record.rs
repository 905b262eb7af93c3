//! Records: what events leave behind of objects, and what a decision needs of them.
//!
//! An event that changes a record carries its whole state, so the latest one is all that is
//! read. An event numbers its records over all kinds: no two share an object id.

use smallvec::SmallVec;

use crate::bank_debit::BankDebitState;
use crate::calendar::Wait;
use crate::charge::ChargeState;
use crate::debit::DebitState;
use crate::debt::WriteOffState;
use crate::decide::Scene;
use crate::dispute::DisputeState;
use crate::event::Events;
use crate::id::{
    AccountId, BankDebitId, ChargeId, DebitId, DisputeId, DrawdownId, ObjectId, PayoutId, RefundId,
    ReserveHoldId, ReservePlanId, ReversalId, SplitId, SplitRuleId, SplitRuleVersionId, TopupId, TransferId,
    WriteOffId,
};
use crate::money::{Minor, Money};
use crate::payout::PayoutState;
use crate::prefunding::DrawdownState;
use crate::refund::RefundState;
use crate::reserve::{ReserveHoldState, ReservePlanState, first_unread};
use crate::split::SplitState;
use crate::split::rule::{SplitRuleState, SplitRuleVersionState};
use crate::topup::TopupState;
use crate::transfer::{ReversalState, TransferState};

/// What is asked of every record's state.
pub trait Kept {
    /// On whom the object lives.
    fn owner(&self) -> AccountId;

    /// The connected account at the other end.
    fn counterparty(&self) -> Option<AccountId> {
        None
    }

    /// Its amount.
    fn money(&self) -> Money;

    /// What of its amount went back.
    fn returned(&self) -> Minor {
        0
    }

    /// How it stands, by Connect's name.
    fn status(&self) -> &'static str {
        "succeeded"
    }

    /// Why it failed, by Connect's name, where it did.
    fn failure(&self) -> Option<&'static str> {
        None
    }

    /// The object that it came of.
    fn source(&self) -> Option<RecordId> {
        None
    }

    /// The group that ties it to charges and transfers.
    fn transfer_group(&self) -> Option<&str> {
        None
    }

    /// The charge without which it waits for nothing: once the payment failed it is due at once,
    /// wherever it stands in a queue.
    fn waits_with(&self) -> Option<ChargeId> {
        None
    }

    /// What it waits for.
    fn wait(&self) -> Option<Wait> {
        None
    }
}

/// A state of which work falls due: beside the verbs of its noun.
pub(crate) trait Waits: Kept {
    type Id;

    /// Adds the records that the work reads besides its own.
    fn due_needs(&self, _loaded: &Loaded, _needs: &mut Needs) {}

    /// What comes of it once what it waited for is there. It then waits no more, or for
    /// something else: due work that stays due would never end.
    fn do_due(&self, _id: Self::Id, _scene: &Scene<'_>) -> Events {
        debug_assert!(false, "an object of this kind waits for nothing");
        Events::new()
    }
}

/// An id that names a record of one kind.
pub trait RecordKey: Copy + Into<RecordId> {
    /// What the ledger knows of one.
    type State;

    /// The id and the state of a record, where that is of this kind.
    fn of(record: &Record) -> Option<(Self, &Self::State)>;
}

/// Declares the kinds of records: for each its id and its state.
macro_rules! records {
    ($($(#[$doc:meta])* $kind:ident($id:ident, $state:ty)),+ $(,)?) => {
        /// One record with its latest state: what an event leaves behind of an object.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Record {
            $($(#[$doc])* $kind($id, $state)),+
        }

        /// Which record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordId {
            $($(#[$doc])* $kind($id)),+
        }

        impl Record {
            /// Which it is.
            #[must_use]
            pub fn id(&self) -> RecordId {
                match self { $(Self::$kind(id, _) => RecordId::$kind(*id)),+ }
            }

            /// What is asked of every state.
            #[must_use]
            pub fn kept(&self) -> &dyn Kept {
                match self { $(Self::$kind(_, state) => state),+ }
            }
        }

        impl RecordId {
            /// The id of the object that it is of.
            #[must_use]
            pub fn object(self) -> ObjectId {
                match self { $(Self::$kind($id(id)) => id),+ }
            }

            pub(crate) fn due_needs(self, loaded: &Loaded, needs: &mut Needs) {
                match self {
                    $(Self::$kind(id) => if let Some(state) = loaded.get(id) {
                        state.due_needs(loaded, needs);
                    }),+
                }
            }

            /// Nothing where there is no such record.
            pub(crate) fn do_due(self, scene: &Scene<'_>) -> Events {
                match self {
                    $(Self::$kind(id) => {
                        scene.loaded.get(id).map_or_else(Events::new, |state| state.do_due(id, scene))
                    }),+
                }
            }
        }

        $(impl From<$id> for RecordId {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        }

        impl RecordKey for $id {
            type State = $state;

            fn of(record: &Record) -> Option<(Self, &$state)> {
                if let Record::$kind(id, state) = record { Some((*id, state)) } else { None }
            }
        })+
    };
}

records! {
    /// A charge.
    Charge(ChargeId, ChargeState),
    /// A transfer.
    Transfer(TransferId, TransferState),
    /// A payout.
    Payout(PayoutId, PayoutState),
    /// A top-up.
    Topup(TopupId, TopupState),
    /// A reversal of a transfer that is a step, or that a refund made.
    Reversal(ReversalId, ReversalState),
    /// A debit of an account.
    Debit(DebitId, DebitState),
    /// A split rule.
    SplitRule(SplitRuleId, SplitRuleState),
    /// A version of a split rule.
    SplitRuleVersion(SplitRuleVersionId, SplitRuleVersionState),
    /// A split by a rule.
    Split(SplitId, SplitState),
    /// A refund of a charge.
    Refund(RefundId, RefundState),
    /// A reserve plan.
    ReservePlan(ReservePlanId, ReservePlanState),
    /// A reserve hold.
    ReserveHold(ReserveHoldId, ReserveHoldState),
    /// A dispute.
    Dispute(DisputeId, DisputeState),
    /// A drawdown of prefunding.
    Drawdown(DrawdownId, DrawdownState),
    /// A debit of what an account owes from its bank.
    BankDebit(BankDebitId, BankDebitState),
    /// A debt that was written off.
    WriteOff(WriteOffId, WriteOffState),
}

/// Records that a command names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs(SmallVec<[RecordId; 2]>);

/// Records as they are now; one that was looked for and not found is there as `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded(Vec<(RecordId, Option<Record>)>);

impl Needs {
    /// Adds a record.
    pub fn add(&mut self, id: impl Into<RecordId>) {
        self.0.push(id.into());
    }

    /// Adds some.
    pub fn add_all(&mut self, ids: impl IntoIterator<Item = impl Into<RecordId>>) {
        self.0.extend(ids.into_iter().map(Into::into));
    }

    /// Adds what is held of the sales that are loaded: who takes one back frees its holds first.
    pub(crate) fn add_held(&mut self, loaded: &Loaded) {
        for record in loaded.0.iter().filter_map(|(_, found)| found.as_ref()) {
            let of_charge = ChargeId::of(record).and_then(|(_, charge)| charge.held());
            let newest = of_charge.or_else(|| TransferId::of(record).and_then(|(_, transfer)| transfer.held));
            self.add_all(newest.and_then(|newest| first_unread(newest, loaded)));
        }
    }

    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves out what was already looked for.
    pub fn leave_out(&mut self, loaded: &Loaded) {
        self.0.retain(|id| loaded.find(*id).is_none());
    }
}

impl IntoIterator for Needs {
    type Item = RecordId;
    type IntoIter = smallvec::IntoIter<[RecordId; 2]>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Loaded {
    /// Whether nothing was looked for yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what was looked for.
    pub fn put(&mut self, id: impl Into<RecordId>, found: Option<Record>) {
        let id = id.into();
        debug_assert!(found.as_ref().is_none_or(|record| record.id() == id), "it is another record");
        self.0.push((id, found));
    }

    /// The state of a record, where it was loaded and exists.
    #[must_use]
    pub fn get<I: RecordKey>(&self, id: I) -> Option<&I::State> {
        self.find(id.into())?.as_ref().and_then(I::of).map(|(_, state)| state)
    }

    /// What was found of a record; `None` where it was not looked for.
    fn find(&self, id: RecordId) -> Option<&Option<Record>> {
        self.0.iter().find(|(known, _)| *known == id).map(|(_, found)| found)
    }
}
