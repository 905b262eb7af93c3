//! Durable batches, and lone transfers, through the whole ledger on sled, each beside a plain
//! file that is appended and synced as often with as many bytes.

mod brief;

use std::fs::File;
use std::io::Write;

use counterfoil::{Counterfoil, Request};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Runtime;

use counterfoil_benches::store::{open_new, transfers};

/// Transfers in a batch.
const BATCH: u64 = 8_190;

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn append(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    let ledger = runtime.block_on(open_new(&folder.path().join("data"))).expect("a ledger");
    let mut file = File::create(folder.path().join("control")).expect("a file");
    let mut group = criterion.benchmark_group("append");
    beside(&mut group, &runtime, &ledger, &mut file, BATCH);
    beside(&mut group, &runtime, &ledger, &mut file, 1);
    group.finish();
}

/// Batches of so many transfers, and the file.
#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn beside(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    ledger: &Counterfoil,
    file: &mut File,
    batch: u64,
) {
    let before = ledger.appended().bytes;
    execute(runtime, ledger, transfers(batch));
    let bytes = ledger.appended().bytes - before;
    group.throughput(Throughput::ElementsAndBytes { elements: batch, bytes });
    group.bench_function(format!("durable, {batch} at once"), |bench| {
        bench.iter_batched(
            || transfers(batch),
            |requests| execute(runtime, ledger, requests),
            criterion::BatchSize::PerIteration,
        );
    });
    let written = vec![7; usize::try_from(bytes).unwrap_or(usize::MAX)];
    group.bench_function(format!("control: a plain file, as many bytes as {batch} take"), |bench| {
        bench.iter(|| file.write_all(&written).and_then(|()| file.sync_data()).expect("a sync"));
    });
}

fn execute(runtime: &Runtime, ledger: &Counterfoil, requests: Vec<Request>) {
    let receipts = runtime.block_on(ledger.execute_batch(requests));
    assert!(receipts.iter().all(Result::is_ok), "every transfer is in order");
}

criterion_group!(name = benches; config = brief::brief(); targets = append);
criterion_main!(benches);
