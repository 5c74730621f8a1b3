//! What a second examiner at another workstation is given, and how it is known afterwards what they were given.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::say;
use department::{Gap, Gaps, Moment, PersonId, PersonRef, need};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::examination::{Listing, Work};
use crate::ids::{CandidateId, RequestId, SearchId};
use crate::probe::FaceBox;
use crate::text::refused;

/// SHA-256 of a record's canonical text (RFC 8785), in hexadecimal. A record without one has the digest of nothing.
pub(super) fn digest(record: &impl Serialize) -> String {
    let text = serde_json_canonicalizer::to_string(record).unwrap_or_default();
    hex::encode(Sha256::digest(text))
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// One person of a request's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SentCandidate {
    /// Made for this request and nothing else; only who asks can tell whose it is.
    pub token: CandidateId,
    /// SHA-256 of each photograph as it travels: pixels alone, so that no file's own words come along.
    pub photographs: Vec<String>,
}

/// The fields of a request as they travel.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequest {
    id: RequestId,
    to: PersonId,
    asked_at: Moment,
    probe: String,
    face: Option<FaceBox>,
    candidates: Vec<SentCandidate>,
    key_sha256: String,
}

/// The blind request: a probe, and some people beside whom it is laid. No name, number, score, rank or conclusion has a place
/// in it, nor who asks. It exists only as the value of [`VerificationRequest::read`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct VerificationRequest {
    id: RequestId,
    to: PersonId,
    asked_at: Moment,
    probe: String,
    face: Option<FaceBox>,
    candidates: Vec<SentCandidate>,
    key_sha256: String,
}

impl<'de> Deserialize<'de> for VerificationRequest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        VerificationRequest::read(RawRequest::deserialize(from)?).map_err(|gaps| refused("verification", &gaps))
    }
}

impl VerificationRequest {
    /// # Errors
    /// A gap for a list that would tell something by its order, or by being a list of one, and for what is no digest.
    fn read(raw: RawRequest) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let mut digests = raw.candidates.iter().flat_map(|c| &c.photographs).chain([&raw.probe, &raw.key_sha256]);
        let shaped = raw.candidates.len() > 1
            && raw.candidates.windows(2).all(|pair| pair[0].token < pair[1].token)
            && raw.candidates.iter().all(|c| !c.photographs.is_empty())
            && digests.all(|text| is_sha256(text));
        drop(digests);
        let numbers = raw.face.is_none_or(|f| [f.x, f.y, f.width, f.height].into_iter().all(f32::is_finite));
        need!(
            gaps,
            shaped && numbers,
            "verification",
            say!("rule-verification-request-malformed"),
            say!("rule-examination-list-one-tells-verifier-answer"),
        );
        let RawRequest { id, to, asked_at, probe, face, candidates, key_sha256 } = raw;
        gaps.into_result(|| Self { id, to, asked_at, probe, face, candidates, key_sha256 })
    }

    /// Its identity, made for it.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// Who is asked.
    pub fn to(&self) -> PersonId {
        self.to
    }

    /// When it was asked.
    pub fn asked_at(&self) -> Moment {
        self.asked_at
    }

    /// SHA-256 of the probe's picture as it travels.
    pub fn probe(&self) -> &str {
        &self.probe
    }

    /// Where the face of the unknown person stands in it, where there are several.
    pub fn face(&self) -> Option<FaceBox> {
        self.face
    }

    /// Whom the probe is laid beside, by token.
    pub fn candidates(&self) -> &[SentCandidate] {
        &self.candidates
    }

    /// SHA-256 of every picture that travels with it.
    pub fn pictures(&self) -> BTreeSet<&str> {
        let photographs = self.candidates.iter().flat_map(|c| &c.photographs);
        photographs.chain([&self.probe]).map(String::as_str).collect()
    }

    /// SHA-256 of its canonical text: what an answer names.
    pub fn sha256(&self) -> String {
        digest(self)
    }
}

impl Listing for VerificationRequest {
    fn id(&self) -> SearchId {
        SearchId(self.id.0)
    }

    fn at(&self) -> Moment {
        self.asked_at
    }

    fn ids(&self) -> Vec<CandidateId> {
        self.candidates.iter().map(|c| c.token).collect()
    }
}

