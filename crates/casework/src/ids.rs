use department::id;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

id!(/** A case on this workstation. */ CaseId);
id!(/** A probe: the unknown image of a case. */ ProbeId);
id!(/** A search, as the gallery service names it. */ SearchId);
id!(/** One row of one candidate list. It names no person and is valid for one search only. */ CandidateId);
id!(/** One entry of the corroboration checklist. */ EntryId);
id!(/** A case note. */ NoteId);
id!(/** A verification that is asked of another workstation. It names the list that travels, and nothing of the case. */ RequestId);
id!(/** What came of an approved note: one result. */ ResultId);
