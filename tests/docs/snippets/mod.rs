//! Snippets: the Rust that pages show, compiled and run as it stands there.

mod first_sale;
pub(crate) mod market;

use crate::page::Block;

/// Holds every Rust block of a page against the file that is compiled.
pub(crate) fn hold(page: &str, blocks: &[Block], source: &str) {
    let shown: Vec<&Block> = blocks.iter().filter(|block| block.language == "rust").collect();
    assert!(!shown.is_empty(), "{page} shows no Rust");
    for block in shown {
        assert!(source.contains(&block.text), "{page}:{} is not the code that is run", block.line);
    }
}