/// What turns a request's tokens back. It never leaves the asking workstation before the note does; its digest travels, so
/// that nobody can say afterwards that a token was somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RequestKey {
    /// 32 random bytes in hexadecimal: the digest cannot be tried out.
    pub salt: String,
    /// The search whose list it is.
    pub search: SearchId,
    /// Whose each token is.
    pub candidates: BTreeMap<CandidateId, CandidateId>,
}

/// What goes to another workstation, before it is a request: tokens and pictures for the lead and the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// A fresh identity.
    pub id: RequestId,
    /// 32 random bytes in hexadecimal.
    pub salt: String,
    /// SHA-256 of the probe's picture.
    pub probe: String,
    /// The face that was picked in it.
    pub face: Option<FaceBox>,
    /// A fresh token for each candidate, and SHA-256 of their pictures.
    pub candidates: BTreeMap<CandidateId, (CandidateId, Vec<String>)>,
}

/// A request with its key: how a verification at another workstation was asked for. It exists only where the key is the one
/// whose digest the request carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Asked {
    request: VerificationRequest,
    key: RequestKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAsked {
    request: VerificationRequest,
    key: RequestKey,
}

impl<'de> Deserialize<'de> for Asked {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let RawAsked { request, key } = RawAsked::deserialize(from)?;
        Asked::of(request, key).map_err(|gaps| refused("verification", &gaps))
    }
}

impl Asked {
    /// Asks `to` for a blind comparison of what is `sending` of the list `search`.
    ///
    /// # Errors
    /// A gap for a list that tells something, or a token twice.
    pub(crate) fn make(search: SearchId, to: PersonId, sending: Sending, now: Moment) -> Result<Self, Vec<Gap>> {
        let Sending { id, salt, probe, face, candidates } = sending;
        let key = RequestKey {
            salt,
            search,
            candidates: candidates.iter().map(|(candidate, (token, _))| (*token, *candidate)).collect(),
        };
        let mut sent: Vec<SentCandidate> =
            candidates.into_values().map(|(token, photographs)| SentCandidate { token, photographs }).collect();
        sent.sort_by_key(|c| c.token);
        let key_sha256 = digest(&key);
        let raw = RawRequest { id, to, asked_at: now, probe, face, candidates: sent, key_sha256 };
        Self::of(VerificationRequest::read(raw)?, key)
    }

    /// # Errors
    /// A gap where the key is another one.
    fn of(request: VerificationRequest, key: RequestKey) -> Result<Self, Vec<Gap>> {
        let mut gaps = Gaps::new();
        let people: BTreeSet<CandidateId> = key.candidates.values().copied().collect();
        need!(
            gaps,
            is_sha256(&key.salt)
                && digest(&key) == request.key_sha256
                && key.candidates.keys().copied().eq(request.candidates.iter().map(|c| c.token))
                && people.len() == key.candidates.len(),
            "verification",
            say!("rule-verification-request-another-key"),
            say!("rule-verification-what-was-sent-stands"),
        );
        gaps.into_result(|| Self { request, key })
    }

    /// What travels.
    pub fn request(&self) -> &VerificationRequest {
        &self.request
    }

    /// The search whose candidates were sent.
    pub(super) fn search(&self) -> SearchId {
        self.key.search
    }

    /// The candidates of the search that were sent, by identity.
    pub fn among(&self) -> Vec<CandidateId> {
        let mut among: Vec<CandidateId> = self.key.candidates.values().copied().collect();
        among.sort();
        among
    }

    /// The token of a candidate that was sent.
    pub fn token(&self, candidate: CandidateId) -> Option<CandidateId> {
        self.key.candidates.iter().find(|(_, of)| **of == candidate).map(|(token, _)| *token)
    }

    /// A second examiner's work on the search's own list; `None` for work on another one.
    pub(crate) fn told(&self, work: &Work) -> Option<Work> {
        let whole = Listing::id(&self.request) == work.search && work.among == self.request.ids();
        whole.then(|| work.renamed(self.key.search, |token| self.key.candidates.get(&token).copied())).flatten()
    }
}

/// A second examiner elsewhere said that they cannot compare now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Declined {
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// A verification that is asked of somebody at another workstation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedElsewhere {
    /// The request with its key.
    pub asked: Asked,
    /// Who asks.
    pub by: PersonRef,
    /// Who is asked.
    pub of: PersonRef,
    /// The key of the workstation where it was sent.
    pub workstation: String,
    /// That workstation's name, as its card says.
    pub place: String,
    /// Set when they declined: the question waits for nobody then, until it is withdrawn.
    pub declined: Option<Declined>,
}
