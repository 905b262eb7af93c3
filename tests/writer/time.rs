//! Time: what falls due is done before a command, and what is refused moves no time.

use counterfoil::domain::account::OnboardAccount;
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};
use counterfoil::domain::charge::{Charge, ChargeKind};
use counterfoil::domain::payout::{Delay, PayoutSchedule};
use counterfoil::domain::settings::Clock;
use counterfoil::domain::{AccountId, Settings};
use counterfoil::log::LedgerId;
use counterfoil::log::memory::MemoryLog;
use counterfoil::{Counterfoil, ExecuteError, Request};

use crate::shop::{at, charge, seller, settings, shop};

fn noon() -> Timestamp {
    at("2026-03-02T12:00:00Z")
}

/// A shop on a clock that stands at noon, with a seller who is paid daily.
async fn shop_on_the_wall() -> (Counterfoil, AccountId) {
    let log = MemoryLog::new(LedgerId(*settings().ledger.as_bytes())).unwrap().log();
    let settings = Settings { clock: Clock::Wall, delay: Delay { days: 1, ..Delay::NONE }, ..settings() };
    let shop = Counterfoil::builder().log(log).settings(settings).clock(noon).open().await.unwrap();
    let bakery = OnboardAccount { schedule: PayoutSchedule::Daily, ..*seller("bakery") };
    let bakery = shop.execute(Box::new(bakery)).await.unwrap().reply;
    let kind = ChargeKind::Direct { account: bakery, application_fee: 0 };
    let _sold = shop.execute(Charge { kind, ..charge(10_000) }).await.unwrap();
    (shop, bakery)
}

/// An advance beyond the machine's clock was refused after everything that would fall due
/// until then had matured and been paid out.
#[tokio::test]
async fn a_refused_advance_leaves_no_trace() {
    let (shop, _) = shop_on_the_wall().await;
    let before = shop.head();
    let refused = shop.execute(AdvanceTo { to: at("2099-01-01") }).await.unwrap_err();
    assert!(matches!(refused, ExecuteError::Malformed { .. }), "{refused}");
    assert!(shop.preview(AdvanceTo { to: at("2099-01-01") }).await.is_err());
    assert_eq!(shop.head(), before);
    assert!(shop.execute(AdvanceTo { to: noon() }).await.is_ok());
}

/// An advance in the midst of a group let pending money mature before its day.
#[tokio::test]
async fn time_does_not_pass_in_the_midst_of_a_group() {
    let (shop, _) = shop().await;
    let advance = || Request::new(AdvanceTo { to: at("2026-04-01") });
    let before = shop.head();
    let answers = shop.execute_together(vec![vec![Request::new(charge(1_000)), advance()]]).await.remove(0);
    assert!(matches!(answers[0], Err(ExecuteError::Malformed { .. })));
    assert!(matches!(answers[1], Err(ExecuteError::NotTried)));
    let times = ["2026-03-03", "2026-03-04"].map(|time| Request::new(charge(1_000)).at(at(time)));
    let answers = shop.execute_together(vec![times.into()]).await.remove(0);
    assert!(matches!(answers[0], Err(ExecuteError::Malformed { .. })));
    assert_eq!(shop.head(), before);

    // At its front time may pass: what falls due is done, then the rest at that instant.
    let _sold = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap();
    let answers = shop.execute_together(vec![vec![advance(), Request::new(charge(1_000))]]).await.remove(0);
    assert_eq!(answers[1].as_ref().unwrap().time, at("2026-04-01"));
}

#[tokio::test]
async fn an_advance_of_any_length_is_whole() {
    let (shop, _) = shop().await;
    let _sold = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap();
    let passed = shop.execute(AdvanceTo { to: at("2036-03-01") }).await.unwrap();
    assert_eq!(passed.reply, at("2036-03-01"));
    assert_eq!(shop.ledger().await.unwrap().now(), at("2036-03-01"));
}

/// Work that falls due moves time on; a request for an earlier instant must not find the
/// ledger's clock standing before it.
#[tokio::test]
async fn what_is_asked_for_the_past_is_refused() {
    let (shop, _) = shop().await;
    let _later = shop.execute(charge(1_000)).at(at("2026-03-05")).await.unwrap();
    let refused = shop.execute(charge(1_000)).at(at("2026-03-04")).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "time_must_not_go_backwards");
    assert!(shop.preview(charge(1_000)).at(at("2026-03-04")).await.is_err());
}
