use serde::{Deserialize, Serialize};

/// A face as numbers. Two templates of one model are compared by their dot product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// Id of the embedding model.
    pub model: String,
    /// Length.
    pub dim: usize,
    /// L2-normalised values.
    pub values: Vec<f32>,
}

impl Template {
    /// Normalises a raw embedding; also gives its length before, a measure of quality.
    /// `None` when it has no direction.
    pub(crate) fn normalised(model: &str, raw: &[f32]) -> Option<(Self, f32)> {
        let norm = raw.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if !(norm.is_finite() && norm > 1e-6) {
            return None;
        }
        let values: Vec<f32> = raw.iter().map(|v| (f64::from(*v) / norm) as f32).collect();
        Some((Self { model: model.to_owned(), dim: values.len(), values }, norm as f32))
    }

    /// One template of several photographs of the same person, each with a weight above 0; for instance the
    /// embedding's length, which tells how much of a face the model saw. `None` without photographs, for
    /// different models, or when they cancel out.
    pub fn fused(parts: &[(&Template, f32)]) -> Option<Self> {
        let (first, _) = parts.first()?;
        let mut sum = vec![0.0; first.values.len()];
        for (part, weight) in parts {
            if part.model != first.model || part.values.len() != sum.len() {
                return None;
            }
            for (sum, value) in sum.iter_mut().zip(&part.values) {
                *sum += value * weight;
            }
        }
        Some(Self::normalised(&first.model, &sum)?.0)
    }

    /// Similarity score: cosine, -1 to 1. `None` when the models differ.
    pub fn score(&self, other: &Template) -> Option<f32> {
        (self.model == other.model && self.values.len() == other.values.len())
            .then(|| self.values.iter().zip(&other.values).map(|(a, b)| a * b).sum())
    }
}
