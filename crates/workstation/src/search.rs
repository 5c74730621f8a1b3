//! One search from the picked face to the recorded list.

use std::sync::atomic::{AtomicBool, Ordering};

use catalogue::say;
use gallery_api::client::Client;
use gallery_api::{signing, wire};
use serde_json::json;
use uuid::Uuid;

use casework::{
    Candidate, CandidateId, CandidateList, CaseFile, CaseId, Clock, Completeness, Encoding, FaceBox, ImageFacts,
    PreparationStep, SearchAnswer, SearchFilters, SearchId, SearchPermit, SearchRecord,
};
use faces::decoder::EditedPhoto;
use faces::{Quality, Template};

use crate::bring_photo::adjustments;
use crate::change_case::{case_of, elsewhere};
use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome, stopped};
use crate::views::{Answer, Progress};
use crate::workstation::{Blocking, Workstation, fresh_seed};

/// A photograph of the person, the steps that prepare a copy, and the face in it.
type Shot = (String, Vec<PreparationStep>, FaceBox);

impl Blocking<'_> {
    /// One template of all photographs of the person, each weighed by how much of a face the model saw, and how it was made;
    /// the first of them is the probe.
    fn template(&self, id: CaseId, shots: &[Shot], thorough: bool) -> Outcome<(Template, Encoding)> {
        let mut encoded: Vec<(Template, Quality)> = Vec::with_capacity(shots.len());
        for (at, (sha256, steps, face)) in shots.iter().enumerate() {
            let photo = self.with(|v| Ok(v.original(id, sha256)?))?;
            let picked = [face.x, face.y, face.width, face.height];
            let edited = EditedPhoto { bytes: &photo, steps: &adjustments(steps) };
            let (template, quality) = self.decoder.encode(edited, picked, thorough)?;
            if encoded.first().is_some_and(|(first, _)| !casework::may_join(&first.model, first.score(&template))) {
                return Err(CommandError::new(
                    "further-differs",
                    say!("workstation-photograph-looks-like-somebody-else", at = at + 1),
                ));
            }
            encoded.push((template, quality));
        }
        let weighted: Vec<(&Template, f32)> = encoded.iter().map(|(t, q)| (t, q.strength())).collect();
        let quality = encoded.first().map_or(0, |(_, quality)| quality.overall);
        let encoding = Encoding { thorough, photographs: u16::try_from(shots.len()).map_err(|_| stopped())?, quality };
        Ok((Template::fused(&weighted).ok_or_else(stopped)?, encoding))
    }
}

impl Workstation {
    /// Encodes the picked face on this machine and sends the template, never the image. With a prepared copy
    /// the original is searched first and the copy after it; both lists are recorded, the copy's is examined.
    /// A search that fails is on record.
    pub async fn search(
        &self,
        id: CaseId,
        thorough: bool,
        filters: SearchFilters,
        tell: impl Fn(Progress),
    ) -> Outcome<Answer> {
        match self.search_each(id, thorough, filters, &tell).await {
            Ok(()) => {
                self.run(move |s| {
                    let (file, person) = s.works_on(id)?;
                    Ok(s.answer(&file, &person))
                })
                .await
            }
            Err(error) => {
                self.run(move |s| {
                    s.audit_refusal("search-failed", id, &error);
                    Err(error)
                })
                .await
            }
        }
    }

