//! Telling: events as `then` lines, and the state of things as `left` values.

use counterfoil_domain::account::{EntryRange, Gate, Standing};
use counterfoil_domain::books::{Book, Entry, FxBook, OperatorBook, State};
use counterfoil_domain::calendar::Day;
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::payout::PayoutMoved;
use counterfoil_domain::step::Part;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, ChargeId, Event, Moved, RailId, Recorded, TransferId};

use super::stage::Stage;

impl Stage {
    /// An event in words: its name, then its facts, the most telling first.
    #[must_use]
    pub(super) fn tell(&self, recorded: &Recorded) -> String {
        let name = recorded.event.name();
        let facts = self.facts(recorded);
        if facts.is_empty() { name.to_owned() } else { format!("{name} {facts}") }
    }

    fn facts(&self, recorded: &Recorded) -> String {
        let account = |id| self.names.accounts.name(id);
        match &recorded.event {
            Event::LedgerOpened(settings) => format!("{}, {}", settings.country, settings.currency),
            Event::TimeAdvanced { to } => to.to_string(),
            Event::AccountOnboarded(onboarded) => account(onboarded.account).to_owned(),
            Event::RequirementChanged { account: of, name, standing } => {
                format!("{} {name} {}", account(*of), told_standing(*standing))
            }
            Event::BankAccountAttached { account: of, currency, bank } => {
                format!("{} {} {currency}", account(*of), String::from_utf8_lossy(&bank.last4))
            }
            Event::PayoutScheduleSet { account: of, .. } => account(*of).to_owned(),
            Event::RailOpened { name, .. } => name.to_string(),
            Event::ChargeSucceeded(charged) => self.told_charge(recorded.position, charged),
            Event::ChargesSplit(split) => {
                let currency = split.entry.currency();
                let shares = split.shares.iter().map(|share| {
                    let (net, gross) = (currency.format(share.net()), currency.format(share.gross));
                    format!(" {} {net} of {gross}", account(share.account))
                });
                format!("{}{}", self.names.splits.name(recorded.position), shares.collect::<String>())
            }
            Event::TransferCreated(made) => self.told_transfer(recorded.position, &made.transfer),
            Event::TransferReversed(reversed) => {
                let amount = reversed.transfer.currency.format(reversed.amount);
                format!("{} {amount}", self.names.transfers.name(reversed.id))
            }
            Event::ChargeRefunded(refunded) => {
                let money = |minor| refunded.charge.currency.format(minor);
                let mut facts =
                    format!("{} {}", self.names.charges.name(refunded.id), money(refunded.amount));
                if refunded.transfer.is_some() {
                    facts += &format!(" reversing {}", money(refunded.reversed));
                }
                if refunded.fee_refunded > 0 {
                    facts += &format!(" fee {}", money(refunded.fee_refunded));
                }
                facts
            }
            Event::FundsMatured { account: of, day, entry } => {
                let amount = entry.postings().iter().map(|posting| posting.amount.max(0)).sum();
                format!("{} {} of {day}", account(*of), entry.currency().format(amount))
            }
            Event::PayoutCreated(moved) => self.told_payout(moved, true),
            Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => self.told_payout(moved, false),
            Event::RailSettled { rail, entry } => {
                let bank = Book::Rail(RailId::BANK);
                let amounts = entry.postings().iter().filter(|posting| posting.book == bank);
                let amount = amounts.map(|posting| posting.amount).sum();
                format!("{} {}", self.rail_name(*rail), entry.currency().format(amount))
            }
            Event::BookmarkSet { name, cursor, .. } => format!("{name} {cursor}"),
            Event::ConnectReserveMoved { entry } => told_amount(entry),
            Event::SuccessorNamed { account: of, successor } => {
                format!("{} {}", account(*of), account(*successor))
            }
            Event::DebitNegativeBalancesSet { account: of, on } => {
                format!("{} {}", account(*of), if *on { "on" } else { "off" })
            }
            Event::Moved(moved) => self.told_step(moved),
        }
    }

    fn told_transfer(&self, position: u64, transfer: &TransferState) -> String {
        let name = self.names.transfers.name(TransferId::new(position, 0));
        let amount = transfer.currency.format(transfer.amount);
        let to = self.names.accounts.name(transfer.destination);
        format!("{name} {amount} to {to} available {}", transfer.available_on)
    }

    fn told_charge(&self, position: u64, charged: &Charged) -> String {
        let (id, charge) = (ChargeId::new(position, 0), &charged.charge);
        let amount = charge.currency.format(charge.amount);
        let payer = match charge.processing_fee {
            0 => String::new(),
            fee => format!(
                " processing {} by {}",
                charge.currency.format(fee),
                self.names.accounts.name(charged.fee_payer)
            ),
        };
        let on = charge.available_on;
        format!("{} {amount} available {on}{payer}", self.names.charges.name(id))
    }

    /// The object with its amount and why it failed; then the others, with what moved of them.
    fn told_step(&self, moved: &Moved) -> String {
        let Part { record, amount } = &moved.subject;
        let money = record.kept().money();
        let mut told = format!("{} {}", self.names.of(record.id()), money.currency.format(money.minor));
        if *amount != 0 && *amount != money.minor {
            told += &format!(" by {}", money.currency.format(*amount));
        }
        if let Some(failure) = record.kept().failure() {
            told += &format!(" {failure}");
        }
        for Part { record, amount } in moved.beside.iter().filter(|part| part.amount != 0) {
            let currency = record.kept().money().currency;
            told += &format!(", {} {}", self.names.of(record.id()), currency.format(*amount));
        }
        told
    }

