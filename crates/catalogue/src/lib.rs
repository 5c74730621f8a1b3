//! Every sentence that a person reads, by code: gaps, errors, papers, command lines. The screens read the same folder,
//! `assets/text`, by themselves.
//!
//! **Invariant:** a code that is said has a text, with what it is given and no more (`tests/said.rs` reads the sources).

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::Entry;
use unic_langid::langid;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The files of `assets/text/en` that are said here: name, and what it holds.
        pub const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../assets/text/en/", $name, ".ftl")))),*];
    };
}

files! {
    "booking", "command", "faces", "gallery", "index", "ledger", "paper", "people", "provider", "relay", "rule-case", "rule-corroboration", "rule-department", "rule-disclosure", "rule-examination", "rule-handover", "rule-note", "rule-oversight", "rule-policy", "rule-probe", "rule-report", "rule-results", "rule-retention", "rule-review", "rule-search", "rule-verification", "service", "vault", "workstation",
}

/// The words of a code: `say!("code")` is a `&'static str`, `say!("code", name, other = value)` a [`String`] with what it is
/// given filled in.
#[macro_export]
macro_rules! say {
    ($code:literal $(,)?) => { $crate::words($code) };
    ($code:literal, $($given:tt)+) => { $crate::filled($code, $crate::given!([] $($given)+)) };
}

/// Names and values of [`say!`], one after the other.
#[doc(hidden)]
#[macro_export]
macro_rules! given {
    ([$($done:tt)*] $name:ident = $value:expr, $($rest:tt)+) => {
        $crate::given!([$($done)* (stringify!($name), $crate::given!(@ $value)),] $($rest)+)
    };
    ([$($done:tt)*] $name:ident, $($rest:tt)+) => {
        $crate::given!([$($done)* (stringify!($name), $crate::given!(@ $name)),] $($rest)+)
    };
    ([$($done:tt)*] $name:ident = $value:expr $(,)?) => { [$($done)* (stringify!($name), $crate::given!(@ $value))] };
    ([$($done:tt)*] $name:ident $(,)?) => { [$($done)* (stringify!($name), $crate::given!(@ $name))] };
    (@ $value:expr) => {{
        // A whole number may choose a plural; everything else is filled in as it displays itself.
        use $crate::{AsNumber as _, AsWords as _};
        (&$crate::Given(&$value)).value()
    }};
}

/// What a text is given.
#[doc(hidden)]
pub struct Given<'a, T: ?Sized>(pub &'a T);

#[doc(hidden)]
pub trait AsNumber {
    fn value(&self) -> FluentValue<'static>;
}

#[doc(hidden)]
pub trait AsWords {
    fn value(&self) -> FluentValue<'static>;
}

macro_rules! numbers {
    ($($whole:ty),*) => { $(
        impl AsNumber for Given<'_, $whole> {
            fn value(&self) -> FluentValue<'static> {
                // Fluent counts in floating point: what that cannot hold is written as it is.
                match i64::try_from(*self.0) {
                    Ok(whole) if whole.unsigned_abs() < 1 << 53 => FluentValue::from(whole),
                    _ => FluentValue::from(self.0.to_string()),
                }
            }
        }

        impl AsNumber for Given<'_, &$whole> {
            fn value(&self) -> FluentValue<'static> {
                Given(*self.0).value()
            }
        }
    )* };
}

numbers!(u8, u16, u32, u64, usize, i32, i64);

impl<T: Display + ?Sized> AsWords for &Given<'_, T> {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.0.to_string())
    }
}

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    plain: HashMap<String, String>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
    // Marks around what is filled in would become part of the words.
    bundle.set_use_isolating(false);
    let mut plain = HashMap::new();
    for (_, text) in FILES {
        // What is broken is left out here and found by a test.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        for entry in resource.entries() {
            if let Entry::Message(message) = entry {
                plain.insert(message.id.name.to_owned(), String::new());
            }
        }
        bundle.add_resource_overriding(resource);
    }
    for (code, words) in &mut plain {
        *words = format(&bundle, code, None);
    }
    Catalogue { bundle, plain }
});

/// The pattern of `code`, filled in; a code without a text speaks for itself.
fn format(bundle: &FluentBundle<FluentResource>, code: &str, given: Option<&FluentArgs>) -> String {
    let Some(pattern) = bundle.get_message(code).and_then(|message| message.value()) else { return code.to_owned() };
    let mut wrong = Vec::new();
    bundle.format_pattern(pattern, given, &mut wrong).into_owned()
}

/// The words of a code that is given nothing.
#[doc(hidden)]
pub fn words(code: &'static str) -> &'static str {
    CATALOGUE.plain.get(code).map_or(code, String::as_str)
}

/// The words of a code with what it is given.
#[doc(hidden)]
pub fn filled<const N: usize>(code: &str, given: [(&'static str, FluentValue<'static>); N]) -> String {
    format(&CATALOGUE.bundle, code, Some(&given.into_iter().collect()))
}
