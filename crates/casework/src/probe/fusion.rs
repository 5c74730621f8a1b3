/// Two photographs that score below this are not joined. One pair in a hundred of two people scores higher
/// (`models/mobilefacenet-512.md`), one in twenty of one person lower: it catches the wrong face picked, and decides
/// nothing about anybody.
const SOMEBODY_ELSE: f32 = 0.3;

/// Whether a further photograph may join the template of the first, given how alike they score (a cosine, -1 to 1);
/// not where they cannot be compared.
pub fn may_join(score: Option<f32>) -> bool {
    score.is_some_and(|score| score >= SOMEBODY_ELSE)
}
