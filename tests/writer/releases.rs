//! What waits of a split is let go in turns that each fit one event, on the real writer.
//!
//! The size of a release was a test of the codec alone, with a made-up event: that a release
//! of many pieces goes through the writer, in its turns and after a new opening, was not tried.

use counterfoil::audit::audit;
use counterfoil::domain::charge::Charge;
use counterfoil::domain::money::Currency;
use counterfoil::domain::split::rule::{
    Condition, Fact, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule,
};
use counterfoil::domain::split::{MOST_CHARGES, MOST_PARTS, MeetCondition, SplitByRule};
use counterfoil::domain::step::Part;
use counterfoil::domain::{Event, Record, SplitId, Step};
use counterfoil::views::ObjectKind;
use counterfoil::{Counterfoil, Outcome, Request, View};

use crate::shop::{charge, open_in, seller};

fn delivered() -> Fact {
    Fact::new(Fact::DELIVERY_CONFIRMED).unwrap()
}

async fn outcomes(shop: &Counterfoil, groups: Vec<Vec<Request>>) -> Vec<Outcome> {
    let answers = shop.execute_together(groups).await.into_iter().flatten();
    answers.map(|answer| answer.unwrap().reply).collect()
}

/// Charges with the longest group, shared in equal parts by many sellers, all on delivery.
async fn waits(shop: &Counterfoil, sellers: usize, charges: &[i64]) -> SplitId {
    let onboard = (0..sellers).map(|number| vec![Request::new(seller(&format!("seller-{number}")))]);
    let onboarded = outcomes(shop, onboard.collect()).await.into_iter();
    let parts = onboarded.map(|outcome| {
        let Outcome::Onboarded(seller) = outcome else { panic!("an account: {outcome:?}") };
        let condition = Condition::Fact(delivered());
        RulePart { condition, ..RulePart::new(seller, ShareOf::Weight(1)) }
    });
    let rule = SplitRule { parts: parts.collect(), rounding: Rounding::LargestRemainder };
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule, details: None };
    let rule = shop.execute(set).await.unwrap().reply.object;
    let group: Box<str> = "g".repeat(255).into();
    let sales = charges
        .iter()
        .map(|minor| Charge { transfer_group: Some(group.clone()), ..charge(*minor) })
        .map(|sale| vec![Request::new(sale)]);
    let charged = outcomes(shop, sales.collect()).await.into_iter().map(|outcome| {
        let Outcome::Charged(charged) = outcome else { panic!("a charge: {outcome:?}") };
        charged.charge
    });
    let share =
        SplitByRule { charges: charged.collect(), rule, version: None, transfer_group: None, details: None };
    shop.execute(share).await.unwrap().reply.object
}

/// How many pieces each of the split's events let go, and the cents of all of them.
async fn turns(shop: &Counterfoil) -> (Vec<usize>, i64) {
    let (mut turns, mut cents) = (Vec::new(), 0);
    let mut feed = shop.subscribe(0);
    while let Some(recorded) = feed.try_next().await.unwrap() {
        if let Event::Moved(moved) = &recorded.event
            && matches!(moved.step, Step::SplitConditionMet | Step::SplitReleased)
        {
            let made = |part: &&Part| matches!(part.record, Record::Transfer(..));
            turns.push(moved.beside.iter().filter(made).count());
            cents += moved.subject.amount;
        }
    }
    (turns, cents)
}

async fn goes(sellers: usize, charges: &[i64], expected: Vec<usize>) {
    let folder = tempfile::tempdir().unwrap();
    let shop = open_in(folder.path()).await;
    let split = waits(&shop, sellers, charges).await;
    shop.close().await.unwrap();

    let shop = open_in(folder.path()).await;
    let _met = shop.execute(MeetCondition { split, fact: delivered() }).await.unwrap();
    shop.close().await.unwrap();

    let shop = open_in(folder.path()).await;
    shop.caught_up().await.unwrap();
    let all = charges.iter().sum::<i64>();
    let pieces: usize = expected.iter().sum();
    assert_eq!(turns(&shop).await, (expected, all));
    assert_eq!(shop.views(|views| views.objects().count(ObjectKind::Transfer)), pieces);
    let again = shop.execute(MeetCondition { split, fact: delivered() }).await.unwrap_err();
    assert!(again.to_string().contains("waits for"), "{again}");
    assert_eq!(shop.rebuild(View::Objects).await.unwrap().difference, None);
    shop.close().await.unwrap();
    assert!(audit(folder.path()).await.unwrap().passes.iter().all(|pass| pass.findings.is_empty()));
}

#[tokio::test]
async fn eleven_pieces_go_in_two_turns() {
    goes(11, &[110_000], vec![8, 3]).await;
}

/// As many parts and charges as a split may have, so that every charge ends inside a part:
/// 299 pieces.
#[tokio::test]
async fn the_most_pieces_go_in_thirty_eight_turns() {
    let charges: Vec<i64> = (0..MOST_CHARGES as i64)
        .map(|number| match number {
            0 => 5_000,
            99 => 35_000,
            _ => 20_000,
        })
        .collect();
    let mut expected = vec![8; 37];
    expected.push(3);
    goes(MOST_PARTS, &charges, expected).await;
}
