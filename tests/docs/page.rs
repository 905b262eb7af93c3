//! A page: the code blocks of a markdown file, in order.

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// What stands behind the opening fence.
    pub(crate) language: String,
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
    /// The lines between the fences.
    pub(crate) text: String,
}

/// The blocks of a page.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (line, text) in (1..).zip(markdown.lines()) {
        match (text.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language: language.to_owned(), line, text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(text);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a code block is not closed");
    blocks
}

/// Each block of a language, with the text block that directly follows it, if one does.
pub(crate) fn with_outputs(blocks: &[Block], language: &str) -> Vec<(Block, Option<Block>)> {
    let mut found = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if block.language == language {
            let output = blocks.get(at + 1).filter(|next| next.language == "text");
            found.push((block.clone(), output.cloned()));
        }
    }
    found
}

/// Whether an output is what a page shows: the same lines, where `…` leaves out.
pub(crate) fn shows(shown: &str, happened: &str) -> bool {
    let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let happened: Vec<&str> = happened.lines().map(str::trim_end).collect();
    lines_match(&shown, &happened)
}

fn lines_match(shown: &[&str], happened: &[&str]) -> bool {
    match (shown, happened) {
        ([], []) => true,
        (["…", rest @ ..], _) => {
            (0..=happened.len()).any(|skipped| lines_match(rest, &happened[skipped..]))
        }
        ([line, shown @ ..], [other, happened @ ..]) => {
            line_matches(line, other) && lines_match(shown, happened)
        }
        ([_, ..], []) | ([], [_, ..]) => false,
    }
}

fn line_matches(shown: &str, happened: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| happened.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

#[test]
fn a_page_has_blocks() {
    let markdown = "A.\n\n```sh\nls\n```\n\n```text\nCargo.toml\n```\n\n```rust\nfn x() {}\n```\n";
    let found = with_outputs(&blocks(markdown), "sh");
    assert_eq!(found[0].0.text, "ls\n");
    assert_eq!(found[0].0.line, 3);
    assert_eq!(found[0].1.as_ref().map(|block| block.text.as_str()), Some("Cargo.toml\n"));
    assert_eq!(with_outputs(&blocks(markdown), "rust")[0].1, None);
}

#[test]
fn an_output_may_leave_out_and_not_lie() {
    assert!(shows("a\n…\nd\n", "a\nb\nc\nd\n"));
    assert!(shows("a\n…\n", "a\n"));
    assert!(shows("head 3…f9\n", "head 3754d5f9\n"));
    assert!(shows("of 10…, 20… in all\n", "of 101, 203 in all\n"));
    assert!(!shows("a\nd\n", "a\nb\nd\n"));
    assert!(!shows("a\n…\nd\n", "a\nb\nc\n"));
    assert!(!shows("head 3…f9\n", "head 3754d5f8\n"));
    assert!(!shows("a\n", "a\nb\n"));
}
