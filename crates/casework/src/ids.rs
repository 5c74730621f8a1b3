use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(/** A person who uses the program. */ PersonId);
id!(/** A case on this workstation. */ CaseId);
id!(/** A probe: the unknown image of a case. */ ProbeId);
id!(/** A search, as the gallery service names it. */ SearchId);
id!(/** One row of one candidate list. It names no person and is valid for one search only. */ CandidateId);
id!(/** One entry of the corroboration checklist. */ EntryId);
id!(/** A case note. */ NoteId);
