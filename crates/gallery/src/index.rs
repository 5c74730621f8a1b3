//! The exact scan: every template in memory, compared in full precision.

use std::collections::{BTreeMap, HashSet};

use crate::wire::Filters;

/// What the index knows of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The store's record.
    pub record: i64,
    /// The person.
    pub subject: String,
    /// Day of the photograph, if known.
    pub captured_on: Option<String>,
    /// Agency, if known.
    pub agency: Option<String>,
}

/// A row that was found, with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The row.
    pub row: Row,
    /// Similarity score: cosine, -1 to 1.
    pub score: f32,
}

/// The answer of a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Best score first, one row a subject.
    pub found: Vec<Found>,
    /// Rows compared.
    pub scanned: u64,
    /// Rows that filters left out.
    pub filtered_out: u64,
}

/// All templates of one model. Derived from the store's outbox, never the truth.
#[derive(Debug, Default)]
pub struct Index {
    dim: usize,
    rows: BTreeMap<i64, (Row, Vec<f32>)>,
    /// The store's outbox up to here is in the index.
    pub applied: i64,
}

impl Index {
    /// An empty index for templates of `dim` values.
    pub fn new(dim: usize) -> Self {
        Self { dim, ..Self::default() }
    }

    /// Adds a record; one of another length is left out and reported as `false`.
    pub fn add(&mut self, row: Row, values: Vec<f32>) -> bool {
        let fits = values.len() == self.dim;
        if fits {
            self.rows.insert(row.record, (row, values));
        }
        fits
    }

    /// Removes a record.
    pub fn remove(&mut self, record: i64) {
        self.rows.remove(&record);
    }

    /// Records in the index.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The `limit` subjects whose best record scores highest against `probe`, an L2-normalised
    /// template. Equal scores go by record number, so that an answer is always the same.
    pub fn scan(&self, probe: &[f32], filters: &Filters, limit: usize) -> Scan {
        let (mut filtered_out, mut scored) = (0, Vec::with_capacity(self.rows.len()));
        for (record, (row, values)) in &self.rows {
            if passes(row, filters) {
                scored.push((dot(probe, values), *record));
            } else {
                filtered_out += 1;
            }
        }
        let scanned = scored.len() as u64;
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut seen = HashSet::new();
        let found = scored
            .into_iter()
            .filter_map(|(score, record)| self.rows.get(&record).map(|(row, _)| (score, row)))
            .filter(|(_, row)| seen.insert(row.subject.as_str()))
            .take(limit)
            .map(|(score, row)| Found { row: row.clone(), score })
            .collect();
        Scan { found, scanned, filtered_out }
    }
}

/// Unknown values count as matching: a missing date must not hide a person.
fn passes(row: &Row, filters: &Filters) -> bool {
    let day = |wanted: &Option<String>, keep: fn(&str, &str) -> bool| match (wanted, &row.captured_on) {
        (Some(wanted), Some(day)) => keep(day, wanted),
        _ => true,
    };
    day(&filters.captured_from, |day, from| day >= from)
        && day(&filters.captured_until, |day, until| day <= until)
        && (filters.agencies.is_empty() || row.agency.as_ref().is_none_or(|a| filters.agencies.contains(a)))
}

/// Dot product in eight lanes, so that the compiler can use vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(record: i64, subject: &str, captured_on: Option<&str>) -> Row {
        Row { record, subject: subject.to_owned(), captured_on: captured_on.map(str::to_owned), agency: None }
    }

    #[test]
    fn one_row_a_subject_and_unknown_days_pass_filters() {
        let mut index = Index::new(2);
        assert!(index.add(row(1, "a", Some("2020-01-01")), vec![1.0, 0.0]));
        assert!(index.add(row(2, "a", None), vec![0.9, 0.1]));
        assert!(index.add(row(3, "b", None), vec![0.8, 0.1]));
        assert!(!index.add(row(4, "c", None), vec![1.0]));
        let all = index.scan(&[1.0, 0.0], &Filters::default(), 20);
        assert_eq!(all.found.iter().map(|f| f.row.record).collect::<Vec<_>>(), [1, 3]);
        let late = Filters { captured_from: Some("2021-01-01".to_owned()), ..Filters::default() };
        let late = index.scan(&[1.0, 0.0], &late, 20);
        assert_eq!(late.found.iter().map(|f| f.row.record).collect::<Vec<_>>(), [2, 3]);
        assert_eq!((late.scanned, late.filtered_out), (2, 1));
        index.remove(1);
        assert_eq!(index.len(), 2);
    }

    proptest! {
        #[test]
        fn the_scan_equals_a_plain_sort(
            rows in prop::collection::vec((0u8..6, prop::collection::vec(-1.0f32..1.0, 11)), 0..40),
            probe in prop::collection::vec(-1.0f32..1.0, 11),
            limit in 1usize..8,
        ) {
            let mut index = Index::new(11);
            for (at, (subject, values)) in rows.iter().enumerate() {
                index.add(row(at as i64, &subject.to_string(), None), values.clone());
            }
            let mut best: BTreeMap<u8, f64> = BTreeMap::new();
            for (subject, values) in &rows {
                let score: f64 = values.iter().zip(&probe).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                let entry = best.entry(*subject).or_insert(f64::MIN);
                *entry = entry.max(score);
            }
            let mut expected: Vec<f64> = best.into_values().collect();
            expected.sort_by(|a, b| b.total_cmp(a));
            expected.truncate(limit);
            let scan = index.scan(&probe, &Filters::default(), limit);
            prop_assert_eq!(scan.found.len(), expected.len());
            for (found, expected) in scan.found.iter().zip(expected) {
                prop_assert!((f64::from(found.score) - expected).abs() < 1e-5);
            }
        }
    }
}
