//! A disclosure in the terms of CASE and UCO (caseontology.org), the ontology by which tools of investigations exchange: who did what
//! with what, when. It tells what the disclosure tells, and of candidates nothing but how many there were.

use std::path::Path;

use catalogue::say;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use casework::{CaseId, Disclosure, ImageFacts, Moment, PersonRef};

use crate::disclose::{write_out, write_whole};
use crate::error::Outcome;
use crate::verify_file::read_file;
use crate::workstation::Blocking;

/// Namespace of the graph's own nodes.
const OWN: &str = "urn:uuid:";

/// The node of `what`, the same whenever it is made.
fn node(what: &str) -> String {
    let mut bytes = [0u8; 16];
    bytes.iter_mut().zip(Sha256::digest(what)).for_each(|(to, from)| *to = from);
    format!("{OWN}{}", uuid::Builder::from_sha1_bytes(bytes).into_uuid())
}

fn time(at: Moment) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": at.0.to_string() })
}

fn one(id: &str) -> Value {
    json!({ "@id": id })
}

fn person(of: &PersonRef) -> Value {
    json!({
        "@id": format!("{OWN}{}", of.id), "@type": "uco-identity:Person",
        "uco-core:name": of.name, "uco-core:description": format!("{} {}", of.badge, of.ori),
    })
}

/// The facet of a file's content: its hash.
fn content(sha256: &str) -> Value {
    json!({
        "@id": node(&format!("content {sha256}")), "@type": "uco-observable:ContentDataFacet",
        "uco-observable:hash": {
            "@id": node(&format!("hash {sha256}")), "@type": "uco-types:Hash",
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": { "@type": "xsd:hexBinary", "@value": sha256 },
        },
    })
}

fn photograph(image: &ImageFacts) -> Value {
    let file = json!({
        "@id": node(&format!("file {}", image.sha256)), "@type": "uco-observable:FileFacet",
        "uco-observable:fileName": image.file_name,
    });
    json!({
        "@id": node(&image.sha256), "@type": "uco-observable:ObservableObject",
        "uco-core:hasFacet": [file, content(&image.sha256)],
    })
}

/// What was done: by whom, with what, when, and what came of it.
struct Action<'a> {
    id: String,
    name: &'a str,
    says: String,
    by: &'a PersonRef,
    at: Moment,
    objects: Vec<Value>,
}

impl Action<'_> {
    fn written(&self, tool: &str) -> Value {
        json!({
            "@id": self.id, "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": self.name, "uco-core:description": self.says,
            "uco-action:startTime": time(self.at), "uco-action:endTime": time(self.at),
            "uco-action:performer": one(&format!("{OWN}{}", self.by.id)),
            "uco-action:instrument": [one(tool)],
            "uco-action:object": self.objects,
        })
    }
}

