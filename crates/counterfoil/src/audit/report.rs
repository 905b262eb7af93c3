//! What an audit found.

use counterfoil_log::Head;

/// What an audit checked and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The head of the log, where it could be opened.
    pub head: Option<Head>,
    /// The passes that were made, in order.
    pub passes: Vec<Pass>,
}

/// One pass of an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// How many of those it checked.
    pub checked: u64,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What, and where.
    pub what: String,
    /// How to mend it.
    pub advice: String,
}

/// What an audit comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was checked is as it should be.
    Sound,
    /// Something is not.
    Damaged,
}

impl Report {
    /// What it comes to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let sound = self.passes.iter().all(|pass| pass.findings.is_empty());
        if sound { Verdict::Sound } else { Verdict::Damaged }
    }
}

impl Verdict {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Damaged => "damaged",
        }
    }
}

impl Pass {
    pub(super) fn new(name: &'static str, unit: &'static str, checked: u64) -> Self {
        Self { name, unit, checked, findings: Vec::new() }
    }

    pub(super) fn with(mut self, what: String, advice: String) -> Self {
        self.find(what, advice);
        self
    }

    pub(super) fn find(&mut self, what: impl Into<String>, advice: impl Into<String>) {
        self.findings.push(Finding { what: what.into(), advice: advice.into() });
    }
}
