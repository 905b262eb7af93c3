//! The real files, where they are found: not a centavo is made or lost.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::reckon::reckon;
use crate::totals::check;

/// The folder of the real files; `None`, and a loud line, where they are not here.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("COUNTERFOIL_DATA").map_or_else(beside, PathBuf::from);
    let folder = data.join("olist");
    if folder.join("olist_order_items_dataset.csv.gz").exists() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("COUNTERFOIL_NO_SKIP").is_none(),
        "the real files are not in {}",
        folder.display()
    );
    eprintln!("SKIPPED: the real files are not in {}", folder.display());
    None
}

fn text(folder: &Path, name: &str) -> String {
    let file = File::open(folder.join(format!("olist_{name}_dataset.csv.gz"))).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_real_files_come_to_what_is_reckoned_another_way() {
    let Some(folder) = folder() else { return };
    let (sellers, items) = (text(&folder, "sellers"), text(&folder, "order_items"));
    let payments = text(&folder, "order_payments");
    let slow = std::env::var_os("COUNTERFOIL_SLOW").is_some();
    let rates: &[u16] = if slow { &[1_000, 1_234, 0, 10_000] } else { &[1_000, 1_234] };
    for commission_bps in rates.iter().copied() {
        let reckoned = reckon(&sellers, &items, &payments, commission_bps.into());
        check(&folder, &reckoned, commission_bps);
    }
}

/// The figures of the files' own description: the reckoning reads them as they are.
#[test]
fn the_real_files_hold_what_their_description_says() {
    let Some(folder) = folder() else { return };
    let sum = |name: &str, column: usize| {
        let text = text(&folder, name);
        let amounts = text.lines().skip(1).map(|line| {
            let field = line.split(',').nth(column).unwrap();
            let (whole, part) = field.split_once('.').unwrap_or((field, ""));
            format!("{whole}{part:0<2}").parse::<i128>().unwrap()
        });
        amounts.sum::<i128>()
    };
    assert_eq!(sum("order_items", 5), 608_465_450);
    assert_eq!(sum("order_items", 6), 97_313_757);
    assert_eq!(sum("order_payments", 4), 713_695_231);
}
