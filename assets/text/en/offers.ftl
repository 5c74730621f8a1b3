### Usual answers, offered below fields of the steps Probe and Corroborate.

offers-probe-how-exported = Exported from the recorder
offers-probe-how-handed-over = Handed over by its owner
offers-probe-how-saved = Saved from the public page
offers-probe-how-taken = Taken by the department

offers-legal-consent = Consent of the owner
offers-legal-warrant = Search warrant
offers-legal-subpoena = Subpoena
offers-legal-order = Court order
offers-legal-published = Published by its author
offers-legal-record = Record of the department

offers-entry-how-interview = Recorded interview
offers-entry-how-statement = Written statement
offers-entry-how-query = Query of the register
offers-entry-how-export = Export of the record
offers-entry-how-page = Page saved whole

offers-sought-readers = County reader network
offers-sought-registry = State registry
offers-sought-cameras = Traffic cameras on the way
offers-sought-scene = At the scene
offers-sought-neighbours = Neighbours of the scene
offers-sought-posts = Public posts, two platforms
offers-sought-archive = Archive of the local paper
offers-sought-pages = Neighbourhood pages
