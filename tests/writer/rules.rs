//! A split by a rule is kept, listed, exported to the tax report, and let go after the ledger
//! was opened again.

use counterfoil::audit::audit;
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::money::{Currency, Rate};
use counterfoil::domain::split::rule::{
    Condition, Fact, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule,
};
use counterfoil::domain::split::{MeetCondition, SplitByRule};
use counterfoil::domain::{AccountId, SplitId, SplitRuleId};
use counterfoil::views::{ObjectKind, ObjectRef};
use counterfoil::{Counterfoil, View};

use crate::shop::{at, brl, charge, onboard, open_in};

/// Half at once, a quarter on delivery, a quarter at an instant.
fn rule(bakery: AccountId, florist: AccountId) -> SplitRule {
    let percent = |percent: u32| ShareOf::Percent(Rate::from_basis_points(percent * 100).unwrap());
    let delivered = Condition::Fact(Fact::new(Fact::DELIVERY_CONFIRMED).unwrap());
    let later = Condition::At(at("2026-03-20T00:00:00Z"));
    let parts = vec![
        RulePart::new(bakery, percent(50)),
        RulePart { condition: delivered, ..RulePart::new(florist, percent(25)) },
        RulePart { condition: later, ..RulePart::new(florist, percent(25)) },
    ];
    SplitRule { parts, rounding: Rounding::LargestRemainder }
}

/// What the list says of a split: how it stands, and what moved.
fn listed(shop: &Counterfoil, split: SplitId) -> (&'static str, i64) {
    let found = shop.views(|views| views.objects().get(ObjectRef::Split(split.0))).unwrap().unwrap();
    (found.status, found.amount)
}

#[tokio::test]
async fn a_split_that_waits_outlives_its_process() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open_in(folder.path()).await;
    let (bakery, florist) = (onboard(&shop, "bakery").await, onboard(&shop, "florist").await);
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule: rule(bakery, florist), details: None };
    let rule: SplitRuleId = shop.execute(set.clone()).await.unwrap().reply.object;
    let again = SetSplitRule { of: RuleSet::Next(rule), ..set };
    assert_eq!(shop.execute(again).await.unwrap().reply.object, rule);
    let sale = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap().reply.charge;
    let share =
        SplitByRule { charges: vec![sale], rule, version: Some(1), transfer_group: None, details: None };
    let made = shop.execute(share.clone()).idempotent("share-1").await.unwrap().reply;
    assert_eq!(made.amount, 500);
    shop.caught_up().await.unwrap();
    assert_eq!(listed(&shop, made.object), ("pending", 500));
    shop.close().await.unwrap();

    let shop = open_in(folder.path()).await;
    assert_eq!(shop.execute(share).idempotent("share-1").await.unwrap().reply, made, "the first answer");
    let met = MeetCondition { split: made.object, fact: Fact::new(Fact::DELIVERY_CONFIRMED).unwrap() };
    assert_eq!(shop.execute(met).await.unwrap().reply.amount, 250);
    let _ = shop.execute(AdvanceTo { to: at("2026-03-21") }).await.unwrap();
    shop.caught_up().await.unwrap();
    assert_eq!(listed(&shop, made.object), ("succeeded", 1_000));
    shop.views(|views| {
        let count = |kind| views.objects().count(kind);
        assert_eq!((count(ObjectKind::SplitRule), count(ObjectKind::SplitRuleVersion)), (1, 2));
        assert_eq!((count(ObjectKind::Split), count(ObjectKind::Transfer)), (1, 3));
        let sold =
            |account| views.tax().year(account, Currency::BRL, 2026).map(|year| (year.gross, year.count));
        // The florist's two parts are one sale, counted when the charge was shared.
        assert_eq!((sold(bakery), sold(florist)), (Some((500, 1)), Some((500, 1))));
    });
    let florists = shop.ledger().await.unwrap().account(florist).unwrap().available(Currency::BRL);
    assert_eq!(brl(florists), brl(500));
    for view in View::ALL {
        assert_eq!(shop.rebuild(view).await.unwrap().difference, None, "{view}");
    }
    shop.close().await.unwrap();
    assert!(audit(folder.path()).await.unwrap().passes.iter().all(|pass| pass.findings.is_empty()));
}
