//! The program under test: built once, by the profile and into the folder of these tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Cargo builds the programs of the package it tests, and this is another package's, so
/// the first test that needs it has it built.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // target/<profile>/deps/<this test>
        let this = std::env::current_exe().unwrap();
        let built = this.parent().and_then(Path::parent).unwrap();
        let profile = match built.file_name().unwrap().to_str().unwrap() {
            "debug" => "dev",
            other => other,
        };
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built_by = Command::new(cargo)
            .args(["build", "--quiet", "--package", "counterfoil-cli", "--profile", profile, "--target-dir"])
            .arg(built.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(built_by.success(), "the program does not build");
        built.join(format!("counterfoil{}", std::env::consts::EXE_SUFFIX))
    })
}

/// The program with these arguments, to be run in a folder.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    // Help is as wide as the terminal says, and there is none.
    command.args(arguments).current_dir(folder).env_remove("COLUMNS").env_remove("LINES");
    command
}

/// Runs the program in a folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// Runs the program in a folder; it prints to standard output alone and exits with 0.
pub(crate) fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && errors.is_empty(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
