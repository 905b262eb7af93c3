//! Durable batches through the whole ledger on sled, beside a plain file that is
//! appended and synced as often with as many bytes.

use std::fs::File;
use std::io::Write;

use counterfoil::domain::account::{Country, OnboardAccount};
use counterfoil::domain::money::Currency;
use counterfoil::{Counterfoil, Request};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{SELLERS, charge, settings, transfer};

/// Transfers in a batch.
const BATCH: u64 = 8_190;

/// What a transfer without a key takes in the log, roughly: the control writes as much.
const BYTES: usize = 70;

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn append(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let ledger = runtime.block_on(open(folder.path()));
    let mut group = criterion.benchmark_group("append");
    group.sample_size(20).throughput(Throughput::Elements(BATCH));
    let mut number = 0;
    group.bench_function("transfers in batches of 8,190, durable", |bench| {
        bench.iter(|| {
            let batch = (0..BATCH).map(|_| {
                number += 1;
                Request::new(transfer(number))
            });
            let receipts = runtime.block_on(ledger.execute_batch(batch.collect()));
            assert!(receipts.iter().all(Result::is_ok), "every transfer is in order");
        });
    });
    let mut file = File::create(folder.path().join("control")).expect("a file");
    let bytes = vec![7; BYTES * BATCH as usize];
    group.bench_function("control: a plain file, the same bytes and syncs", |bench| {
        bench.iter(|| file.write_all(&bytes).and_then(|()| file.sync_data()).expect("a sync"));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("one transfer, durable", |bench| {
        bench.iter(|| {
            number += 1;
            let receipts = runtime.block_on(ledger.execute_batch(vec![Request::new(transfer(number))]));
            assert!(receipts.iter().all(Result::is_ok), "the transfer is in order");
        });
    });
    group.bench_function("control: one write and sync of 220 bytes", |bench| {
        bench.iter(|| file.write_all(&[7; 220]).and_then(|()| file.sync_data()).expect("a sync"));
    });
    group.finish();
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
async fn open(folder: &std::path::Path) -> Counterfoil {
    let ledger =
        Counterfoil::builder().path(folder.join("data")).settings(settings()).open().await.expect("a ledger");
    let onboard = || OnboardAccount::new(Country::BR, Currency::BRL);
    let sellers =
        (0..SELLERS).map(|_| Request::new(counterfoil::domain::Command::OnboardAccount(Box::new(onboard()))));
    let funds = Request::new(charge(900_000_000_000));
    for receipt in ledger.execute_batch(sellers.chain([funds]).collect()).await {
        let _receipt = receipt.expect("in order");
    }
    ledger
}

criterion_group!(benches, append);
criterion_main!(benches);
