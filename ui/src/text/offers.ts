// Usual answers, offered after what this person answered before. Nothing of them is filled in by itself.

export const probeHow = [
  "Exported from the recorder",
  "Handed over by its owner",
  "Saved from the public page",
  "Taken by the department",
];

export const legalBases = [
  "Consent of the owner",
  "Search warrant",
  "Subpoena",
  "Court order",
  "Published by its author",
  "Record of the department",
];

export const entryHow = [
  "Recorded interview",
  "Written statement",
  "Query of the register",
  "Export of the record",
  "Page saved whole",
];

/** Where each category is usually sought. */
export const soughtAt: Record<string, string[]> = {
  vehicle: ["County reader network", "State registry", "Traffic cameras on the way"],
  witness: ["At the scene", "Neighbours of the scene"],
  "open-source-media": ["Public posts, two platforms", "Archive of the local paper", "Neighbourhood pages"],
};
