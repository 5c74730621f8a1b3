//! What is kept of an expunged photograph so that a copy of it is known again: 64 signs of projections under a secret
//! of the gallery, of its template and of its picture. Scaling, saving anew and cropping turn few of them; another
//! photograph turns about half.
//!
//! Whoever has the secret and the traces can ask whether a photograph that they hold is one of them, and nothing more
//! useful: 64 signs fix the direction of a template of 512 values to a cosine of about 0.27, which is less than many
//! pairs of strangers have.

use sha2::{Digest, Sha256};

/// A trace: 64 signs.
pub type Trace = [u8; 8];

/// Traces of templates that differ in at most so many signs are of one photograph, or of two that the model cannot tell
/// apart. Measured with `traces`; the figures are in the README.
pub const SAME_TEMPLATE: u32 = 12;
/// Signs of picture and of template in which a copy may differ where neither alone would say so: of one that became too
/// small for a good template, and of one that was cropped.
pub const COPY: [(u32, u32); 2] = [(2, 28), (8, 16)];

/// Signs in which two traces differ.
pub fn distance(a: &Trace, b: &Trace) -> u32 {
    (u64::from_be_bytes(*a) ^ u64::from_be_bytes(*b)).count_ones()
}

/// The signs of 64 sums of `values`, each with signs of its own that follow from the secret.
fn project(secret: &[u8; 32], kind: &[u8], values: &[f32]) -> Trace {
    let mut bits = 0u64;
    for bit in 0..64u8 {
        let mut sum = 0f64;
        for (block, part) in values.chunks(256).enumerate() {
            let signs = Sha256::new()
                .chain_update(secret)
                .chain_update(kind)
                .chain_update([b'\n', bit])
                .chain_update((block as u64).to_le_bytes())
                .finalize();
            for (at, value) in part.iter().enumerate() {
                let positive = signs[at / 8] >> (at % 8) & 1 == 1;
                sum += if positive { f64::from(*value) } else { -f64::from(*value) };
            }
        }
        bits = bits << 1 | u64::from(sum >= 0.0);
    }
    bits.to_be_bytes()
}

/// The trace of a template.
pub fn of_template(secret: &[u8; 32], values: &[f32]) -> Trace {
    project(secret, b"trace of a template", values)
}

/// Side of the picture that the low frequencies are taken from.
const SIDE: usize = 32;
/// Frequencies in each direction.
const LOW: usize = 8;

/// The trace of a picture: signs of its low frequencies (discrete cosine transform of 32 × 32 greys) without their mean.
/// `None` where it cannot be decoded.
pub fn of_picture(secret: &[u8; 32], jpeg: &[u8]) -> Option<Trace> {
    let picture = image::load_from_memory(jpeg).ok()?.to_luma8();
    let small = image::imageops::resize(&picture, SIDE as u32, SIDE as u32, image::imageops::FilterType::Triangle);
    let wave = |frequency: usize, at: usize| {
        (std::f32::consts::PI * frequency as f32 * (2 * at + 1) as f32 / (2 * SIDE) as f32).cos()
    };
    let mut low = Vec::with_capacity(LOW * LOW);
    for v in 0..LOW {
        for u in 0..LOW {
            let sum: f32 = small
                .enumerate_pixels()
                .map(|(x, y, grey)| f32::from(grey.0[0]) * wave(u, x as usize) * wave(v, y as usize))
                .sum();
            low.push(sum);
        }
    }
    // The mean is brightness, which any program changes.
    low.remove(0);
    Some(project(secret, b"trace of a picture", &low))
}

/// Whether a photograph is a copy of the one that left these traces.
pub fn resembles(template: (&Trace, Option<&Trace>), picture: (Option<&Trace>, Option<&Trace>)) -> bool {
    let faces = template.1.map(|kept| distance(template.0, kept));
    let pictures = picture.0.zip(picture.1).map(|(a, b)| distance(a, b));
    match (faces, pictures) {
        (Some(faces), _) if faces <= SAME_TEMPLATE => true,
        (Some(faces), Some(pictures)) => COPY.iter().any(|(picture, face)| pictures <= *picture && faces <= *face),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::template;

    #[test]
    fn traces_follow_the_secret_and_do_not_give_the_template_back() {
        let values = template(7, 512);
        let secret = [3; 32];
        let trace = of_template(&secret, &values);
        assert_eq!(trace, of_template(&secret, &values));
        assert!(distance(&trace, &of_template(&[4; 32], &values)) > 12, "another gallery's are others");
        let far: Vec<u32> = (100..400).map(|n| distance(&trace, &of_template(&secret, &template(n, 512)))).collect();
        assert!(far.iter().all(|d| *d > SAME_TEMPLATE), "{:?}", far.iter().min());
        // The best guess of somebody who has trace and secret: the sum of the projections with the trace's signs.
        let mut guess = vec![0f32; 512];
        for at in 0..512 {
            let mut one = vec![0f32; 512];
            one[at] = 1.0;
            let signs = of_template(&secret, &one);
            guess[at] = 64.0 - 2.0 * distance(&signs, &trace) as f32;
        }
        let norm = guess.iter().map(|v| v * v).sum::<f32>().sqrt();
        let cosine: f32 = guess.iter().zip(&values).map(|(a, b)| a * b).sum::<f32>() / norm;
        assert!(cosine < 0.4, "{cosine}");
    }
}
