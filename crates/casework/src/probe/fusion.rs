/// Two photographs that score below this are not joined. One pair in a hundred of two people scores higher
/// (`models/*.md`), one in twenty to thirty of one person lower: it catches the wrong face picked, and decides nothing about
/// anybody. A model that nobody measured for this is held to the higher one.
fn somebody_else(model: &str) -> f32 {
    if model == "mobilefacenet-512" { 0.3 } else { 0.355 }
}

/// Whether a further photograph may join the template of the first, given how alike templates of this model score (a cosine,
/// -1 to 1); not where they cannot be compared.
pub fn may_join(model: &str, score: Option<f32>) -> bool {
    score.is_some_and(|score| score >= somebody_else(model))
}
