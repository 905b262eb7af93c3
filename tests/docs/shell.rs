//! The shell: a page's commands, run one block after the other in one folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::page::{Block, shows, with_outputs};

/// What a page writes for the program.
const PROGRAM: &str = "cargo run --release --";

/// The program, built once by the profile and into the folder of these tests: cargo
/// builds the programs of the package that it tests, and this is another's.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // target/<profile>/deps/<this test>
        let this = std::env::current_exe().unwrap();
        let built = this.parent().and_then(Path::parent).unwrap();
        let profile = match built.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(other) => other,
        };
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let done = Command::new(cargo)
            .args(["build", "--quiet", "--package", "counterfoil-cli", "--profile", profile, "--target-dir"])
            .arg(built.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(done.unwrap().success(), "the program does not build");
        built.join(format!("counterfoil{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs the shell blocks of a page, but those that `skip` names, and holds each output
/// against the one that the page shows.
pub(crate) fn play(page: &str, blocks: &[Block], folder: &Path, skip: &[&str]) {
    let mut played = 0;
    for (block, output) in with_outputs(blocks, "sh") {
        if skip.contains(&block.text.trim()) {
            continue;
        }
        let happened = run(&block.text, folder);
        let shown = output.map_or(String::new(), |output| output.text);
        let line = block.line;
        assert!(shows(&shown, &happened), "{page}:{line} shows\n{shown}\nand this happened:\n{happened}");
        played += 1;
    }
    assert!(played > 0, "{page} has no commands");
}

/// What a block prints; a block that fails says so itself.
fn run(script: &str, folder: &Path) -> String {
    let script = script.replace(PROGRAM, &format!("'{}'", program().display()));
    let output = Command::new("sh").arg("-c").arg(&script).current_dir(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\nexit {:?}\n{errors}", output.status.code());
    assert!(errors.is_empty(), "{script}\n{errors}");
    String::from_utf8(output.stdout).unwrap()
}
