//! A dispute outlives its process: what it waits for, what it took back and from whom, and where
//! a seller has moved to meanwhile.

use counterfoil::audit::audit;
use counterfoil::domain::account::NameSuccessor;
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::dispute::{
    AcceptDispute, DisputeReason, DisputeReference, EscalateInquiry, MarkDisputeWon, OpenDispute, Recovery,
    SubmitEvidence,
};
use counterfoil::domain::money::Currency;
use counterfoil::domain::split::SplitByRule;
use counterfoil::domain::split::rule::{Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule};
use counterfoil::domain::{AccountId, DisputeId};
use counterfoil::views::ObjectKind;
use counterfoil::{Counterfoil, Request, View};

use crate::shop::{at, charge, onboard, open_in};

fn listed(shop: &Counterfoil, dispute: DisputeId) -> (&'static str, i64) {
    let found = shop.views(|views| views.objects().get(dispute.into())).unwrap().unwrap();
    (found.status, found.returned)
}

async fn available(shop: &Counterfoil, account: AccountId) -> i64 {
    shop.ledger().await.unwrap().account(account).unwrap().available(Currency::BRL)
}

#[tokio::test]
async fn a_dispute_outlives_its_process() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open_in(folder.path()).await;
    let (bakery, successor) = (onboard(&shop, "bakery").await, onboard(&shop, "bakery-2").await);
    let part = RulePart::new(bakery, ShareOf::Fixed(600));
    let rule = SplitRule { parts: vec![part], rounding: Rounding::LargestRemainder };
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule, details: None };
    let rule = shop.execute(set).await.unwrap().reply.object;
    let sale = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap().reply.charge;
    let (charges, version, details) = (vec![sale], None, None);
    let share = SplitByRule { charges, rule, version, transfer_group: None, details };
    let split = shop.execute(share).await.unwrap().reply.object;
    let _ = shop.execute(AdvanceTo { to: at("2026-03-20") }).await.unwrap();

    let reference = |text| DisputeReference::new(text).unwrap();
    let opened =
        OpenDispute::new(sale, reference("du_1"), DisputeReason::ProductNotReceived, at("2026-04-10"));
    let opened = OpenDispute { recovery: Recovery::by_liability(split), fee: Some(50), ..opened };
    let asked = shop.execute(opened.clone()).idempotent("dp-1").await.unwrap().reply;
    assert_eq!(asked.amount, 1_000);
    assert_eq!(available(&shop, bakery).await, 0, "it followed at once");
    // Told once more when the key is forgotten, it is known.
    let again = shop.execute(opened.clone()).await.unwrap_err();
    assert!(again.to_string().contains("is known for this charge"), "{again}");
    let recovery = Recovery::None;
    let never = OpenDispute { amount: Some(100), reference: reference("du_2"), recovery, ..opened.clone() };
    let unanswered = shop.execute(never).await.unwrap().reply.object;
    shop.close().await.unwrap();

    let shop = open_in(folder.path()).await;
    assert_eq!(shop.execute(opened).idempotent("dp-1").await.unwrap().reply, asked, "the first answer");
    let dispute = asked.object;
    let answer = SubmitEvidence { dispute, fee: Some(40) };
    assert_eq!(shop.execute(answer).at(at("2026-04-09")).await.unwrap().reply.amount, 40);
    let moved = NameSuccessor { account: bakery, successor };
    assert_eq!(shop.execute(moved).await.unwrap().reply, bakery);
    let _ = shop.execute(AdvanceTo { to: at("2026-05-20") }).await.unwrap();
    shop.caught_up().await.unwrap();
    assert_eq!((listed(&shop, dispute), listed(&shop, unanswered)), (("under_review", 0), ("lost", 0)));
    shop.close().await.unwrap();

    let shop = open_in(folder.path()).await;
    let won = MarkDisputeWon { dispute, fees_returned: Some(40) };
    assert_eq!(shop.execute(won).await.unwrap().reply.amount, -1_000);
    assert_eq!((available(&shop, bakery).await, available(&shop, successor).await), (0, 600));
    shop.caught_up().await.unwrap();
    assert_eq!(listed(&shop, dispute), ("won", 1_000));
    shop.views(|views| {
        let count = |kind| views.objects().count(kind);
        assert_eq!((count(ObjectKind::Dispute), count(ObjectKind::Reversal)), (2, 1));
        // That of the split, and the one to where the seller is.
        assert_eq!(count(ObjectKind::Transfer), 2);
    });
    for view in View::ALL {
        assert_eq!(shop.rebuild(view).await.unwrap().difference, None, "{view}");
    }
    shop.close().await.unwrap();
    assert!(audit(folder.path()).await.unwrap().passes.iter().all(|pass| pass.findings.is_empty()));
}

/// A group's commands come first, and what follows of them after: what sellers give back found the
/// dispute lost already, and an audit called the log unsound.
#[tokio::test]
async fn what_follows_of_a_group_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open_in(folder.path()).await;
    let bakery = onboard(&shop, "bakery").await;
    let part = RulePart::new(bakery, ShareOf::Fixed(600));
    let rule = SplitRule { parts: vec![part], rounding: Rounding::LargestRemainder };
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule, details: None };
    let rule = shop.execute(set).await.unwrap().reply.object;
    let sale = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap().reply.charge;
    let (charges, version, details) = (vec![sale], None, None);
    let share = SplitByRule { charges, rule, version, transfer_group: None, details };
    let split = shop.execute(share).await.unwrap().reply.object;
    let _ = shop.execute(AdvanceTo { to: at("2026-03-20") }).await.unwrap();
    let due_by = at("2026-04-10");
    let reference = DisputeReference::new("du_1").unwrap();
    let asked = OpenDispute::new(sale, reference, DisputeReason::General, due_by);
    let asked = OpenDispute { inquiry: true, recovery: Recovery::by_liability(split), ..asked };
    let dispute = shop.execute(asked).await.unwrap().reply.object;

    let escalated = EscalateInquiry { dispute, amount: None, due_by, fee: Some(0) };
    let group = vec![Request::new(escalated), Request::new(AcceptDispute { dispute })];
    let answers = shop.execute_together(vec![group]).await.remove(0);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(available(&shop, bakery).await, 0);
    shop.close().await.unwrap();
    assert!(audit(folder.path()).await.unwrap().passes.iter().all(|pass| pass.findings.is_empty()));
}