    fn told_payout(&self, moved: &PayoutMoved, whole: bool) -> String {
        let payout = &moved.payout;
        let told = format!("{} {}", self.names.payouts.name(moved.id), payout.currency.format(payout.amount));
        if let Some(code) = payout.status.failure() {
            return format!("{told} {}", code.name());
        }
        if !whole {
            return told;
        }
        let ranges: Vec<String> = payout.entries.iter().map(told_range).collect();
        format!("{told} arriving {} entries {}", payout.arrival, ranges.join(" "))
    }

    /// A book's name: `bakery:pending`, `rail:card`; a pending day stands after an `@`.
    #[must_use]
    pub(super) fn book_name(&self, book: Book) -> String {
        match book {
            Book::Rail(rail) => format!("rail:{}", self.rail_name(rail)),
            Book::Account(account, state) => {
                format!("{}:{}", self.names.accounts.name(account), state.name())
            }
            Book::Operator(OperatorBook::Fees) => "operator:fees".to_owned(),
            Book::Operator(OperatorBook::Losses) => "operator:losses".to_owned(),
            Book::TaxWithheld(authority) => format!("tax:withheld:{authority}"),
            Book::Suspense => "suspense".to_owned(),
            Book::Fx(FxBook::Position) => "fx:position".to_owned(),
            Book::Fx(FxBook::Rounding) => "fx:rounding".to_owned(),
        }
    }

    /// The day of a pending book.
    #[must_use]
    pub(super) fn book_day(book: Book) -> Option<Day> {
        match book.owner() {
            Some((_, State::Pending(day))) => Some(day),
            Some(_) | None => None,
        }
    }

    /// What a `left` label comes to, in words; `None` where there is no such thing.
    #[must_use]
    pub(super) fn left(&self, label: &str, currency: Currency) -> Option<String> {
        let (owner, thing) = label.split_once(':')?;
        let money = |minor: Minor| Some(currency.format(minor));
        if owner == "rail" {
            let index = self.world.ledger().rail_names().iter().position(|name| name.as_str() == thing)?;
            let rail = RailId(u16::try_from(index).ok()?);
            return money(
                Minor::try_from(self.world.ledger().tally(Book::Rail(rail), currency).balance).ok()?,
            );
        }
        if let Some(account) = self.names.accounts.find(owner) {
            return self.left_of_account(account, thing, currency);
        }
        let records = self.world.records();
        if let Some(charge) = self.names.charges.find(owner).and_then(|id| records.get(id)) {
            return match thing {
                "refundable" => money(charge.refundable()),
                "transferable" => money(charge.transferable()),
                "disputed" => money(charge.disputed()),
                "fee_refunded" => money(charge.fee_refunded),
                "captured" => money(charge.amount),
                "merchant" => Some(self.names.accounts.name(charge.merchant_of_record()).to_owned()),
                "status" => Some(charge.standing().name().to_owned()),
                _ => None,
            };
        }
        if let Some(transfer) = self.names.transfers.find(owner).and_then(|id| records.get(id))
            && thing == "reversible"
        {
            return money(transfer.reversible());
        }
        let record = records.find(self.names.object(owner)?)?;
        match thing {
            "status" => Some(record.kept().status().to_owned()),
            "returned" => money(record.kept().returned()),
            _ => None,
        }
    }

    fn left_of_account(&self, account: AccountId, thing: &str, currency: Currency) -> Option<String> {
        let holder = self.world.ledger().account(account)?;
        let wallet = holder.wallet(currency).cloned().unwrap_or_default();
        let gate = |gate| Some(if holder.closed_by(gate).is_none() { "open" } else { "closed" }.to_owned());
        let amount = match thing {
            "pending" => wallet.pending,
            "available" => wallet.available,
            "in_transit" => wallet.in_transit,
            "reserved" => wallet.reserved,
            "prefunded" => wallet.prefunded,
            "connect_reserved" => wallet.connect_reserved,
            "paid_out" => wallet.paid_out,
            "charges" => return gate(Gate::Charges),
            "payouts" => return gate(Gate::Payouts),
            "open_entries" => {
                let ranges: Vec<String> =
                    wallet.open_entries(wallet.entries).iter().map(told_range).collect();
                return Some(if ranges.is_empty() { "none".to_owned() } else { ranges.join("+") });
            }
            "bank" => {
                let on_file = holder.bank_accounts.iter().any(|(of, _)| *of == currency);
                let told = match (holder.bank_is_usable(currency), on_file) {
                    (false, _) => "errored",
                    (true, true) => "usable",
                    (true, false) => "none",
                };
                return Some(told.to_owned());
            }
            _ => {
                let day: Day = thing.strip_prefix("pending@")?.parse().ok()?;
                let of_day = |(of, whose, kind, _): &(Day, AccountId, Currency, Minor)| {
                    (*of, *whose, *kind) == (day, account, currency)
                };
                self.world.ledger().maturities().find(of_day).map_or(0, |(.., amount)| amount)
            }
        };
        Some(currency.format(amount))
    }

    fn rail_name(&self, rail: RailId) -> String {
        self.world.ledger().rail_names().get(rail.index()).map_or_else(|| "?".to_owned(), ToString::to_string)
    }
}

/// What an entry moves.
fn told_amount(entry: &Entry) -> String {
    entry.currency().format(entry.postings().iter().map(|posting| posting.amount.max(0)).sum())
}

fn told_standing(standing: Standing) -> String {
    match standing {
        Standing::Due(None) => "due".to_owned(),
        Standing::Due(Some(deadline)) => format!("due by {deadline}"),
        Standing::Pending(_) => "pending".to_owned(),
        Standing::Verified => "verified".to_owned(),
        Standing::PastDue => "past_due".to_owned(),
    }
}

fn told_range(range: &EntryRange) -> String {
    format!("{}-{}", range.first, range.last)
}
