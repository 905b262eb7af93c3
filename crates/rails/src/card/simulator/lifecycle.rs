//! Random asks at random instants: what holds of every story.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor, Money};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::asking::{
    accept, answer, at, cancel, cancel_refund, capture, capture_part, charge, hold, key, refund, usd,
};
use super::tokens::CARDS;
use super::{CardRates, CardSimulator};
use crate::card::{CardAsk, CardFact, CardOrder};
use crate::{Answer, AskKey, DisputeRef, Settings, Told};

/// Rates at which everything happens often.
fn settings(seed: u64) -> Settings {
    let cards = CardRates {
        declined: 500,
        disputed: 4_000,
        inquired: 2_500,
        warned: 3_000,
        refunds_pending: 3_000,
        refunds_failing: 3_000,
        refunds_requiring_action: 2_500,
        won: 5_000,
    };
    Settings { cards, ..Settings::seeded(seed) }
}

/// Asks, each with the seconds since the one before. Few payments come first, mostly with cards
/// on which much happens, so that what follows meets them.
fn asks() -> impl Strategy<Value = Vec<(i64, CardOrder)>> {
    let lively = vec![
        "tok_drawn",
        "tok_drawn",
        "tok_createDispute",
        "tok_createDisputeInquiry",
        "tok_createDisputeInquiry",
        "tok_pendingRefund",
        "tok_refundFail",
    ];
    let any_card = || select(CARDS).prop_map(|row| row.names[0]);
    let card = || prop_oneof![1 => any_card(), 3 => select(lively.clone())];
    let minor = || prop_oneof![1 => -1_i64..=0, 20 => 1_i64..=40, 1 => Just(i64::MAX)];
    let of = || 1_u64..=4;
    let evidence = select(vec!["winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "words"]);
    let begin = prop_oneof![
        (card(), 30_i64..=100).prop_map(|(card, minor)| charge(card, minor)),
        (card(), 30_i64..=100).prop_map(|(card, minor)| hold(card, minor)),
    ];
    let go_on = prop_oneof![
        4 => (of(), minor()).prop_map(|(of, minor)| capture_part(of, minor)),
        1 => (of(), minor()).prop_map(|(of, minor)| capture(of, minor)),
        1 => of().prop_map(cancel),
        4 => (of(), minor()).prop_map(|(of, minor)| refund(of, minor)),
        1 => of().prop_map(|of| CardOrder::Refund { payment: key(of), amount: Money::new(Currency::EUR, 5) }),
        4 => (3_u64..=12).prop_map(cancel_refund),
        4 => (of(), evidence).prop_map(|(of, evidence)| answer(of, evidence)),
        1 => of().prop_map(accept),
    ];
    let soon = 0_i64..=30;
    let gap = prop_oneof![
        6 => 0_i64..=0,
        6 => 1_i64..=60,
        3 => 60_i64..=86_400 * 3,
        1 => 86_400_i64..=86_400 * 40,
    ];
    let begins = proptest::collection::vec((soon, begin), 2..=4);
    let goes_on = proptest::collection::vec((gap, go_on), 0..=36);
    (begins, goes_on).prop_map(|(begins, goes_on)| begins.into_iter().chain(goes_on).collect())
}

/// The asks with their instants and keys.
fn timed(asks: Vec<(i64, CardOrder)>) -> Vec<(Timestamp, CardAsk)> {
    let mut now = at("2026-01-01");
    let mut timed = Vec::new();
    for (position, (gap, order)) in (1..).zip(asks) {
        now = now.plus_seconds(gap);
        timed.push((now, CardAsk { key: key(position), order }));
    }
    timed
}

fn all(simulator: &mut CardSimulator) -> Vec<Told<CardFact>> {
    simulator.advance(Timestamp::MAX);
    simulator.told().to_vec()
}

/// What a reader of the facts knows of a payment, by an arithmetic of its own.
#[derive(Default)]
struct Seen {
    authorised: Minor,
    captured: Minor,
    refunds: BTreeMap<AskKey, Minor>,
    withdrawn: Option<Minor>,
    reinstated: Option<Minor>,
    disputed: bool,
    ended: bool,
}

impl Seen {
    fn read(&mut self, fact: &CardFact) {
        match fact {
            CardFact::Authorised { amount, .. } => {
                assert_eq!(self.authorised, 0, "authorised twice");
                self.authorised = amount.minor;
            }
            CardFact::Captured { amount, .. } => self.captured += amount.minor,
            CardFact::RefundPending { refund, amount, .. } => {
                assert_eq!(self.refunds.insert(*refund, amount.minor), None, "pending twice");
            }
            CardFact::RefundSucceeded { refund, amount, .. } => {
                self.refunds.insert(*refund, amount.minor);
            }
            CardFact::RefundFailed { refund, amount, .. } => {
                assert_eq!(self.refunds.remove(refund), Some(amount.minor), "what failed was refunded");
            }
            CardFact::RefundCancelled { refund } => {
                assert!(self.refunds.remove(refund).is_some(), "what was called back was refunded");
            }
            CardFact::DisputeOpened { .. } => {
                assert!(!std::mem::replace(&mut self.disputed, true), "disputed twice");
            }
            CardFact::FundsWithdrawn { amount, .. } => {
                assert!(self.disputed && !self.ended);
                assert_eq!(self.withdrawn.replace(amount.minor), None, "withdrawn twice");
            }
            CardFact::FundsReinstated { amount, .. } => {
                assert!(!self.ended);
                assert_eq!(self.withdrawn, Some(amount.minor), "what comes back was withdrawn");
                assert_eq!(self.reinstated.replace(amount.minor), None, "reinstated twice");
            }
            CardFact::DisputeClosed { .. } => {
                assert!(self.disputed && !std::mem::replace(&mut self.ended, true), "ended twice");
            }
            CardFact::DisputeEscalated { .. } | CardFact::EvidenceReceived { .. } => {
                assert!(self.disputed && !self.ended);
            }
            CardFact::Expired { released, .. } => {
                assert_eq!(released.minor, self.authorised - self.captured);
            }
            CardFact::Cancelled { .. } => assert_eq!(self.captured, 0),
            CardFact::RefundRequiresAction { refund } => assert!(self.refunds.contains_key(refund)),
            CardFact::Declined { .. } | CardFact::FraudWarning { .. } => {}
        }
        let refunded: Minor = self.refunds.values().sum();
        assert!(self.captured <= self.authorised, "{} of {}", self.captured, self.authorised);
        assert!(refunded <= self.captured, "{refunded} of {}", self.captured);
    }
}

/// The payment that a simulator's fact is about: its id is `sim_<payment>_<number>`.
fn payment_of(told: &Told<CardFact>) -> AskKey {
    told.id.as_str().split('_').nth(1).unwrap().parse().unwrap()
}

/// The payment that each ask is about.
fn payments_of(asks: &[(Timestamp, CardAsk)]) -> BTreeMap<AskKey, AskKey> {
    let mut of = BTreeMap::new();
    for (_, ask) in asks {
        let payment = match &ask.order {
            CardOrder::Authorise { .. } => ask.key,
            CardOrder::Capture { payment, .. }
            | CardOrder::Cancel { payment }
            | CardOrder::Refund { payment, .. } => *payment,
            CardOrder::CancelRefund { refund } => of.get(refund).copied().unwrap_or(*refund),
            CardOrder::SubmitEvidence { dispute, .. } | CardOrder::AcceptDispute { dispute } => {
                dispute.as_str().trim_start_matches("dp_").parse().unwrap()
            }
        };
        of.insert(ask.key, payment);
    }
    of
}

proptest! {
    #[test]
    fn facts_are_in_order_and_never_too_much(seed in any::<u64>(), asks in asks()) {
        let mut simulator = CardSimulator::rebuilt(settings(seed), timed(asks)).unwrap();
        let facts = all(&mut simulator);
        assert!(facts.is_sorted_by_key(|told| told.at), "in the order of their instants");
        let ids: BTreeSet<_> = facts.iter().map(|told| &told.id).collect();
        assert_eq!(ids.len(), facts.len(), "each has its own id");
        let mut seen: BTreeMap<AskKey, Seen> = BTreeMap::new();
        for told in &facts {
            seen.entry(payment_of(told)).or_default().read(&told.fact);
        }
        assert!(seen.values().all(|seen| seen.disputed == seen.ended), "every dispute ends");
        assert_eq!(simulator.next_due(), None, "everything ends");
    }

    #[test]
    fn a_rebuilt_simulator_is_the_live_one(
        seed in any::<u64>(),
        asks in asks(),
        reads in proptest::collection::vec(0_i64..=86_400 * 5, 40),
    ) {
        let asks = timed(asks);
        let mut live = CardSimulator::new(settings(seed));
        let (mut cursor, mut read) = (None, Vec::new());
        for (index, (now, ask)) in asks.iter().enumerate() {
            let answer = live.ask(*now, ask).unwrap();
            if let Answer::Taken(told) = &answer {
                assert!(told.iter().all(|told| live.told().contains(told)), "an answer's facts come again");
            }
            let before = live.clone();
            assert_eq!(live.ask(*now, ask).unwrap(), answer, "a repeated ask has the same answer");
            assert_eq!(live, before, "and does nothing");
            // The reader reads up to somewhere before the next ask, in pages of two.
            let next = asks.get(index + 1).map_or(*now, |(next, _)| *next);
            let until = now.plus_seconds(reads[index]).min(next);
            let page = live.facts(cursor.as_ref(), until, 2).unwrap();
            cursor = page.next.or(cursor);
            read.extend(page.told);
        }
        let mut rebuilt = CardSimulator::rebuilt(settings(seed), asks.clone()).unwrap();
        let last = asks.last().unwrap().0;
        rebuilt.advance(last);
        live.advance(last);
        assert_eq!(rebuilt, live);
        loop {
            let page = live.facts(cursor.as_ref(), Timestamp::MAX, 3).unwrap();
            cursor = page.next.or(cursor);
            read.extend(page.told);
            if !page.more {
                break;
            }
        }
        assert_eq!(read, all(&mut rebuilt), "nothing is missed and nothing comes twice");
        live.advance(Timestamp::MAX);
        assert_eq!(rebuilt, live);
    }

    #[test]
    fn what_is_asked_of_other_payments_changes_nothing(seed in any::<u64>(), asks in asks()) {
        let asks = timed(asks);
        let of = payments_of(&asks);
        let facts = all(&mut CardSimulator::rebuilt(settings(seed), asks.clone()).unwrap());
        for payment in of.values().collect::<BTreeSet<_>>() {
            let own = asks.iter().filter(|(_, ask)| of[&ask.key] == *payment).cloned();
            let alone = all(&mut CardSimulator::rebuilt(settings(seed), own).unwrap());
            let among: Vec<_> = facts.iter().filter(|told| payment_of(told) == *payment).cloned().collect();
            assert_eq!(among, alone, "of {payment}");
        }
    }
}

/// The properties above say nothing of what random asks never come to.
#[test]
fn random_asks_come_to_every_kind_of_fact() {
    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..500 {
        let asks = asks().new_tree(&mut runner).unwrap().current();
        for told in all(&mut CardSimulator::rebuilt(settings(seed), timed(asks)).unwrap()) {
            let kind = told.fact.to_string().split(' ').next().unwrap().to_owned();
            *kinds.entry(kind).or_default() += 1;
        }
    }
    assert_eq!(kinds.len(), 17, "{kinds:#?}");
    assert!(kinds.values().all(|count| *count >= 5), "{kinds:#?}");
}

#[test]
fn the_ends_of_the_calendar_and_of_the_numbers_are_no_trouble() {
    let mut simulator = CardSimulator::new(settings(1));
    let ask = |position, order| CardAsk { key: key(position), order };
    simulator.ask(Timestamp::MIN, &ask(1, hold("tok_createDispute", Minor::MAX))).unwrap();
    simulator.ask(Timestamp::MIN, &ask(2, capture_part(1, Minor::MAX - 1))).unwrap();
    simulator.ask(Timestamp::MIN, &ask(3, capture_part(1, 1))).unwrap();
    simulator.ask(Timestamp::MAX, &ask(4, charge("tok_createDisputeInquiry", Minor::MAX))).unwrap();
    simulator.ask(Timestamp::MAX, &ask(5, answer(4, "escalate_inquiry_evidence"))).unwrap();
    let facts = all(&mut simulator);
    let withdrawn = facts.iter().filter_map(|told| {
        let CardFact::FundsWithdrawn { dispute, amount, .. } = &told.fact else { return None };
        Some((dispute.clone(), *amount))
    });
    // The second dispute opens, is due and is over in the last microsecond of the calendar.
    assert_eq!(withdrawn.collect::<Vec<_>>(), [(DisputeRef::simulated(key(1)), usd(Minor::MAX))]);
    assert_eq!(facts.last().unwrap().at, Timestamp::MAX);
}
