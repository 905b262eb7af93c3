//! The check: figures beside their limits, and what is beyond one.

use crate::figures::Figures;
use crate::limits::Workload;

/// A figure beside its limit.
struct Held {
    what: &'static str,
    figure: Option<f64>,
    limit: Option<f64>,
    bound: Bound,
}

/// On which side of its limit a figure stays.
#[derive(Clone, Copy)]
enum Bound {
    AtMost,
    AtLeast,
}

impl Held {
    /// What is wrong with it.
    fn broken(&self) -> Option<String> {
        let limit = self.limit?;
        let Some(figure) = self.figure else {
            return Some(format!("{} is not in the report; its limit is {limit}", self.what));
        };
        let (kept, side) = match self.bound {
            Bound::AtMost => (figure <= limit, "above"),
            Bound::AtLeast => (figure >= limit, "below"),
        };
        (!kept).then(|| format!("{} is {figure:.3}, {side} its limit {limit}", self.what))
    }

    fn shown(&self) -> String {
        let figure = self.figure.map_or("unknown".to_owned(), |figure| format!("{figure:.3}"));
        let limit = match (self.limit, self.bound) {
            (None, _) => String::new(),
            (Some(limit), Bound::AtMost) => format!(" (at most {limit})"),
            (Some(limit), Bound::AtLeast) => format!(" (at least {limit})"),
        };
        format!("  {} {figure}{limit}", self.what)
    }
}

/// Every figure of a workload.
fn held(workload: &Workload, figures: &Figures) -> [Held; 5] {
    let at_most = |what, figure, limit| Held { what, figure, limit, bound: Bound::AtMost };
    let rate = "rate to the plain file's";
    [
        at_most("bytes of frames a command", figures.logical, workload.logical),
        at_most("bytes of indexes a command", figures.indexes, workload.indexes),
        at_most("control steps of processor time a command", figures.steps, workload.steps),
        Held { what: rate, figure: figures.rate, limit: workload.rate, bound: Bound::AtLeast },
        at_most("plain syncs until an answer", figures.syncs, workload.syncs),
    ]
}

/// Every figure beside its limit, for people.
pub(crate) fn summary(workload: &Workload, figures: &Figures) -> String {
    let lines: Vec<String> = held(workload, figures).iter().map(Held::shown).collect();
    format!("{}\n{}", workload.name, lines.join("\n"))
}

/// What is beyond a limit, and how to see it again.
pub(crate) fn broken(workload: &Workload, figures: &Figures) -> Vec<String> {
    let Workload { name, asks, .. } = workload;
    let held = held(workload, figures);
    let broken = held.iter().filter_map(Held::broken).map(|what| {
        format!(
            "BROKEN: {name}: {what} (benches/gate/limits.rs)\n  \
             again: cargo build --release && cargo run --release --package counterfoil-benches --bin gate -- '{name}'\n  \
             one run: cargo run --release -- --format json bench {asks} --dir $(mktemp -d)/ledger"
        )
    });
    broken.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const STEP: f64 = 0.000_001;

    const WORKLOAD: Workload = Workload {
        name: "made up",
        asks: "--workload transfer",
        logical: Some(80.0),
        indexes: Some(150.0),
        steps: Some(5.0),
        rate: Some(0.1),
        syncs: Some(4.0),
    };

    /// A report within every limit.
    fn report() -> Value {
        json!({
            "commands": 1_000,
            "bytes_per_command": { "logical": 77.4, "indexes": 144.5 },
            "cpu_seconds": 0.004,
            "ratio_to_control": 0.2,
            "ack_us": { "p50": 300 },
            "control": { "sync_us": { "p50": 200 } },
        })
    }

    fn broken_by(path: &str, value: Value) -> Vec<String> {
        let mut report = report();
        *report.pointer_mut(path).unwrap() = value;
        broken(&WORKLOAD, &Figures::of(&report, STEP))
    }

    #[test]
    fn a_report_within_its_limits_passes() {
        assert!(broken_by("/commands", json!(1_000)).is_empty());
    }

    #[test]
    fn every_limit_can_be_broken() {
        for (path, value, says) in [
            (
                "/bytes_per_command/logical",
                json!(80.1),
                "bytes of frames a command is 80.100, above its limit 80",
            ),
            (
                "/bytes_per_command/indexes",
                json!(151),
                "bytes of indexes a command is 151.000, above its limit 150",
            ),
            ("/cpu_seconds", json!(0.006), "processor time a command is 6.000, above its limit 5"),
            ("/ratio_to_control", json!(0.09), "rate to the plain file's is 0.090, below its limit 0.1"),
            ("/ack_us/p50", json!(900), "plain syncs until an answer is 4.500, above its limit 4"),
        ] {
            let broken = broken_by(path, value);
            let [one] = broken.as_slice() else { panic!("{path}: {broken:?}") };
            assert!(one.starts_with("BROKEN: made up: ") && one.contains(says), "{one}");
            assert!(one.contains("bench --workload transfer --dir"), "{one}");
        }
    }

    #[test]
    fn a_figure_that_is_missing_is_no_figure_within_its_limit() {
        for path in
            ["/bytes_per_command/indexes", "/cpu_seconds", "/ratio_to_control", "/control/sync_us/p50"]
        {
            let broken = broken_by(path, Value::Null);
            assert!(broken.len() == 1 && broken[0].contains("is not in the report"), "{path}: {broken:?}");
        }
    }

    #[test]
    fn the_best_of_several_runs_stands() {
        let worse = json!({
            "commands": 1_000,
            "bytes_per_command": { "logical": 90, "indexes": 160 },
            "cpu_seconds": 0.009,
            "ratio_to_control": 0.01,
            "ack_us": { "p50": 9_000 },
            "control": { "sync_us": { "p50": 200 } },
        });
        let (worse, good) = (Figures::of(&worse, STEP), Figures::of(&report(), STEP));
        assert!(broken(&WORKLOAD, &worse).len() == 5);
        for best in [worse.best(good), good.best(worse), Figures::default().best(good)] {
            assert_eq!(best, good);
        }
    }
}
