//! The queue is bounded: beyond it a request is refused at once, and nothing is lost.

use std::sync::Arc;

use counterfoil::log::LedgerId;
use counterfoil::log::memory::MemoryLog;
use counterfoil::{Counterfoil, ExecuteError, Request};

use crate::shop::{at, charge, settings};

#[tokio::test]
async fn a_full_queue_refuses_and_says_so() {
    let log = MemoryLog::new(LedgerId(*settings().ledger.as_bytes())).unwrap();
    let log: Arc<dyn counterfoil::log::EventLog> = log.log();
    let builder = Counterfoil::builder().log(log).settings(settings()).opened_at(at("2026-03-01")).places(1);
    let shop = builder.open().await.unwrap();
    // The batch takes the one place and keeps it until all of it is answered.
    let many = (1..=20_000).map(|minor| Request::new(charge(minor))).collect();
    let (first, second) = tokio::join!(
        shop.execute_batch(many),
        std::future::IntoFuture::into_future(shop.execute(charge(2_000)))
    );
    assert!(first.iter().all(Result::is_ok));
    let refused = second.unwrap_err();
    assert!(matches!(refused, ExecuteError::Overloaded) && refused.is_retryable());
    assert!(shop.execute(charge(2_000)).await.is_ok());
}
