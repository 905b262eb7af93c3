//! Figures: what a report of `counterfoil bench` comes to, and the best of several.

use serde_json::Value;

/// What is held against limits. One that is not known stays unknown until a run tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    /// Bytes of frames a command.
    pub(crate) logical: Option<f64>,
    /// Bytes of views and indexes a command.
    pub(crate) indexes: Option<f64>,
    /// Control steps of processor time a command.
    pub(crate) steps: Option<f64>,
    /// The rate to that of the plain file.
    pub(crate) rate: Option<f64>,
    /// Plain syncs until an answer.
    pub(crate) syncs: Option<f64>,
}

impl Figures {
    /// The figures of a report, where a control step took so many seconds at that time.
    pub(crate) fn of(report: &Value, step: f64) -> Self {
        let figure = |path: &str| report.pointer(path).and_then(Value::as_f64);
        Self {
            logical: figure("/bytes_per_command/logical"),
            indexes: figure("/bytes_per_command/indexes"),
            steps: quotient(quotient(figure("/cpu_seconds"), figure("/commands")), Some(step)),
            rate: figure("/ratio_to_control"),
            syncs: quotient(figure("/ack_us/p50"), figure("/control/sync_us/p50")),
        }
    }

    /// The better of each: the processor and the disk are only ever held up by others.
    pub(crate) fn best(self, other: Self) -> Self {
        Self {
            logical: better(f64::min, self.logical, other.logical),
            indexes: better(f64::min, self.indexes, other.indexes),
            steps: better(f64::min, self.steps, other.steps),
            rate: better(f64::max, self.rate, other.rate),
            syncs: better(f64::min, self.syncs, other.syncs),
        }
    }
}

/// A quotient of whole numbers.
#[expect(clippy::cast_precision_loss, reason = "figures of some seconds are far below 2^52")]
pub(crate) fn per(dividend: u64, divisor: u64) -> f64 {
    quotient(Some(dividend as f64), Some(divisor as f64)).unwrap_or_default()
}

#[expect(clippy::float_arithmetic, reason = "figures are measured, and none is money")]
fn quotient(dividend: Option<f64>, divisor: Option<f64>) -> Option<f64> {
    Some(dividend? / divisor.filter(|divisor| *divisor > 0.0)?)
}

fn better(choose: fn(f64, f64) -> f64, one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(choose(one, other)),
        (one, other) => one.or(other),
    }
}
