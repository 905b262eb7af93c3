//! Told: what an event says of its objects is what its entry booked.

use std::collections::BTreeMap;

use super::{Broken, Law};
use crate::books::{Book, Entry, Kind};
use crate::charge::create::Charged;
use crate::event::Event;
use crate::id::{AccountId, TransferId};
use crate::money::{Currency, Minor};
use crate::record::{Record, RecordKey};
use crate::refund::create::Refunded;
use crate::split::SplitMade;
use crate::transfer::TransferState;

/// What an entry booked, to be compared with what is said of it.
struct Booked<'a> {
    entry: &'a Entry,
    broken: &'a mut Broken,
}

/// What a record says, against what was booked.
pub(super) fn same(what: &'static str, said: i128, booked: i128, broken: &mut Broken) {
    if said != booked {
        broken.push(Law::Told { what, said, booked });
    }
}

/// Checks an event against its own entry.
pub(super) fn check(event: &Event, entry: &Entry, broken: &mut Broken) {
    let mut booked = Booked { entry, broken };
    if let Event::ChargeSucceeded(charged) = event {
        booked.charge(charged);
    }
    if let Event::ChargesSplit(split) = event {
        booked.split(split);
    }
    if let Event::Moved(moved) = event
        && let Record::Split(..) = moved.subject.record
    {
        let made = moved.beside.iter().filter_map(|part| TransferId::of(&part.record));
        booked.transfers(made.map(|(_, transfer)| transfer));
    }
    if let Event::TransferCreated(made) = event {
        booked.transfers([&made.transfer]);
    }
    if let Event::TransferReversed(reversed) = event {
        booked.currency(reversed.transfer.currency);
        booked.taken(reversed.transfer.destination, "reversal", reversed.amount);
    }
    if let Event::ChargeRefunded(refunded) = event {
        booked.refund(refunded);
    }
}

impl Booked<'_> {
    fn charge(&mut self, charged: &Charged) {
        let charge = &charged.charge;
        let rail = |kind| self.sum(Book::Rail(charge.rail), kind);
        let (paid, fee) = (rail(Kind::Charge), -rail(Kind::ProcessingFee));
        self.compare("charge", charge.amount, paid);
        self.compare("charge of its owner", charge.amount, self.owed(charge.owner, Kind::Charge));
        self.compare("processing fee", charge.processing_fee, fee);
        let payer = -self.owed(charged.fee_payer, Kind::ProcessingFee);
        self.compare("processing fee of its payer", charge.processing_fee, payer);
        let fee = self.owed(AccountId::PLATFORM, Kind::ApplicationFee);
        self.compare("application fee", charge.application_fee, fee);
        self.currency(charge.currency);
        if let Some(transfer) = &charged.transfer {
            self.transfers([transfer]);
        }
    }

    fn split(&mut self, split: &SplitMade) {
        self.transfers(&split.transfers);
        let mut nets: BTreeMap<AccountId, i128> = BTreeMap::new();
        for transfer in &split.transfers {
            *nets.entry(transfer.destination).or_default() += i128::from(transfer.amount);
        }
        for share in &split.shares {
            let net = i128::from(share.gross) - i128::from(share.commission);
            let moved = nets.remove(&share.account).unwrap_or_default();
            self.same("share", net, moved);
            self.same("commission below zero", i128::from(share.commission.min(0)), 0);
        }
        self.same("transfers without a share", nets.len() as i128, 0);
        for (_, charge) in &split.charges {
            self.currency(charge.currency);
        }
    }

    fn transfers<'t>(&mut self, transfers: impl IntoIterator<Item = &'t TransferState>) {
        let mut said: BTreeMap<AccountId, i128> = BTreeMap::new();
        for transfer in transfers {
            self.currency(transfer.currency);
            *said.entry(transfer.destination).or_default() += i128::from(transfer.amount);
        }
        for (destination, amount) in said {
            self.same("transfer", amount, self.owed(destination, Kind::Transfer));
        }
    }

    fn refund(&mut self, refunded: &Refunded) {
        let charge = &refunded.charge;
        self.currency(charge.currency);
        self.compare("refund", refunded.amount, -self.sum(Book::Rail(charge.rail), Kind::Refund));
        let fee = -self.owed(AccountId::PLATFORM, Kind::ApplicationFeeRefund);
        self.compare("fee refund", refunded.fee_refunded, fee);
        if let Some((_, transfer)) = &refunded.transfer {
            self.taken(transfer.destination, "reversal", refunded.reversed);
        }
    }

    fn taken(&mut self, from: AccountId, what: &'static str, amount: Minor) {
        self.compare(what, amount, -self.owed(from, Kind::TransferReversal));
    }

    fn currency(&mut self, said: Currency) {
        let booked = self.entry.currency();
        self.same("currency", said.number().into(), booked.number().into());
    }

    fn compare(&mut self, what: &'static str, said: Minor, booked: i128) {
        self.same(what, said.into(), booked);
    }

    fn same(&mut self, what: &'static str, said: i128, booked: i128) {
        same(what, said, booked, self.broken);
    }

    /// What a kind of posting added to a book, debits positive.
    fn sum(&self, book: Book, kind: Kind) -> i128 {
        let postings = self.entry.postings().iter().filter(|posting| posting.kind == kind);
        postings.filter(|posting| posting.book == book).map(|posting| i128::from(posting.amount)).sum()
    }

    /// What a kind of posting added to what is owed to an account, in whatever state.
    fn owed(&self, account: AccountId, kind: Kind) -> i128 {
        let postings = self.entry.postings().iter().filter(|posting| posting.kind == kind);
        let own = postings.filter(|posting| posting.book.owner().is_some_and(|(owner, _)| owner == account));
        own.map(|posting| -i128::from(posting.amount)).sum()
    }
}
