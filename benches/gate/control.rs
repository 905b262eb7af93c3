//! The control: a fixed amount of work of the ledger's own kind, to measure its processor
//! time by.
//!
//! A step hashes 128 bytes and puts the hash, newly allocated, somewhere in a table larger than
//! the nearest caches: hashing, memory and allocation are what a ledger does. Two threads take
//! steps at once, since the ledger keeps two busy as well, and whatever these cost each other
//! is in both.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::thread;

/// Steps of each thread: together some tenths of a second, so that a tick is little.
const STEPS: u64 = 600_000;

/// Threads.
const THREADS: u64 = 2;

/// Places in a thread's table.
const PLACES: usize = 1 << 18;

/// Ticks in a second of the kernel's clock as `/proc` counts, on every machine.
const TICKS: u64 = 100;

/// What one step takes of the processor, in seconds.
pub(crate) fn step() -> Result<f64, Box<dyn Error>> {
    let before = ticks()?;
    thread::scope(|scope| {
        for seed in 0..THREADS {
            scope.spawn(move || black_box(walk(seed)));
        }
    });
    let taken = ticks()? - before;
    Ok(super::figures::per(taken, STEPS * THREADS * TICKS))
}

/// Takes the steps of a thread.
fn walk(seed: u64) -> usize {
    let mut table: Vec<Option<Box<[u8; 32]>>> = vec![None; PLACES];
    let mut hash = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    for _ in 0..STEPS {
        let mut bytes = [0; 128];
        for (part, number) in bytes.chunks_exact_mut(32).zip(0..) {
            part.copy_from_slice(&hash.map(|byte: u8| byte ^ number));
        }
        hash = *blake3::hash(&bytes).as_bytes();
        let [first, second, third, ..] = hash;
        let place = usize::from(first) | usize::from(second) << 8 | usize::from(third & 3) << 16;
        if let Some(place) = table.get_mut(place) {
            *place = Some(Box::new(hash));
        }
    }
    table.iter().flatten().count()
}

/// What all threads of this process have taken of the processors, those that are done too.
fn ticks() -> Result<u64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/stat")?;
    // Behind the program's name, which may hold anything: user and system are the 12th and 13th.
    let (_, fields) = text.rsplit_once(") ").ok_or("/proc/self/stat is not as it was")?;
    let ticks: Result<u64, _> = fields.split(' ').skip(11).take(2).map(str::parse::<u64>).sum();
    Ok(ticks?)
}
