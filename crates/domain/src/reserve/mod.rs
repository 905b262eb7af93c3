//! Platform-set reserves: what the platform holds back of its sellers' money against refunds
//! and disputes (<https://docs.stripe.com/connect/connected-account-reserves>, a preview).
//!
//! A plan holds a share of every sale of a seller as it comes in; a hold is made by a plan or by
//! hand. Held money is in the account's reserved balance: no payout takes it, and it pays no
//! debt. It is released on its day, by hand, with its plan, and before its own sale is refunded
//! (docs/decisions/reserves.md).
//!
//! ```text
//!   active ──disabled──▶ disabling ──its holds are released──▶ disabled
//!      └─────ends──────▶ expired, its holds wait for their days
//!
//!   held ──all of it released──▶ released
//! ```

mod by_plan;
pub mod create_hold;
pub mod disable_plan;
mod hold;
mod plan;
pub mod release_hold;
mod reverse;
mod sale;
pub mod set_plan;
mod standing;
mod walk;

pub(crate) use by_plan::{hold_by_plan, note_sales};
pub use create_hold::CreateReserveHold;
pub use disable_plan::DisableReservePlan;
pub use hold::{HoldSource, ReserveHoldState};
pub use plan::{PlanSchedule, PlanStatus, ReservePlanState};
pub use release_hold::ReleaseReserveHold;
pub use reverse::MOST_FREED;
pub(crate) use reverse::{Freeable, Freeing, MOST_HOLDS};
pub(crate) use sale::needs as sale_needs;
pub use set_plan::SetReservePlan;
pub use standing::{Chain, Reserves};
pub(crate) use walk::first_unread;

use crate::account::{AccountRefusal, DetailsError};
use crate::calendar::Timestamp;
use crate::id::{AccountId, ReserveHoldId, ReservePlanId};
use crate::ledger::Ledger;
use crate::money::Money;
use crate::refusal::{Refusal, refusals};
use crate::settings::LossBearer;

/// The most days for which money is held, and for which a plan of a fixed day lasts: 180 as of
/// 2026-11, <https://docs.stripe.com/connect/connected-account-reserves>.
pub const MOST_DAYS: u16 = 180;

/// Whether the instant lies after `now`, and not too far.
fn is_in_time(now: Timestamp, at: Timestamp) -> bool {
    let most = now.plus_seconds(i64::from(MOST_DAYS) * 86_400);
    now < at && at <= most
}

/// Refuses an account of which the platform may hold nothing.
fn refuse_account(ledger: &Ledger, account: AccountId) -> Result<(), Refusal> {
    if ledger.loss_bearer(account) == LossBearer::Operator {
        return Err(ReserveRefusal::LossBearer.into());
    }
    if account.is_platform() {
        return Err(ReserveRefusal::Platform.into());
    }
    if ledger.account(account).is_none() {
        return Err(AccountRefusal::Unknown { account }.into());
    }
    Ok(())
}

refusals! {
    /// Why a reserve is not set, held or released.
    ReserveRefusal {
        /// A plan holds nothing.
        NoShare => "reserve_plan_must_hold_a_share", NoCode, "A reserve plan holds more than 0 % of each sale, and at most all of it.";
        /// The plan's days or instants do not fit.
        Schedule {
            /// The most days.
            most: u16,
        } => "reserve_must_end_in_time", NoCode, "What is held is held for 1 to {most} days, and a plan ends after it is set.";
        /// Text attached to it is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "reserve_details_must_fit", NoCode, "{error}.";
        /// Somebody else bears the account's losses.
        LossBearer => "reserve_needs_loss_liability", NoCode, "Money is held back by a platform that bears the account's losses; of this one the operator does.";
        /// The platform is named.
        Platform => "reserve_needs_a_connected_account", NoCode, "Only of a connected account money is held back; what is the platform's it need not hold from itself.";
        /// The account has a plan already.
        AnotherPlan {
            /// Which.
            plan: ReservePlanId,
        } => "reserve_plan_must_be_the_only_one", NoCode, "The account has the reserve plan {plan} in this currency; disable that first.";
        /// There is no such plan.
        UnknownPlan {
            /// The id that was named.
            plan: ReservePlanId,
        } => "reserve_plan_must_exist", Documented(ResourceMissing), "There is no reserve plan {plan}.";
        /// The plan has ended.
        PlanEnded {
            /// How it stands.
            status: &'static str,
        } => "reserve_plan_must_be_active", Unconfirmed(StatusTransitionInvalid), "The reserve plan is {status}; only one that is active is disabled.";
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "reserve_amount_must_be_positive", Unconfirmed(ParameterInvalidInteger), "What is held or released is above zero; {asked} was asked.";
        /// The charge or transfer brought the account no money of this currency.
        OtherSource {
            /// Whose money was to be held.
            account: AccountId,
        } => "reserve_source_must_be_the_accounts", NoCode, "What is held of account number {account} for a sale comes of a direct charge on it or of a transfer to it, in the same currency.";
        /// Less of the sale is left that is not held.
        ExceedsSource {
            /// What was asked.
            asked: Money,
            /// What is left of it, not refunded, moved back or held.
            left: Money,
        } => "reserve_must_not_exceed_its_source", Unconfirmed(AmountTooLarge), "Of this sale {left} is left that is not held; {asked} was asked.";
        /// The account has less.
        NotCovered {
            /// What was asked.
            asked: Money,
            /// What it has: available, and of the sale pending.
            covered: Money,
        } => "balance_must_cover_reserve", Unconfirmed(BalanceInsufficient), "The account has {covered} that could be held; {asked} was asked.";
        /// As much is held of the sale as one event can release.
        ManyHolds {
            /// The most holds.
            most: usize,
        } => "sale_must_have_few_holds", NoCode, "Of one sale at most {most} holds stand at once; hold more in fewer parts.";
        /// There is no such hold.
        UnknownHold {
            /// The id that was named.
            hold: ReserveHoldId,
        } => "reserve_hold_must_exist", Documented(ResourceMissing), "There is no reserve hold {hold}.";
        /// Less of the hold is left.
        ExceedsHold {
            /// What was asked.
            asked: Money,
            /// What is left of it.
            left: Money,
        } => "release_must_not_exceed_hold", Unconfirmed(AmountTooLarge), "Of this hold {left} is left; {asked} was asked.";
    }
}
