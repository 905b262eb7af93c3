//! Event types by number, with the newest version of each.
//!
//! A number is never used for another event, and a version is never changed: a new
//! shape is a new version, and `body.rs` lifts the older ones.

use counterfoil_domain::refund::OnShortfall;
use counterfoil_domain::{Event, Step};

use super::Fault;

macro_rules! kinds {
    ($($name:ident = $number:literal, version $version:literal, $event:pat),+ $(,)?) => {
        $(pub(super) const $name: u16 = $number;)+

        /// Every type with its newest version.
        #[cfg(test)]
        pub(super) fn all() -> Vec<(u16, u8)> {
            let steps = Step::ALL.iter().map(|step| (step.number(), MOVED));
            [$(($name, $version)),+].into_iter().chain(steps).collect()
        }

        /// The type of an event, and the version that is written.
        pub(super) fn of(event: &Event) -> (u16, u8) {
            // What version 1 can say is written in it.
            if let Event::AccountOnboarded(onboarded) = event
                && onboarded.controller.is_none()
                && onboarded.processing_fee.is_none()
            {
                return (ACCOUNT_ONBOARDED, 1);
            }
            if let Event::LedgerOpened(settings) = event
                && settings.on_shortfall == OnShortfall::Refuse
            {
                return (LEDGER_OPENED, 1);
            }
            match event {
                $($event => ($name, $version),)+
                Event::Moved(moved) => (moved.step.number(), MOVED),
            }
        }

        /// The newest version of a type, where the type is known.
        fn newest(kind: u16) -> Option<u8> {
            match kind {
                $($name => Some($version),)+
                _ => step(kind).map(|_| MOVED),
            }
        }
    };
}

kinds! {
    LEDGER_OPENED = 1, version 2, Event::LedgerOpened(_),
    TIME_ADVANCED = 2, version 1, Event::TimeAdvanced { .. },
    ACCOUNT_ONBOARDED = 3, version 2, Event::AccountOnboarded(_),
    REQUIREMENT_CHANGED = 4, version 1, Event::RequirementChanged { .. },
    BANK_ACCOUNT_ATTACHED = 5, version 1, Event::BankAccountAttached { .. },
    PAYOUT_SCHEDULE_SET = 6, version 1, Event::PayoutScheduleSet { .. },
    RAIL_OPENED = 7, version 1, Event::RailOpened { .. },
    CHARGE_SUCCEEDED = 8, version 1, Event::ChargeSucceeded(_),
    CHARGES_SPLIT = 9, version 1, Event::ChargesSplit(_),
    TRANSFER_CREATED = 10, version 1, Event::TransferCreated(_),
    TRANSFER_REVERSED = 11, version 1, Event::TransferReversed(_),
    CHARGE_REFUNDED = 12, version 1, Event::ChargeRefunded(_),
    FUNDS_MATURED = 13, version 1, Event::FundsMatured { .. },
    PAYOUT_CREATED = 14, version 1, Event::PayoutCreated(_),
    PAYOUT_PAID = 15, version 1, Event::PayoutPaid(_),
    PAYOUT_FAILED = 16, version 1, Event::PayoutFailed(_),
    RAIL_SETTLED = 17, version 1, Event::RailSettled { .. },
    BOOKMARK_SET = 18, version 1, Event::BookmarkSet { .. },
    CONNECT_RESERVE_MOVED = 19, version 1, Event::ConnectReserveMoved { .. },
    SUCCESSOR_NAMED = 21, version 1, Event::SuccessorNamed { .. },
    DEBIT_NEGATIVE_BALANCES_SET = 22, version 1, Event::DebitNegativeBalancesSet { .. },
}

/// The version of every step's shape.
pub(super) const MOVED: u8 = 1;

/// The step of which a type is the event.
pub(super) fn step(kind: u16) -> Option<Step> {
    Step::ALL.iter().find(|step| step.number() == kind).copied()
}

/// Refuses a type or a version that this release does not know.
pub(super) fn check(kind: u16, version: u8) -> Result<(), Fault> {
    match newest(kind) {
        None => Err(Fault::UnknownType),
        Some(newest) if version > newest => Err(Fault::UnknownVersion { newest }),
        Some(_) => Ok(()),
    }
}

/// The fault of a version that no shape was ever written in.
pub(super) fn unknown_version(kind: u16) -> Fault {
    newest(kind).map_or(Fault::UnknownType, |newest| Fault::UnknownVersion { newest })
}
