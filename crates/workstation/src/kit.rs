//! The defence kit: the disclosure of a case as one ZIP, with the same on paper, the probe's photographs, and a page that checks it
//! anywhere (`ui/verifier`).

use std::io::{Cursor, Write};
use std::path::Path;

use catalogue::say;
use serde_json::json;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use casework::{CaseFile, CaseId, Disclosure, ImageFacts};
use vault::VaultError;

use crate::disclose::{printed, write_out, write_whole};
use crate::error::{CommandError, Outcome};
use crate::verify_file::read_file;
use crate::workstation::Blocking;

/// Where the verifier's page takes a disclosure.
const PLACE: &str = "<template id=\"disclosure\"></template>";
/// A longer disclosure is chosen as a file: the page itself stays small.
const MOST_ENCLOSED: usize = 1 << 20;

/// The page with a disclosure in it, as text and nothing else: nothing of it can end its place.
///
/// # Errors
/// [`CommandError`] for a page without that place.
fn enclosed(page: &str, disclosure: &str) -> Outcome<String> {
    if page.matches(PLACE).count() != 1 {
        return Err(CommandError::new("internal", say!("workstation-kit-no-page")));
    }
    if disclosure.len() > MOST_ENCLOSED {
        return Ok(page.to_owned());
    }
    let text = disclosure.replace('&', "&amp;").replace('<', "&lt;");
    Ok(page.replacen(PLACE, &PLACE.replace("></", &format!(">{text}</")), 1))
}

/// Name of a photograph in the kit, numbered from 1.
fn file_name(image: &ImageFacts, number: usize) -> String {
    let format = image.format.to_ascii_lowercase();
    let plain = format.bytes().all(|b| b.is_ascii_alphanumeric()) && (1..=5).contains(&format.len());
    let ending = match format.as_str() {
        "jpeg" => "jpg",
        other if plain => other,
        _ => "bin",
    };
    format!("photographs/probe-{number}.{ending}")
}

/// The kit's bytes. Nothing in it is compressed: whoever looks for something in it finds it.
///
/// # Errors
/// [`CommandError`] where it cannot be put together.
fn kit(
    disclosure: &Disclosure,
    text: &str,
    department: &str,
    page: &str,
    photographs: &[(String, Vec<u8>)],
) -> Outcome<Vec<u8>> {
    let paper = printed(&documents::disclosure(disclosure, department))?;
    let page = enclosed(page, text)?;
    let number = disclosure.case.as_ref().map_or("–", |case| case.number().as_str());
    let sha256 = hex::encode(Sha256::digest(text));
    let read_me = say!("workstation-kit-read-me", number, at = disclosure.produced_at, sha256);
    let unmade = |e: &dyn std::fmt::Display| CommandError::new("kit", say!("workstation-kit-unmade", e));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let named = [
        ("read-me.txt", read_me.as_bytes()),
        ("verify.html", page.as_bytes()),
        ("disclosure.json", text.as_bytes()),
        ("disclosure.pdf", paper.as_slice()),
    ];
    let photographs = photographs.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    for (name, bytes) in named.into_iter().chain(photographs) {
        zip.start_file(format!("disclosure/{name}"), options).map_err(|e| unmade(&e))?;
        zip.write_all(bytes).map_err(|e| unmade(&e))?;
    }
    Ok(zip.finish().map_err(|e| unmade(&e))?.into_inner())
}

/// Makes a kit of a disclosure that left as a file, without its photographs. One that does not hold is put into none.
///
/// # Errors
/// What a person can act on.
pub fn make_kit(file: &Path, page: &str, to: &Path) -> Result<(), String> {
    let text = read_file(file)?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let checked = vault::verify_disclosure(text, None)?;
    let bytes = kit(&checked.disclosure, text, &checked.department_name, page, &[]).map_err(|e| e.message)?;
    write_whole(to, &mut bytes.as_slice())
        .map_err(|e| say!("workstation-file-could-not-written-nothing", to = to.display(), e))
}

impl Blocking<'_> {
    /// Writes the defence kit of a case: what must be disclosed, and the probe's photographs where this person may see them.
    pub fn export_kit(&self, case: CaseId, page: &str, to: &Path) -> Outcome<()> {
        let (disclosure, text, photographs) = self.act_as(|v, person, now| {
            let disclosure = self.disclosure_of(v, case, person, now)?;
            let text = v.disclosure_file(&disclosure)?;
            let sees = v.case::<CaseFile>(case)?.sight(person).probe;
            let images = disclosure.probe.iter().filter(|_| sees).flat_map(|probe| {
                std::iter::once(probe.image()).chain(probe.further().iter().map(|further| &further.image))
            });
            let mut photographs = Vec::new();
            for (at, image) in images.enumerate() {
                match v.original(case, &image.sha256) {
                    Ok(bytes) => photographs.push((file_name(image, at + 1), bytes)),
                    // What is not at this workstation is named by its hash.
                    Err(VaultError::Unknown(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let detail = json!({ "case": case, "photographs": photographs.len() });
            v.record(Some(&person.reference()), now, "defence-kit-exported", &detail)?;
            Ok((disclosure, text, photographs))
        })?;
        let bytes = kit(&disclosure, &text, &self.policy().department, page, &photographs)?;
        write_out(to, &mut bytes.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_disclosure_ends_its_place_in_the_page() {
        let page = format!("<body>{PLACE}</body>");
        let made = enclosed(&page, r#"{"a":"</template><script>1</script>&lt;"}"#).expect("made");
        let (_, inside) = made.split_once("<template id=\"disclosure\">").expect("its place");
        let (inside, _) = inside.split_once("</template>").expect("its end");
        assert!(!inside.contains('<') && made.matches("</template>").count() == 1, "{made}");
        assert_eq!(inside.replace("&lt;", "<").replace("&amp;", "&"), r#"{"a":"</template><script>1</script>&lt;"}"#);
        assert!(enclosed("<body></body>", "{}").is_err(), "no place");
        assert_eq!(enclosed(&page, &"x".repeat(MOST_ENCLOSED + 1)).expect("made"), page, "too long to be enclosed");
    }

    #[test]
    fn a_photograph_has_a_name_of_its_own() {
        let mut image = casework::samples::probe_draft().image;
        assert_eq!(file_name(&image, 1), "photographs/probe-1.jpg");
        for format in ["../../etc/passwd", "", "a/b", "HEICHEIC", "é"] {
            image.format = format.to_owned();
            assert_eq!(file_name(&image, 2), "photographs/probe-2.bin", "{format}");
        }
        image.format = "PNG".to_owned();
        assert_eq!(file_name(&image, 3), "photographs/probe-3.png");
    }
}
