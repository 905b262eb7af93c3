//! Sorted runs: adding, reading in order, asking for one key and merging, for rows shaped as
//! those of a statement (a 14-byte key that counts up) and of idempotency keys (8 bytes of chance).

mod brief;

use std::hint::black_box;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use counterfoil_runs::{Hash, Options, Run, RunWriter, Runs, Spread};
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};

/// Rows in a run.
const ROWS: u64 = 200_000;

/// Rows of one group.
const GROUP: u64 = 50_000;

/// Runs that are merged, and asked as one.
const RUNS: u64 = 4;

/// Odd and without a pattern: spreads numbers over all keys.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// Groups of 6 bytes, numbers of 8 that count up; values of 20 to 24 bytes.
fn statement() -> Rows {
    let row = |number: u64| {
        let group = number / GROUP * 97;
        let key = group.to_be_bytes().into_iter().skip(2).chain((number % GROUP).to_be_bytes());
        let mut value = number.wrapping_mul(SPREAD).to_le_bytes().repeat(3);
        value.truncate(20 + (number * 7 % 5) as usize);
        (key.collect(), value)
    };
    (0..ROWS).map(row).collect()
}

/// Keys of 8 bytes by chance, values of 5.
fn idempotency(seed: u64) -> Rows {
    let row = |number: u64| {
        let key = (number * RUNS + seed + 1).wrapping_mul(SPREAD).swap_bytes().wrapping_mul(SPREAD);
        (key.to_be_bytes().to_vec(), number.to_be_bytes().into_iter().skip(3).collect())
    };
    let mut rows: Rows = (0..ROWS).map(row).collect();
    rows.sort();
    rows.dedup_by(|one, other| one.0 == other.0);
    // A copy, so that what stands one after another lies so in memory.
    rows.to_vec()
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn add(path: &Path, rows: &Rows) -> RunWriter {
    let mut writer = RunWriter::create(path, Options::default()).expect("a writer");
    for (key, value) in rows {
        writer.add(key, value).expect("in order");
    }
    writer
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn finish(writer: RunWriter) -> Run {
    writer.finish().expect("a run")
}

#[expect(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot run says why")]
fn shape(criterion: &mut Criterion, name: &str, rows: &Rows) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut group = criterion.benchmark_group(format!("runs of {name} rows"));
    group.sample_size(10).throughput(Throughput::Elements(rows.len() as u64));
    let path = folder.path().join("run");
    group.bench_function("add", |bench| bench.iter_custom(|times| timed(times, || add(&path, rows), drop)));
    group.bench_function("finish, durable", |bench| {
        bench.iter_batched(|| add(&path, rows), finish, BatchSize::PerIteration);
    });
    let run = finish(add(&path, rows));
    println!(
        "{name}: {} bytes a row hundredfold, {} resident bytes",
        run.bytes() * 100 / run.entries(),
        run.resident_bytes()
    );
    let values = |rows: &mut dyn Iterator<Item = _>| {
        rows.map(|row: Result<counterfoil_runs::Row, _>| row.expect("a row").value().len()).sum::<usize>()
    };
    let all = || run.range(Bound::Unbounded, Bound::Unbounded);
    group.bench_function("range", |bench| bench.iter(|| values(&mut all())));
    group.bench_function("range from the back", |bench| bench.iter(|| values(&mut all().rev())));
    group.bench_function("verify", |bench| bench.iter(|| run.verify().expect("sound")));
    one_key(&mut group, &run, rows);
}

/// Asking for one key after another, in an order without a pattern.
#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn one_key(group: &mut BenchmarkGroup<'_, criterion::measurement::WallTime>, run: &Run, rows: &Rows) {
    let mut number = 0_u64;
    let mut next = || {
        number = number.wrapping_add(SPREAD);
        number
    };
    group.throughput(Throughput::Elements(1));
    group.bench_function("get a key that is there", |bench| {
        bench.iter(|| {
            let row = rows.get((next() % rows.len() as u64) as usize).expect("a row");
            run.get(&row.0).expect("a read").expect("a value").len()
        });
    });
    group.bench_function("get a key that is not", |bench| {
        bench.iter(|| run.get(&next().to_le_bytes()).expect("a read").is_some());
    });
    group.bench_function("hash", |bench| bench.iter(|| Hash::of(black_box(b"a key of 14 b."), Spread::Any)));
    let hashes: Vec<Hash> = (0..1024).map(|_| Hash::of(&next().to_le_bytes(), Spread::Any)).collect();
    let mut hashes = hashes.iter().cycle();
    group.bench_function("may_hold_hash", |bench| {
        bench.iter(|| hashes.next().map(|hash| run.may_hold_hash(*hash)));
    });
}

/// Several runs of idempotency rows, as one.
#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn several(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut runs = Runs::new();
    for seed in 0..RUNS {
        let path = folder.path().join(format!("run-{seed}"));
        runs.push(Arc::new(finish(add(&path, &idempotency(seed)))));
    }
    let mut group = criterion.benchmark_group(format!("{RUNS} runs of idempotency rows"));
    group.sample_size(10).throughput(Throughput::Elements(RUNS * ROWS));
    group.bench_function("range", |bench| {
        bench.iter(|| runs.range(Bound::Unbounded, Bound::Unbounded).count());
    });
    let merged = folder.path().join("merged");
    group.bench_function("merge, durable", |bench| {
        bench.iter(|| runs.merge(0..runs.len(), &merged, Options::default()).expect("a run"));
    });
    let mut number = 0_u64;
    group.throughput(Throughput::Elements(1));
    group.bench_function("get a key that is in none", |bench| {
        bench.iter(|| {
            number = number.wrapping_add(SPREAD);
            runs.get(&number.to_le_bytes()).expect("a read").is_some()
        });
    });
    group.finish();
}

/// The time of one thing, over and over, without what becomes of it.
fn timed<T>(times: u64, mut make: impl FnMut() -> T, mut done: impl FnMut(T)) -> Duration {
    let mut sum = Duration::ZERO;
    for _ in 0..times {
        let start = Instant::now();
        let made = make();
        sum += start.elapsed();
        done(made);
    }
    sum
}

fn runs(criterion: &mut Criterion) {
    shape(criterion, "statement", &statement());
    shape(criterion, "idempotency", &idempotency(0));
    several(criterion);
}

criterion_group!(name = benches; config = brief::brief(); targets = runs);
criterion_main!(benches);
