//! Waiting for the log where nothing else may happen meanwhile.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A question to the log.
type Question<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Waits for the log, in whatever thread this is. A log on disk answers at once; one that
/// does not is asked again in a thread of its own, which waits. It may be asked twice.
pub(super) fn wait<'a, T: Send>(ask: impl Fn() -> Question<'a, T> + Sync) -> std::io::Result<T> {
    // Outside a runtime some logs cannot even be asked.
    if tokio::runtime::Handle::try_current().is_ok()
        && let Poll::Ready(answer) = ask().as_mut().poll(&mut Context::from_waker(Waker::noop()))
    {
        return Ok(answer);
    }
    std::thread::scope(|scope| {
        // What was asked here may wait for this thread's runtime, and that for us.
        let waiting = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(ask()))
        });
        let stopped = |_| Err(std::io::Error::other("the log stopped while it was asked"));
        waiting.join().unwrap_or_else(stopped)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In a runtime of one thread a log that did not answer at once was waited for without
    /// end: its timer belonged to the thread that waited.
    #[test]
    fn an_answer_is_waited_for_inside_a_runtime_and_outside() {
        let late = || -> Question<'static, u8> {
            Box::pin(async {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                7
            })
        };
        assert_eq!(wait(late).unwrap(), 7);
        for runtime in [
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build(),
            tokio::runtime::Builder::new_current_thread().enable_all().build(),
        ] {
            runtime.unwrap().block_on(async { assert_eq!(wait(late).unwrap(), 7) });
        }
    }
}