    async fn search_each(
        &self,
        id: CaseId,
        thorough: bool,
        filters: SearchFilters,
        tell: &impl Fn(Progress),
    ) -> Outcome<()> {
        let mut ending = self.ending();
        self.run(|s| s.person().and_then(|_| s.policy_signed())).await?;
        // One at a time: what a search brought decides whether another may be sent.
        let _one = self
            .0
            .searching
            .try_lock()
            .map_err(|_| CommandError::new("busy", say!("workstation-search-under-way-wait-answer")))?;
        let (person, file, elsewhere, client) = self
            .run(move |s| {
                let (person, file, elsewhere) = s.act_as(|v, person, _| {
                    let file = case_of(v, id, person)?;
                    let elsewhere = elsewhere(v, &file)?;
                    Ok((person.clone(), file, elsewhere))
                })?;
                Ok((person, file, elsewhere, s.client()))
            })
            .await?;
        let permit = file.permit(&person, filters.clone(), SystemClock.now(), &self.0.policy(), &elsewhere)?;
        let client = client?;
        let probe = permit.probe();
        let copy = probe.prepared().map(|p| (p.steps.clone(), p.face));
        for (at, (steps, face)) in std::iter::once((Vec::new(), probe.face())).chain(copy).enumerate() {
            let sending = (at == 0).then(|| filters.clone());
            let left = AtomicBool::new(false);
            let asked = self.search_one(id, &permit, &client, (steps, face), thorough, sending, tell, &left);
            let record = tokio::select! {
                () = ending.asked() => return Err(given_up(at, left.load(Ordering::Relaxed))),
                done = asked => done?,
            };
            let seed = fresh_seed()?;
            self.run(move |s| {
                s.change_knowing(id, Some("search-answered"), |file, _, _, elsewhere| {
                    file.add_search(record, seed)?;
                    file.recall(elsewhere);
                    Ok(())
                })
            })
            .await?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    async fn search_one(
        &self,
        id: CaseId,
        permit: &SearchPermit<'_>,
        client: &Client,
        (steps, face): (Vec<PreparationStep>, FaceBox),
        thorough: bool,
        sending: Option<SearchFilters>,
        tell: &impl Fn(Progress),
        left: &AtomicBool,
    ) -> Outcome<SearchRecord> {
        tell(Progress { doing: say!("workstation-encoding-face").to_owned(), share: Some(0.1) });
        let (case, probe) = (permit.case(), permit.probe());
        let shot =
            |image: &ImageFacts, steps: &[PreparationStep], face| (image.sha256.clone(), image.steps_to(steps), face);
        let further = probe.further().iter().map(|f| shot(&f.image, &[], f.face));
        let shots: Vec<Shot> = std::iter::once(shot(probe.image(), &steps, face)).chain(further).collect();
        let (template, encoding) = self.run(move |s| s.template(id, &shots, thorough)).await?;
        tell(Progress { doing: say!("workstation-asking-gallery-model-uses").to_owned(), share: Some(0.3) });
        let info = client.info().await?;
        if !info.models.iter().any(|m| m.id == template.model) {
            let theirs = info.models.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(CommandError::new(
                "model-mismatch",
                say!("workstation-gallery-enrolled-encodes-templates-two", theirs, model = template.model),
            ));
        }
        if !info.purposes.iter().any(|p| p == case.purpose().code()) {
            return Err(CommandError::new("purpose-not-here", say!("workstation-gallery-does-not-answer-searches")));
        }
        let filters = permit.filters();
        let day = |day: casework::Day| day.to_string();
        let mut request = wire::SearchRequest {
            template: wire::Template { model: template.model, values: template.values },
            purpose: case.purpose().code().to_owned(),
            case_number: case.number().as_str().to_owned(),
            basis: format!("{} {}", case.basis().code, case.basis().statement).trim().to_owned(),
            examiner: Some(permit.by().id.to_string()),
            limit: permit.candidates(),
            filters: wire::Filters {
                captured_from: filters.captured_from.map(day),
                captured_until: filters.captured_until.map(day),
                agencies: filters.agencies.clone(),
            },
            signature: None,
        };
        let words: Vec<String> = steps.iter().map(PreparationStep::in_words).collect();
        let detail = json!({
            "case": id, "number": case.number(), "purpose": case.purpose(), "gallery": client.address(),
            "probe": probe.image().sha256, "thorough": thorough, "photographs": encoding.photographs, "prepared": words,
            "turned": probe.image().turned.degrees(),
            "filters": filters,
        });
        // On record before anything leaves the workstation; what it is sent with stands from here on.
        let (sent, by) = ((case.clone(), probe.clone()), permit.by().clone());
        self.run(move |s| {
            // What goes out is what stands on record, though it was edited while the face was encoded.
            let stands = |file: &CaseFile| match file.case.as_ref() == Some(&sent.0)
                && file.probe.as_ref() == Some(&sent.1)
            {
                true => Ok(()),
                false => Err(CommandError::new("changed", say!("workstation-case-probe-changed-meanwhile-nothing"))),
            };
            if let Some(filters) = sending {
                s.change_knowing(id, Some("search-begun"), |file, person, now, elsewhere| {
                    stands(file)?;
                    Ok(file.send_search(person, filters, now, &s.policy(), elsewhere)?)
                })?;
            }
            s.act_as(|v, person, now| {
                stands(&case_of(v, id, person)?)?;
                Ok(v.record(Some(&by), now, "search-sent", &detail)?)
            })
        })
        .await?;
        tell(Progress { doing: say!("workstation-waiting-gallery").to_owned(), share: Some(0.5) });
        let key = Uuid::new_v4().to_string();
        // Who asks and why is this workstation's word, not anybody's who has its token.
        let text = signing::search_text(&request, &key);
        let (public_key, signature) = self.run(move |s| s.with(|v| Ok(v.sign_request(&text)))).await?;
        request.signature = Some(wire::Signature { public_key, signature });
        left.store(true, Ordering::Relaxed);
        let answer = client.search(&request, &key).await?;
        let candidates = answer.candidates.into_iter().map(|c| Candidate {
            id: CandidateId(c.candidate_id),
            subject_id: c.subject_id,
            score: Some(c.score),
            captured_on: c.captured_on,
            agency: c.agency,
            other_photos: c.other_photos,
        });
        Ok(SearchRecord::made(SearchAnswer {
            id: SearchId(answer.search_id),
            gallery: client.address().to_owned(),
            model: request.template.model,
            purpose: case.purpose(),
            probe_sha256: probe.image().sha256.clone(),
            by: permit.by().clone(),
            at: SystemClock.now(),
            completeness: Completeness {
                exact: answer.completeness.exact,
                scanned: answer.completeness.scanned,
                gallery_size: answer.completeness.gallery_size,
                filtered_out: answer.completeness.filtered_out,
            },
            filters: filters.clone(),
            policy: permit.policy().to_owned(),
            prepared: steps,
            encoding: Some(encoding),
            candidates: CandidateList::new(candidates.collect()),
        })?)
    }
}

/// What is said of a search that was cancelled: `answered` lists were taken in, and another request had `left`.
fn given_up(answered: usize, left: bool) -> CommandError {
    let mut error = CommandError::cancelled();
    if left {
        say!("workstation-cancelled-after-search-sent-gallery").clone_into(&mut error.message);
    }
    if answered > 0 {
        error.message.push_str(say!("workstation-list-original-taken-before"));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_that_nothing_was_changed_when_the_request_had_left() {
        assert!(given_up(0, false).message.contains("Nothing was changed"));
        assert!(!given_up(0, true).message.contains("Nothing was changed"));
        assert!(given_up(0, true).message.contains("on record"));
        assert!(given_up(1, true).message.contains("original was taken in"));
    }
}
