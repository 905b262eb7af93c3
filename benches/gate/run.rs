//! Running the bench: the release build beside this program, in a folder that is removed.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::limits::Workload;

/// The bench's program.
pub(crate) struct Bench {
    program: PathBuf,
    folder: PathBuf,
}

impl Bench {
    /// The program beside this one.
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let own = std::env::current_exe()?;
        let folder = own.parent().ok_or("this program lies nowhere")?.to_path_buf();
        let program = folder.join("counterfoil").with_extension(std::env::consts::EXE_EXTENSION);
        if !program.exists() {
            let program = program.display();
            return Err(format!("{program} is not there; `cargo build --release` makes it").into());
        }
        Ok(Self { program, folder })
    }

    /// The report of one run of a workload, in a new ledger. It lies beside the program, since
    /// a folder for temporary files may be no disk.
    pub(crate) fn run(&self, workload: &Workload) -> Result<Value, Box<dyn Error>> {
        let ledger = self.folder.join(format!("gate-{}", std::process::id()));
        let mut command = Command::new(&self.program);
        command.args(["--format", "json", "bench"]).args(workload.asks.split(' '));
        let output = command.arg("--dir").arg(&ledger).output();
        if ledger.exists() {
            fs::remove_dir_all(&ledger)?;
        }
        let output = output?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{}: the bench failed: {why}", workload.name).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}
