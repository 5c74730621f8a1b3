use std::fmt::Write as _;

use casework::{Answer, Dimension, Filled, Report, Row};
use catalogue::say;

use crate::{Block, Drawn, Paper};

/// Most bars of a chart; longer tables have none.
const MOST_BARS: usize = 14;
/// Height of a bar's row and width of the whole, in SVG units.
const ROW: usize = 22;
const WIDTH: usize = 480;
/// Where bars begin, and the longest.
const LEFT: usize = 190;
const LONGEST: usize = 240;
/// Most letters of a bar's name.
const NAME: usize = 30;

/// A report that a law asks for, on paper; `sha256` is that of its JSON.
pub fn public_report(report: &Report, sha256: &str) -> Paper {
    let mut blocks = vec![Block::Facts {
        pairs: [
            (say!("paper-report-law"), report.law.clone()),
            (
                say!("paper-report-days"),
                say!("paper-report-from-to", from = report.from, to = report.to, zone = report.time_zone),
            ),
            (say!("paper-report-covers"), report.covers.join("; ")),
            (
                say!("paper-report-made"),
                say!(
                    "paper-report-made-by",
                    at = report.made_at.in_zone(&report.time_zone),
                    name = report.made_by.name,
                    badge = report.made_by.badge
                ),
            ),
            (say!("paper-report-file"), sha256.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
    }];
    for field in &report.fields {
        blocks.extend(filled(field, report.least_told));
    }
    blocks.push(Block::heading(say!("paper-report-log")));
    blocks.push(Block::text(match &report.checkpoint {
        Some(checkpoint) => say!("paper-report-checkpoint", checkpoint = checkpoint.trim_end()),
        None => say!("paper-report-no-checkpoint").to_owned(),
    }));
    Paper {
        department: report.department.clone(),
        title: report.title.clone(),
        subtitle: say!("paper-report-subtitle", from = report.from, to = report.to),
        draft: String::new(),
        statement: say!("paper-report-statement").to_owned(),
        footer: say!("paper-report-footer", pack = report.pack, made_on = report.made_at.day_in(&report.time_zone)),
        blocks,
    }
}

fn filled(field: &Filled, least: usize) -> Vec<Block> {
    let mut blocks = vec![Block::heading(&field.title), Block::text(say!("paper-report-asks", asks = field.asks))];
    if !field.definition.is_empty() {
        blocks.push(Block::text(say!("paper-report-counted", definition = field.definition)));
    }
    match &field.answer {
        Answer::Count { count } => {
            blocks.push(Block::Facts { pairs: vec![(say!("paper-report-number").to_owned(), count.to_string())] });
        }
        Answer::Facts { lines } if lines.is_empty() => blocks.push(Block::text(say!("paper-report-none"))),
        Answer::Facts { lines } => blocks.push(Block::List { items: lines.clone() }),
        Answer::NotRecorded { because } => {
            blocks.push(Block::Warning { text: say!("paper-report-not-recorded", because) });
        }
        Answer::Table { by, rows, total } => blocks.extend(table(field, by, rows, *total, least)),
    }
    blocks
}

fn table(field: &Filled, by: &[Dimension], rows: &[Row], total: usize, least: usize) -> Vec<Block> {
    if rows.is_empty() {
        return vec![Block::text(say!("paper-report-none"))];
    }
    let mut blocks = Vec::new();
    if by.len() == 1 && rows.len() <= MOST_BARS && rows.iter().any(|row| row.count.is_some_and(|count| count > 0)) {
        let says = say!("paper-report-bars", title = field.title);
        blocks.push(Block::Plots { plots: vec![Drawn { svg: bars(rows), name: field.code.clone(), says }] });
    }
    let number =
        |count: Option<usize>| count.map_or_else(|| say!("paper-report-not-told").to_owned(), |n| n.to_string());
    let mut lines: Vec<Vec<String>> =
        rows.iter().map(|row| row.words.iter().cloned().chain([number(row.count)]).collect()).collect();
    let mut last = vec![say!("paper-report-total").to_owned()];
    last.resize(by.len(), String::new());
    last.push(total.to_string());
    lines.push(last);
    let header = by.iter().map(|one| one.in_words().to_owned()).chain([say!("paper-report-number").to_owned()]);
    let wide = if by.len() == 1 { vec![75, 25] } else { vec![45, 35, 20] };
    blocks.push(Block::Table { header: header.collect(), widths: wide, rows: lines });
    if rows.iter().any(|row| row.count.is_none()) {
        blocks.push(Block::text(say!("paper-report-hidden", least)));
    }
    blocks
}

/// Bars, longest at full width; one that is not told is an empty frame.
fn bars(rows: &[Row]) -> String {
    let height = rows.len() * ROW + 8;
    let most = rows.iter().filter_map(|row| row.count).max().unwrap_or(0).max(1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">"
    );
    for (at, row) in rows.iter().enumerate() {
        let (top, name) = (4 + at * ROW, short(&row.words.join(", ")));
        let middle = top + 14;
        _ = write!(
            svg,
            "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\" font-size=\"11\" font-family=\"sans-serif\">{name}</text>",
            LEFT - 6
        );
        let (length, style, says) = match row.count {
            Some(count) => (LONGEST * count / most, "fill=\"#0072b2\"", count.to_string()),
            None => (
                40,
                "fill=\"none\" stroke=\"#555555\" stroke-dasharray=\"3 2\"",
                say!("paper-report-not-told").to_owned(),
            ),
        };
        _ = write!(
            svg,
            "<rect x=\"{LEFT}\" y=\"{}\" width=\"{length}\" height=\"{}\" {style}/><text x=\"{}\" y=\"{middle}\" \
             font-size=\"11\" font-family=\"sans-serif\">{}</text>",
            top + 2,
            ROW - 6,
            LEFT + length + 6,
            escaped(&says)
        );
    }
    svg + "</svg>"
}

fn short(name: &str) -> String {
    let mut letters: String = name.chars().take(NAME).collect();
    if name.chars().count() > NAME {
        letters.push('…');
    }
    escaped(&letters)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
