//! Payments: which payout took an object's money, and which objects' money a payout took.
//!
//! A payout takes entries of the available balance by number. Some are an object's own;
//! a maturity is one entry for the pending money of all objects of its day.

use std::collections::VecDeque;

use counterfoil_domain::books::{Entry, Kind, Posting, State};
use counterfoil_domain::calendar::Day;
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{PayoutMoved, PayoutState};
use counterfoil_domain::{Event, PayoutId, Recorded};

use super::object::Object;
use super::recent::sorted;
use super::row::{Belated, Maturity, Pending, Purse, Taken};
use super::{NAME, Objects, Place, Reader};
use crate::movement::{Movement, movements};
use crate::object::{ObjectKind, ObjectRef};
use crate::rows::Scan;
use crate::statement::Line;
use crate::unreadable::Unreadable;

/// A part of the money that a payout took.
pub(crate) enum Part {
    /// An entry of the available balance.
    Entry(Line),
    /// Pending money of an object that became available on a day.
    Matured {
        /// The day.
        day: Day,
        /// The position of the event that brought the money.
        at: u64,
        /// Where the object was made.
        place: Place,
    },
}

impl Objects {
    /// Notes what an event's postings mean for payouts.
    pub(super) fn note_payments(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::FundsMatured { account, day, entry } => {
                let purse = Purse { account: *account, currency: entry.currency() };
                let available =
                    |posting: &&Posting| posting.book.owner() == Some((*account, State::Available));
                for posting in entry.postings().iter().filter(available) {
                    self.recent.maturities.push(Maturity { purse, day: *day, entry: posting.number });
                }
            }
            Event::PayoutCreated(moved) => self.note_taken(moved, false),
            Event::PayoutFailed(moved) => self.note_taken(moved, true),
            Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_) => self.note_pending(recorded),
            Event::Moved(_) => self.note_moved(recorded),
            Event::PayoutPaid(_)
            | Event::RailSettled { .. }
            | Event::LedgerOpened(_)
            | Event::TimeAdvanced { .. }
            | Event::AccountOnboarded(_)
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::BookmarkSet { .. }
            | Event::ConnectReserveMoved { .. }
            | Event::DebitNegativeBalancesSet { .. }
            | Event::SuccessorNamed { .. } => {}
        }
    }

    /// Notes what an event that moves no money of earlier objects leaves pending.
    fn note_pending(&mut self, recorded: &Recorded) {
        let entry = recorded.event.entry();
        let pending = |entry: &Entry| {
            let states = entry.postings().iter().filter_map(|posting| posting.book.owner());
            states.into_iter().any(|(_, state)| matches!(state, State::Pending(_)))
        };
        let Some(entry) = entry.filter(|entry| pending(entry)) else {
            return;
        };
        let (currency, position) = (entry.currency(), recorded.position);
        let mut newest = None;
        movements(recorded, |movement| self.note_pended(&movement, currency, position, &mut newest));
    }

    /// Notes what a step leaves pending, and of which earlier objects it moved money.
    fn note_moved(&mut self, recorded: &Recorded) {
        let Some(currency) = recorded.event.entry().map(Entry::currency) else {
            return;
        };
        let position = recorded.position;
        let (mut newest, mut again) = (None, Vec::new());
        movements(recorded, |movement| {
            self.note_pended(&movement, currency, position, &mut newest);
            self.note_again(&movement, position, &mut again);
        });
    }

    /// Notes an object's pending money, unless it is the `newest` that was noted of the event: an
    /// object's postings to one account mostly come together.
    fn note_pended(
        &mut self,
        movement: &Movement,
        currency: Currency,
        position: u64,
        newest: &mut Option<Pending>,
    ) {
        let (Some(source), State::Pending(day)) = (movement.source, movement.state) else {
            return;
        };
        let purse = Purse { account: movement.account, currency };
        let row = Pending { purse, day, made: source.number(), kind: source.kind() };
        if newest.replace(row) == Some(row) {
            return;
        }
        let Pending { purse, day, made, kind } = row;
        if ObjectId::from_bits(made).position() == position {
            self.recent.add_pending(row);
        } else {
            self.recent.belated.push(Belated { purse, day, position, made, kind });
        }
    }

    fn note_taken(&mut self, moved: &PayoutMoved, failed: bool) {
        let PayoutState { account, currency, entries, .. } = &moved.payout;
        let purse = Purse { account: *account, currency: *currency };
        let payout = moved.id.0.to_bits();
        for range in entries {
            self.recent.taken.push(Taken { purse, last: range.last, payout, first: range.first, failed });
        }
    }
}

