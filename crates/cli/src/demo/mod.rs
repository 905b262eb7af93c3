//! `demo`: a marketplace's story on a simulated clock, told from the ledger that it is in.
//!
//! Nothing in it is left to chance, so it is the same story in every folder. Run again
//! it finds its own ledger, changes nothing and tells the same; interrupted it goes on.

mod onboarding;
mod paydays;
mod refunds;
mod report;
mod sales;
mod standing;
mod story;
mod teller;
mod words;
mod world;

use std::path::{Path, PathBuf};

use counterfoil::Counterfoil;
use counterfoil::audit::{Report as Audit, Verdict, audit};

use crate::args::Args;
use crate::claim::{self, Maker};
use crate::exit::Failure;
use crate::output::Output;
use report::{Chapter, Report};
use story::Told;

/// The folder of a demo that was given none.
const FOLDER: &str = "./counterfoil-demo";

/// The maker of that folder.
const DEMO: Maker = Maker {
    name: "demo",
    says: "This folder was made by `counterfoil demo`. Nothing in it is real; remove it when you like.\n",
};

/// Tells the story, then audits the ledger that it is in.
pub(crate) async fn run(args: &Args) -> Result<Output, Failure> {
    let folder = args.dir.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    claim::claim(&folder, DEMO)?;
    let ledger = Counterfoil::builder()
        .path(&folder)
        .settings(world::settings()?)
        .opened_at(world::at(2, 8))
        .open()
        .await?;
    let told = if ledger.settings().ledger == world::ledger() {
        story::tell(&ledger).await
    } else {
        Err(claim::foreign(&folder, DEMO))
    };
    let closed = ledger.close().await;
    let Told { mut chapters, next } = told?;
    closed?;

    let audited = audit(&folder).await?;
    chapters.push(verdict(&audited));
    let title = "Counterfoil demo: three sellers before Carnival, February 2026";
    let intro =
        "Amounts are in BRL. Every figure is read back from the ledger. Run it again: nothing changes.";
    let next = next.into_iter().map(|command| format!("{command} --dir {}", quoted(&folder))).collect();
    let code = if audited.verdict() == Verdict::Sound { 0 } else { 3 };
    Ok(Output::done(Report { title, intro, chapters, next }.write(args.format)).code(code))
}

fn verdict(audited: &Audit) -> Chapter {
    let checked: Vec<String> =
        audited.passes.iter().map(|pass| format!("{} ({} {})", pass.name, pass.checked, pass.unit)).collect();
    let findings: usize = audited.passes.iter().map(|pass| pass.findings.len()).sum();
    let chapter = Chapter::new(format!("The audit's verdict: {}", audited.verdict().name()))
        .words(format!("Checked: {}. Findings: {findings}.", words::list(&checked)));
    let findings = audited.passes.iter().flat_map(|pass| &pass.findings);
    findings.fold(chapter, |chapter, found| chapter.words(format!("{}: {}.", found.what, found.advice)))
}

/// A folder as a shell reads it back.
fn quoted(folder: &Path) -> String {
    let text = folder.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=@%:,".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
