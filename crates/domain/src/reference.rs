//! References: what processors call their own things.

use std::fmt;

/// A text that is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAReference;

/// The most characters of a reference; a rail's have as many.
pub(crate) const LONGEST_REFERENCE: usize = 128;

/// Declares kinds of references: texts of 1 to 128 visible ASCII characters.
macro_rules! references {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The reference `text`.
            ///
            /// # Errors
            /// Anything but 1 to 128 visible ASCII characters.
            pub fn new(text: &str) -> Result<Self, $crate::reference::NotAReference> {
                let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
                if visible && (1..=$crate::reference::LONGEST_REFERENCE).contains(&text.len()) {
                    Ok(Self(text.into()))
                } else {
                    Err($crate::reference::NotAReference)
                }
            }

            /// The reference as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

pub(crate) use references;

impl fmt::Display for NotAReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a reference has 1 to 128 visible ASCII characters")
    }
}

impl std::error::Error for NotAReference {}
