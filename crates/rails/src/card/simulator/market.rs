//! A market of drawn cards: one seed, one story, and rates that hold.

use counterfoil_domain::calendar::Timestamp;

use super::CardRates;
use super::asking::{Asked, at, charge, refund};
use crate::card::{CardFact, CardOrder};
use crate::{Cursor, Settings, Told};

/// A market: a processor that is asked, and a merchant that reads what it tells.
struct Market {
    asked: Asked,
    cursor: Option<Cursor>,
    disputes: u32,
}

impl Market {
    /// Lets time pass, and answers every second dispute at the instant at which it opens.
    fn pass(&mut self, until: Timestamp) {
        loop {
            let page = self.asked.simulator.facts(self.cursor.as_ref(), until, usize::MAX).unwrap();
            self.cursor = page.next.or(self.cursor.take());
            for told in page.told {
                let CardFact::DisputeOpened { dispute, .. } = told.fact else { continue };
                self.disputes += 1;
                if self.disputes.is_multiple_of(2) {
                    let evidence = "The parcel was signed for.".into();
                    self.asked.ask(&told.at.to_string(), CardOrder::SubmitEvidence { dispute, evidence });
                }
            }
            if !page.more {
                break;
            }
        }
    }
}

/// The whole story of so many payments an hour apart; of every third, a part is refunded at once.
fn market(settings: Settings, payments: u32) -> Vec<Told<CardFact>> {
    let mut market = Market { asked: Asked::with(settings), cursor: None, disputes: 0 };
    let opening = at("2026-03-02T08:00:00Z");
    for hour in 0..payments {
        let now = opening.plus_seconds(i64::from(hour) * 3_600);
        market.pass(now);
        let payment = market.asked.asks + 1;
        market.asked.ask(&now.to_string(), charge("tok_drawn", 1_000 + i64::from(hour)));
        if hour % 3 == 2 {
            market.asked.ask(&now.to_string(), refund(payment, 500));
        }
    }
    market.pass(Timestamp::MAX);
    market.asked.simulator.told().to_vec()
}

/// Rates at which forty payments have some of everything.
fn lively() -> CardRates {
    CardRates {
        declined: 1_500,
        disputed: 1_500,
        inquired: 1_000,
        warned: 1_000,
        refunds_pending: 3_000,
        refunds_failing: 2_000,
        refunds_requiring_action: 1_000,
        won: 5_000,
    }
}

/// The story of seed 7 as a person reads it. `COUNTERFOIL_BLESS=1` writes it anew.
#[test]
fn the_story_of_a_seed_does_not_change() {
    let told = market(Settings { cards: lively(), ..Settings::seeded(7) }, 40);
    let story: String = told.iter().map(|told| format!("{told}\n")).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/card/simulator/market.txt");
    if std::env::var_os("COUNTERFOIL_BLESS").is_some() {
        std::fs::write(path, &story).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert_eq!(story, expected, "seed 7 tells another story; COUNTERFOIL_BLESS=1 if that is meant");
}

#[test]
fn the_same_seed_tells_the_same_and_another_seed_another_story() {
    let told = |seed| market(Settings { cards: lively(), ..Settings::seeded(seed) }, 40);
    assert_eq!(told(7), told(7));
    assert_ne!(told(7), told(8));
}

#[test]
fn the_default_rates_hold_over_many_payments() {
    let told = market(Settings::seeded(1), 6_000);
    let count = |is: fn(&CardFact) -> bool| told.iter().filter(|told| is(&told.fact)).count();
    // 3 % of 6,000 are 180, 0.7 % are 42, 0.3 % are 18, 20 % of 1,940 refunds are 388.
    let declined = count(|fact| matches!(fact, CardFact::Declined { .. }));
    let disputed = count(|fact| matches!(fact, CardFact::DisputeOpened { .. }));
    let warned = count(|fact| matches!(fact, CardFact::FraudWarning { .. }));
    let pending = count(|fact| matches!(fact, CardFact::RefundPending { .. }));
    assert!((140..220).contains(&declined), "{declined} declined");
    assert!((22..65).contains(&disputed), "{disputed} disputed");
    assert!((6..34).contains(&warned), "{warned} warned");
    assert!((320..460).contains(&pending), "{pending} pending");
}