impl Reader<'_> {
    /// The live payouts that took money which an object brought (or cost) the account that it
    /// is for, by the event that made it or by later ones; the earliest first.
    pub(super) fn payouts_of(&self, object: &Object, made: Recorded) -> Result<Vec<PayoutId>, Unreadable> {
        let mut payouts = Vec::new();
        // A payout's own movements are no object's money.
        let Some(place) =
            self.objects.place(object.reference).filter(|(kind, _)| *kind != ObjectKind::Payout)
        else {
            return Ok(payouts);
        };
        self.takers_of(object, &made, &mut payouts)?;
        // An event that moves money of an object carries its state, so that what nothing changed
        // is not looked for.
        let changed = object.changed != made.position;
        for position in if changed { self.moved_again(place)? } else { Vec::new() } {
            self.takers_of(object, &self.past.event(position)?, &mut payouts)?;
        }
        payouts.sort_unstable();
        payouts.dedup();
        Ok(payouts)
    }

    /// Adds the live payouts that took what an event moved of an object.
    fn takers_of(
        &self,
        object: &Object,
        recorded: &Recorded,
        payouts: &mut Vec<PayoutId>,
    ) -> Result<(), Unreadable> {
        let Some(entry) = recorded.event.entry() else {
            return Ok(());
        };
        let account = object.beneficiary();
        let purse = Purse { account, currency: entry.currency() };
        let mut states = Vec::new();
        movements(recorded, |movement| {
            if movement.account == account && movement.source == Some(object.reference) {
                // An available part is an entry by itself, a pending one waits for its day's.
                let number = (movement.state == State::Available).then_some(movement.posting.number);
                states.push((movement.state, number));
            }
        });
        for (state, number) in states {
            let number = match (state, number) {
                (State::Pending(day), _) => self.maturity(purse, day, recorded.position)?,
                (_, number) => number,
            };
            if let Some(number) = number {
                payouts.extend(self.taker(purse, number, recorded.position)?);
            }
        }
        Ok(())
    }

    /// The entry in which a day's pending money became available, if it has; the day was
    /// ahead at a position.
    fn maturity(&self, purse: Purse, day: Day, after: u64) -> Result<Option<u64>, Unreadable> {
        let recent = self.objects.recent.maturities.newest(purse.hash_of_day(day));
        if let Some(found) = recent.into_iter().find(|row| (row.purse, row.day) == (purse, day)) {
            return Ok(Some(found.entry));
        }
        let (runs, key) = (self.objects.older.since(after), Maturity::key_of(purse, day));
        let (keys, place) = ((key.bytes(), key.bytes()), (purse, day));
        let mut scan = Scan::<Maturity>::of(NAME, &runs, keys, place..=place, VecDeque::new());
        Ok(scan.next().transpose()?.map(|row| row.entry))
    }

    /// The live payout that took an entry, which was booked at a position or later.
    fn taker(&self, purse: Purse, entry: u64, after: u64) -> Result<Option<PayoutId>, Unreadable> {
        let recent: Vec<Taken> = {
            let mut rows: Vec<Taken> = self.of_purse(purse).filter(|row| row.last >= entry).collect();
            rows.reverse();
            sorted(&rows)
        };
        let runs = self.objects.older.since(after);
        let (from, to) = (Taken::key_of(purse, entry, 0), Taken::key_of(purse, u64::MAX, u64::MAX));
        let (keys, most) = ((from.bytes(), to.bytes()), u64::MAX);
        let within = (purse, entry, 0)..=(purse, most, most);
        for row in Scan::<Taken>::of(NAME, &runs, keys, within, recent.into()) {
            let row = row?;
            match (row.failed, row.first <= entry) {
                // What a failed payout took is open, or another's.
                (true, _) => {}
                (false, true) => return Ok(Some(PayoutId(ObjectId::from_bits(row.payout)))),
                // Live payouts share no entry: none beyond this one can hold it.
                (false, false) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The recent rows of what payouts took of a purse, the newest first.
    fn of_purse(&self, purse: Purse) -> impl Iterator<Item = Taken> + '_ {
        let rows = self.objects.recent.taken.newest(Taken::hash_of(purse));
        rows.filter(move |row| row.purse == purse).copied()
    }

    /// The places of the objects whose money a payout took, each once, by kind and in the
    /// order of their making.
    pub(super) fn members(&self, payout: PayoutId) -> Result<Vec<Place>, Unreadable> {
        let mut members = Vec::new();
        self.parts(payout, |part| match part {
            Part::Entry(Line { source: Some(ObjectRef::Payout(_)) | None, .. }) => {}
            Part::Entry(Line { source: Some(source), .. }) => members.push((source.kind(), source.number())),
            Part::Matured { place, .. } => members.push(place),
        })?;
        members.sort_unstable();
        members.dedup();
        Ok(members)
    }

    /// Calls `with` for every part of the money that a payout took.
    pub(crate) fn parts(&self, payout: PayoutId, mut with: impl FnMut(Part)) -> Result<(), Unreadable> {
        let Some(state) = self.taken_by(payout)? else {
            return Ok(());
        };
        let purse = Purse { account: state.account, currency: state.currency };
        for range in &state.entries {
            for line in self.statement.lines(state.account, state.currency, range.first, range.last) {
                let line = line?;
                if line.state == State::Available && line.kind == Kind::Maturity {
                    self.matured(purse, line.position, &mut with)?;
                } else if line.state == State::Available {
                    with(Part::Entry(line));
                }
            }
        }
        Ok(())
    }

    /// The state of a payout when it was made; `None` where there is none.
    fn taken_by(&self, payout: PayoutId) -> Result<Option<PayoutState>, Unreadable> {
        let Some(recorded) = self.event(payout.0.position())? else {
            return Ok(None);
        };
        let Event::PayoutCreated(moved) = recorded.event else {
            return Ok(None);
        };
        Ok(Some(moved.payout).filter(|_| moved.id == payout))
    }

    /// The places of the objects whose pending money an event made available.
    fn matured(&self, purse: Purse, position: u64, with: &mut impl FnMut(Part)) -> Result<(), Unreadable> {
        let Some(Event::FundsMatured { day, .. }) = self.event(position)?.map(|recorded| recorded.event)
        else {
            return Err(Unreadable::event(position, "it is no maturity, and the statement has one of it"));
        };
        let mut recent: Vec<Pending> = self.objects.recent.pending(purse, day).collect();
        recent.sort_unstable();
        recent.dedup();
        let from = Pending { purse, day, made: 0, kind: ObjectKind::Account };
        let to = Pending { made: u64::MAX, kind: ObjectKind::Split, ..from };
        let (first, last) = (from.key(), to.key());
        let keys = (first.bytes(), last.bytes());
        for row in self.objects.older.scan(NAME, keys, from..=to, recent.into()) {
            let row: Pending = row?;
            let at = ObjectId::from_bits(row.made).position();
            with(Part::Matured { day, at, place: (row.kind, row.made) });
        }
        self.given_belatedly(purse, day, with)
    }

    /// Adds the places of the objects that were given pending money of a day after they were made.
    fn given_belatedly(&self, purse: Purse, day: Day, with: &mut impl FnMut(Part)) -> Result<(), Unreadable> {
        let recent = self.objects.recent.belated.newest(purse.hash_of_day(day)).copied();
        let recent: Vec<Belated> = recent.filter(|row| (row.purse, row.day) == (purse, day)).collect();
        let (first, last) =
            (Belated::key_of(purse, day, 0, 0), Belated::key_of(purse, day, u64::MAX, u64::MAX));
        let (keys, most) = ((first.bytes(), last.bytes()), u64::MAX);
        let within = (purse, day, 0, 0)..=(purse, day, most, most);
        for row in self.objects.older.scan::<Belated>(NAME, keys, within, sorted(&recent).into()) {
            let row = row?;
            with(Part::Matured { day, at: row.position, place: (row.kind, row.made) });
        }
        Ok(())
    }
}
