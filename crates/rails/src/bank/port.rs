//! The port: what stands between the ledger and a bank.

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;

use super::{BankAsk, BankFact, BankRefusal};
use crate::{Answer, Cursor, Page, RailError};

/// What a bank answers.
pub type BankAnswer = Answer<BankFact, BankRefusal>;

/// A bank, or who pays through banks.
///
/// What it promises, and what its caller promises, are those of [`CardRail`](crate::CardRail):
/// once under one key; each fact at least once; in order, here per order. A bank mostly takes an
/// ask and says nothing: what came of it stands in a file of a later day.
#[async_trait]
pub trait BankRail: Send + Sync {
    /// The ledger's name for the money that this bank holds.
    fn name(&self) -> &RailName;

    /// Puts an ask that was decided at `at`.
    ///
    /// # Errors
    /// No answer came: nobody knows what came of it, and it is put again under the same key.
    async fn ask(&self, at: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError>;

    /// The facts that came after the cursor (from the beginning without one), of instants up to
    /// and with `until`, at most `most` of them.
    ///
    /// # Errors
    /// The bank was not reached, or the cursor is none of its own.
    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<BankFact>, RailError>;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use counterfoil_domain::account::Country;
    use counterfoil_domain::money::{Currency, Money};
    use counterfoil_domain::payout::FailureCode;
    use counterfoil_domain::{AccountId, ObjectId};

    use super::*;
    use crate::bank::simulator::SimulatedBank;
    use crate::bank::{BankDetails, BankOrder, Flow, OrderResult, Payee};
    use crate::{AskKey, BankSimulator, FactId, Settings, Told};

    /// A bank of files, in a few lines: orders go out by key, results come in files of lines
    /// `<key> <amount> ok` or `<key> <amount> back`, and a file may be sent twice.
    struct Files {
        name: RailName,
        out: Mutex<BTreeMap<AskKey, BankAsk>>,
        files: Vec<(&'static str, &'static str, Vec<&'static str>)>,
    }

    impl Files {
        fn lines(&self) -> impl Iterator<Item = (String, Told<BankFact>)> {
            self.files.iter().flat_map(|(name, at, lines)| {
                (1..).zip(lines).map(move |(number, line)| {
                    let [key, minor, result] = line.split(' ').collect::<Vec<_>>()[..] else {
                        panic!("{line}");
                    };
                    let result = match result {
                        "ok" => OrderResult::Done,
                        _ => OrderResult::Returned(FailureCode::AccountClosed),
                    };
                    let amount = Money::new(Currency::EUR, minor.parse().unwrap());
                    let fact = BankFact { order: key.parse().unwrap(), flow: Flow::Payout, amount, result };
                    // The same line of the same statement has the same id, whichever file it is in.
                    let id = FactId::new(&line.replace(' ', "/")).unwrap();
                    (format!("{name}:{number}"), Told { id, at: at.parse().unwrap(), fact })
                })
            })
        }
    }

    #[async_trait]
    impl BankRail for Files {
        fn name(&self) -> &RailName {
            &self.name
        }

        async fn ask(&self, _: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError> {
            let mut out = self.out.lock().unwrap();
            if out.entry(ask.key).or_insert_with(|| ask.clone()) != ask {
                return Ok(Answer::Refused(BankRefusal::KeyReused { key: ask.key }));
            }
            Ok(Answer::Taken(Vec::new()))
        }

        async fn facts(
            &self,
            after: Option<&Cursor>,
            until: Timestamp,
            most: usize,
        ) -> Result<Page<BankFact>, RailError> {
            let all: Vec<_> = self.lines().filter(|(_, told)| told.at <= until).collect();
            let start = match after {
                None => 0,
                Some(cursor) => {
                    let at = all.iter().position(|(name, _)| name == cursor.as_str());
                    1 + at.ok_or_else(|| RailError::UnknownCursor { cursor: cursor.clone() })?
                }
            };
            let read: Vec<_> = all.iter().skip(start).take(most).cloned().collect();
            let next = read.last().map(|(name, _)| Cursor::new(name).unwrap()).or(after.cloned());
            let more = start + read.len() < all.len();
            Ok(Page { told: read.into_iter().map(|(_, told)| told).collect(), next, more })
        }
    }

    fn at_once<F: Future>(future: F) -> F::Output {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("neither of these banks waits"),
        }
    }

    /// Pays 90.00 out at that bank and reads what came of it, a fact at a time.
    fn paid_out(rail: &dyn BankRail, until: &str) -> Vec<String> {
        assert_eq!(rail.name().as_str(), RailName::BANK);
        let details = Some(BankDetails::new(Country::DE, None, "bank_returned"));
        let (to, amount) = (Payee { account: AccountId(1), details }, Money::new(Currency::EUR, 9_000));
        let arrive_on = "2026-03-09".parse().ok();
        let order = BankOrder::PayOut { to, amount, arrive_on };
        let ask = BankAsk { key: AskKey::of(ObjectId::new(41, 0)), order };
        let thursday = "2026-03-05T10:00:00Z".parse().unwrap();
        for _ in 0..2 {
            assert_eq!(at_once(rail.ask(thursday, &ask)), Ok(Answer::Taken(Vec::new())), "taken, not done");
        }
        let (mut cursor, mut seen, mut story) = (None, std::collections::BTreeSet::new(), Vec::new());
        loop {
            let page = at_once(rail.facts(cursor.as_ref(), until.parse().unwrap(), 1)).unwrap();
            for told in page.told {
                if seen.insert(told.id.clone()) {
                    story.push(told.to_string());
                }
            }
            cursor = page.next;
            if !page.more {
                return story;
            }
        }
    }

    #[test]
    fn a_bank_of_files_and_a_simulated_one_fit_the_same_port() {
        let files = || Files {
            name: RailName::new(RailName::BANK).unwrap(),
            out: Mutex::default(),
            files: vec![
                ("statement-0309", "2026-03-09T00:00:00Z", vec!["41.0 9000 ok"]),
                ("statement-0309-again", "2026-03-10T00:00:00Z", vec!["41.0 9000 ok"]),
                ("statement-0312", "2026-03-12T00:00:00Z", vec!["41.0 9000 back"]),
            ],
        };
        let simulated = || {
            let simulator = BankSimulator::new(Settings::default());
            SimulatedBank::new(RailName::new(RailName::BANK).unwrap(), simulator)
        };
        let story = [
            "2026-03-09T00:00:00Z payout_paid 41.0 EUR 90.00",
            "2026-03-12T00:00:00Z payout_returned 41.0 EUR 90.00: account_closed",
        ];
        assert_eq!(paid_out(&files(), "2026-04-01"), story);
        assert_eq!(paid_out(&simulated(), "2026-04-01"), story);
        assert_eq!(paid_out(&files(), "2026-03-11"), story[..1]);
        assert_eq!(paid_out(&simulated(), "2026-03-11"), story[..1]);
    }
}
