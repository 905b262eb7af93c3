//! The declaration of laws: for each its fields and the sentence that tells how it was broken.

macro_rules! laws {
    ($($(#[$doc:meta])* $variant:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),+ $(,)? } => $sentence:literal;)+) => {
        /// A law, with what was found instead of what it says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Law {
            $($(#[$doc])* $variant { $($(#[$field_doc])* $field: $type),+ }),+
        }

        impl ::std::fmt::Display for Law {
            #[allow(unused_variables, reason = "not every field is told in the sentence")]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { $(Self::$variant { $($field),+ } => write!(f, $sentence)),+ }
            }
        }
    };
}

pub(super) use laws;
