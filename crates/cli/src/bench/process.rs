//! What the kernel says of this process. Where there is no `/proc`, it says nothing.

use std::fs;
use std::time::Duration;

/// A tick of the kernel's clock as `/proc` counts, on every machine.
const TICK: Duration = Duration::from_millis(10);

/// What the calling thread has taken of the processor.
pub(super) fn thread_cpu() -> Option<Duration> {
    // A thread's own figure is as old as its last switch or tick; asking for the whole
    // process's makes the kernel bring it up to now.
    let _whole = fs::read_to_string("/proc/self/stat").ok()?;
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// What all threads of the process have taken of the processors.
pub(super) fn cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the program's name, which may hold anything: user and system are the 12th and 13th.
    let (_, fields) = text.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u32>);
    Some(TICK * ticks.sum::<Result<u32, _>>().ok()?)
}

/// What the process holds in memory, in bytes.
pub(super) fn memory() -> Option<u64> {
    status("VmRSS:")
}

/// The most that it ever held.
pub(super) fn peak_memory() -> Option<u64> {
    status("VmHWM:")
}

fn status(key: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = text.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_suffix(" kB"))?;
    kibibytes.parse::<u64>().ok().map(|kibibytes| kibibytes * 1_024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::thread_cpu;

    /// Without its first read `thread_cpu` saw a thirtieth of short work: it was counted
    /// when the thread slept again, outside of what is timed.
    #[test]
    fn short_work_between_sleeps_is_seen() {
        let (mut seen, mut worked) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..20 {
            sleep(Duration::from_millis(1));
            let (before, started) = (thread_cpu().unwrap(), Instant::now());
            while started.elapsed() < Duration::from_micros(200) {}
            worked += Duration::from_micros(200);
            seen += thread_cpu().unwrap() - before;
        }
        // Others may have had the processor meanwhile.
        assert!(seen > worked / 4, "{seen:?} of {worked:?}");
    }
}