/// The graph of a disclosure as JSON-LD text.
fn graph(disclosure: &Disclosure) -> String {
    let tool = node("Corroborate");
    let probe: Vec<Value> = disclosure.probe.iter().map(|probe| one(&node(&probe.image().sha256))).collect();
    let mut actions = Vec::new();
    if let Some(probe) = &disclosure.probe {
        actions.push(Action {
            id: node(&format!("brought {}", probe.image().sha256)),
            name: say!("workstation-case-probe"),
            says: format!("{}; {}", probe.source().in_words(), probe.legal_basis()),
            by: probe.accepted_by(),
            at: probe.imported_at(),
            objects: vec![one(&node(&probe.image().sha256))],
        });
    }
    for disclosed in &disclosure.searches {
        let search = disclosed.search();
        let nothing = if disclosed.gave_nothing() { say!("workstation-case-gave-nothing") } else { "" };
        let (count, gallery) = (disclosed.candidates().len(), search.gallery());
        let says = say!("workstation-case-searched", gallery, model = search.model(), count, nothing);
        let id = format!("{OWN}{}", search.id());
        let name = say!("workstation-case-search");
        actions.push(Action { id, name, says, by: search.by(), at: search.at(), objects: probe.clone() });
    }
    if let Some(verification) = &disclosure.verification {
        actions.push(Action {
            id: node(&format!("verification {}", verification.at.0)),
            name: say!("workstation-case-verification"),
            says: verification.conclusion.in_words().to_owned(),
            by: &verification.verifier,
            at: verification.at,
            objects: probe.clone(),
        });
    }
    for note in &disclosure.notes {
        for review in &note.reviews {
            actions.push(Action {
                id: node(&format!("review {} {}", note.id, review.at.0)),
                name: say!("workstation-case-review"),
                says: note.disposition.in_words().to_owned(),
                by: &review.reviewer,
                at: review.at,
                objects: vec![one(&format!("{OWN}{}", note.id))],
            });
        }
    }
    let mut people: Vec<&PersonRef> = actions.iter().map(|action| action.by).chain([&disclosure.produced_by]).collect();
    people.sort_by_key(|person| person.id);
    people.dedup_by_key(|person| person.id);
    let mut nodes: Vec<Value> = people.into_iter().map(person).collect();
    nodes.push(json!({
        "@id": tool, "@type": "uco-tool:Tool", "uco-core:name": "Corroborate",
        "uco-tool:version": env!("CARGO_PKG_VERSION"),
    }));
    if let Some(probe) = &disclosure.probe {
        nodes.extend(std::iter::once(probe.image()).chain(probe.further().iter().map(|f| &f.image)).map(photograph));
    }
    nodes.extend(disclosure.notes.iter().map(|note| {
        json!({
            "@id": format!("{OWN}{}", note.id), "@type": "uco-observable:ObservableObject",
            "uco-core:name": note.disposition.in_words(), "uco-core:description": disclosure.statement,
            "uco-core:hasFacet": [content(&note.sha256)],
        })
    }));
    nodes.extend(actions.iter().map(|action| action.written(&tool)));
    let objects: Vec<Value> = nodes.iter().map(|node| json!({ "@id": node["@id"] })).collect();
    let (name, focus) = disclosure
        .case
        .as_ref()
        .map_or((String::new(), String::new()), |case| (case.number().to_string(), case.offence().to_owned()));
    let case = disclosure.case.as_ref().map_or_else(|| node("case"), |case| format!("{OWN}{}", case.id()));
    nodes.push(json!({
        "@id": case, "@type": "case-investigation:Investigation", "uco-core:name": name,
        "uco-core:description": disclosure.statement, "case-investigation:focus": focus, "uco-core:object": objects,
    }));
    let graph = json!({
        "@context": {
            "case-investigation": "https://ontology.caseontology.org/case/investigation/",
            "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
            "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
            "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
            "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
            "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
            "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": nodes,
    });
    format!("{graph:#}\n")
}

/// Writes a disclosure that left as a file in the terms of CASE. One that does not hold is not written.
///
/// # Errors
/// What a person can act on.
pub fn make_case_graph(file: &Path, to: &Path) -> Result<(), String> {
    let text = read_file(file)?;
    let checked = vault::verify_disclosure(text.strip_suffix('\n').unwrap_or(&text), None)?;
    write_whole(to, &mut graph(&checked.disclosure).as_bytes())
        .map_err(|e| say!("workstation-file-could-not-written-nothing", to = to.display(), e))
}

impl Blocking<'_> {
    /// Writes what must be disclosed of a case in the terms of CASE.
    pub fn export_case_graph(&self, case: CaseId, to: &Path) -> Outcome<()> {
        let disclosure = self.act_as(|v, person, now| {
            let disclosure = self.disclosure_of(v, case, person, now)?;
            let detail = json!({ "case": case, "as": "case" });
            v.record(Some(&person.reference()), now, "disclosure-exported", &detail)?;
            Ok(disclosure)
        })?;
        write_out(to, &mut graph(&disclosure).as_bytes())
    }
}
