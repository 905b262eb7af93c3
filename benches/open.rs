//! Opening a ledger on the disk: from a checkpoint with a short tail behind it, and by reading
//! the whole log. What opening believes is put back between two openings, since closing
//! writes it anew.

mod brief;

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use counterfoil::Counterfoil;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Runtime;

use counterfoil_benches::store::{open_new, transfers};

/// Transfers before the checkpoint.
const BEFORE: u64 = 100_000;

/// Transfers after it.
const TAIL: u64 = 1_000;

/// What a data folder holds besides the log: it can be made from the log again.
const MADE: [&str; 2] = ["state", "views"];

/// A closed ledger, and copies of what was made from its log up to some event.
struct Closed {
    runtime: Runtime,
    folder: PathBuf,
    /// Where the copies lie; one that does not exist stands for nothing.
    made: PathBuf,
}

impl Closed {
    fn new(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let closed =
            Self { runtime: Runtime::new()?, folder: folder.join("data"), made: folder.join("made") };
        closed.runtime.block_on(async {
            let ledger = open_new(&closed.folder).await?;
            execute(&ledger, BEFORE).await?;
            ledger.close().await?;
            for name in MADE {
                copy(&closed.folder.join(name), &closed.made.join(name))?;
            }
            let ledger = Counterfoil::builder().path(&closed.folder).open().await?;
            execute(&ledger, TAIL).await?;
            ledger.close().await?;
            Ok::<_, Box<dyn Error>>(())
        })?;
        Ok(closed)
    }

    /// How long opening takes so many times, with these made before and nothing else.
    fn open(&self, times: u64, made: &[&str]) -> Result<Duration, Box<dyn Error>> {
        let mut took = Duration::ZERO;
        for _ in 0..times {
            for name in MADE {
                fs::remove_dir_all(self.folder.join(name))?;
                if made.contains(&name) {
                    copy(&self.made.join(name), &self.folder.join(name))?;
                }
            }
            let start = Instant::now();
            let ledger = self.runtime.block_on(Counterfoil::builder().path(&self.folder).open())?;
            took += start.elapsed();
            self.runtime.block_on(ledger.close())?;
        }
        Ok(took)
    }
}

async fn execute(ledger: &Counterfoil, count: u64) -> Result<(), Box<dyn Error>> {
    for receipt in ledger.execute_batch(transfers(count)).await {
        let _receipt = receipt?;
    }
    Ok(())
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            let _bytes = fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn open(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let closed = Closed::new(folder.path()).expect("a ledger");
    let mut group = criterion.benchmark_group("open");
    group.sample_size(10);
    for (name, events, made) in [
        ("from a checkpoint, a tail of 1,000 events", TAIL, ["state", "views"].as_slice()),
        ("the whole log, views from their snapshots", BEFORE + TAIL, ["views"].as_slice()),
        ("the whole log, views too", BEFORE + TAIL, [].as_slice()),
    ] {
        group.throughput(Throughput::Elements(events));
        group.bench_function(name, |bench| {
            bench.iter_custom(|times| closed.open(times, made).expect("it opens"));
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = brief::brief(); targets = open);
criterion_main!(benches);
