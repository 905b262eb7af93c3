//! Hot samples: the events of which there are most, as small as they mostly are.

use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::charge::{ChargeState, ChargeType};
use counterfoil_domain::split::{Share, SplitMade};
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::{AccountId, ChargeId, Event, RailId, Recorded};

use super::Decoded;
use super::entries::entry;
use super::samples::{BAKERY, FLORIST, around, charge, day, transfer};

/// The smallest hot event: a transfer from the platform's balance, with stamp and command.
pub(super) fn hot_transfer() -> Decoded {
    let entry = entry([
        (Book::Account(AccountId::PLATFORM, State::Available), Kind::Transfer, 10_000, 1_000),
        (Book::Account(FLORIST, State::Available), Kind::Transfer, -10_000, 1_000),
    ]);
    let transfer = TransferState {
        source_charge: None,
        transfer_group: None,
        reversed: 0,
        pending_left: 0,
        amount: 10_000,
        ..transfer(FLORIST)
    };
    let made = Transferred { transfer, charge: None, entry, details: None };
    let mut hot = around(0, Event::TransferCreated(Box::new(made)));
    (hot.recorded.acting, hot.recorded.cause) = (None, None);
    hot
}

/// The hot event with its source charge, whose money is pending.
pub(super) fn hot_transfer_of_a_charge() -> Decoded {
    let pending = State::Pending(day());
    let entry = entry([
        (Book::Account(AccountId::PLATFORM, pending), Kind::Transfer, 10_000, 1_000),
        (Book::Account(FLORIST, pending), Kind::Transfer, -10_000, 1_000),
    ]);
    let transfer = TransferState { transfer_group: None, reversed: 0, amount: 10_000, ..transfer(FLORIST) };
    let charge = ChargeState { transfer_group: None, refunded: 0, ..charge() };
    let made = Transferred { transfer, charge: Some(Box::new(charge)), entry, details: None };
    Decoded {
        recorded: Recorded { event: Event::TransferCreated(Box::new(made)), ..hot_transfer().recorded },
        ..hot_transfer()
    }
}

/// The hot event of an import: a separate charge with its processing fee.
pub(super) fn hot_charge() -> Decoded {
    let platform = Book::Account(AccountId::PLATFORM, State::Pending(day()));
    let card = Book::Rail(RailId(1));
    let entry = entry([
        (card, Kind::Charge, 10_000, 100_000),
        (platform, Kind::Charge, -10_000, 100_000),
        (platform, Kind::ProcessingFee, 320, 100_001),
        (card, Kind::ProcessingFee, -320, 100_001),
    ]);
    let charge = ChargeState { transferred: 0, ..separate() };
    let charged = Charged { charge, transfer: None, fee_payer: AccountId::PLATFORM, entry, details: None };
    Decoded {
        recorded: Recorded { event: Event::ChargeSucceeded(Box::new(charged)), ..hot_transfer().recorded },
        ..hot_transfer()
    }
}

/// The hot event of a marketplace: a split of pending charges, in one transfer for each share
/// or, of several charges, in two for one of them.
pub(super) fn hot_split(charges: usize, group: Option<&str>) -> Decoded {
    let pending = |account| Book::Account(account, State::Pending(day()));
    let moves = [(BAKERY, 4_500, 1_000), (BAKERY, 4_500, 1_001), (FLORIST, 90, 7)];
    let moves = moves.get(2 - charges.min(2)..).unwrap_or_default();
    let lines = moves.iter().flat_map(|(seller, amount, number)| {
        let to = |book, amount, number| (book, Kind::Transfer, amount, number);
        [to(pending(AccountId::PLATFORM), *amount, 9), to(pending(*seller), -*amount, *number)]
    });
    let entry = entry(lines);
    let group: Option<Box<str>> = group.map(Into::into);
    let id = |place| ChargeId::new(999_998 + place as u64, 0);
    let state = || ChargeState { transfer_group: group.clone(), ..separate() };
    let charges: Vec<_> = (0..charges).map(|place| (id(place), state())).collect();
    let transfers = moves.iter().enumerate().map(|(place, (seller, amount, _))| TransferState {
        source_charge: Some(id(place.min(charges.len() - 1))),
        reversed: 0,
        amount: *amount,
        pending_left: *amount,
        transfer_group: group.clone(),
        ..transfer(*seller)
    });
    let transfers: Vec<_> = transfers.collect();
    let moved = transfers.iter().filter(|transfer| transfer.destination == BAKERY);
    let net: i64 = moved.map(|transfer| transfer.amount).sum();
    let share = |account, net, commission| Share { account, gross: net + commission, commission };
    let shares = vec![share(BAKERY, net, 500), share(FLORIST, 90, 0)];
    let made = SplitMade { shares, charges, transfers, entry, details: None };
    Decoded {
        recorded: Recorded { event: Event::ChargesSplit(Box::new(made)), ..hot_transfer().recorded },
        ..hot_transfer()
    }
}

/// A separate charge whose money is pending.
fn separate() -> ChargeState {
    ChargeState {
        charge_type: ChargeType::Separate,
        seller: None,
        refunded: 0,
        application_fee: 0,
        transfer_group: None,
        ..charge()
    }
}
