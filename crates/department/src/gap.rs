use serde::Serialize;

/// One thing that is missing before a gate opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Gap {
    /// Where the answer belongs: a dotted path such as `purpose.case_number` or
    /// `vehicle.<entry id>.finding`. The screen uses it to lead to the field.
    pub place: String,
    /// What is missing, as a sentence that tells what to do.
    pub missing: String,
    /// Why the rule exists, in one sentence.
    pub why: String,
}

impl Gap {
    /// A gap at `place`.
    pub fn new(place: impl Into<String>, missing: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), missing: missing.into(), why: why.into() }
    }
}

/// Collects gaps while a gate is examined, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Gaps(Vec<Gap>);

impl Gaps {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a gap. [`need!`](crate::need) asks first.
    pub fn push(&mut self, gap: Gap) {
        self.0.push(gap);
    }

    /// Adds gaps found elsewhere.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Gap>) {
        self.0.extend(more);
    }

    /// Adds the gaps of a rule that is asked besides.
    pub fn also(&mut self, rule: Result<(), Vec<Gap>>) {
        self.extend(rule.err().into_iter().flatten());
    }

    /// `value()` when nothing is missing, else everything that is.
    ///
    /// # Errors
    /// The gaps collected so far, when there are any.
    pub fn into_result<T>(self, value: impl FnOnce() -> T) -> Result<T, Vec<Gap>> {
        if self.0.is_empty() { Ok(value()) } else { Err(self.0) }
    }
}

/// Adds a [`Gap`] to [`Gaps`] unless something holds; what it says is put together only then.
#[macro_export]
macro_rules! need {
    ($gaps:expr, $holds:expr, $place:expr, $missing:expr, $why:expr $(,)?) => {{
        let holds: bool = $holds;
        if !holds {
            $gaps.push($crate::Gap::new($place, $missing, $why));
        }
    }};
}
