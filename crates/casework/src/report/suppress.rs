//! Which groups of people a report does not tell.
//!
//! A cell of 1 to 4 people is not told, and neither is what gives it away: not by subtraction within a table (complementary
//! suppression), and not by subtraction from reports that were made before. What a reader can work out by adding and subtracting is
//! the row space of all that was told; a group of people that lies in it is told. (Willenborg and de Waal, Elements of Statistical
//! Disclosure Control, 2001, chapter 4.)

use department::Day;
use serde::{Deserialize, Serialize};

use super::measure::{Dimension, Item};
use crate::results::{ResultKind, Span};

/// Fewest people of a group that is told.
pub const LEAST_TOLD: usize = 5;
/// Below this a coefficient is no coefficient.
const NOTHING: f64 = 1e-7;
/// Up to so many parts of time, groups over two stretches of them are looked at as well; above, over one.
const FEW_PARTS: usize = 12;
/// Above so many parts of time nothing is told of groups: nobody could say in a reasonable time what it gives away.
const MOST_PARTS: usize = 60;

/// A cell as a report tells it: how many results of some kinds concern people of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// By what the table is broken down.
    pub dimension: Dimension,
    /// Kinds of result that it counts.
    pub kinds: Vec<ResultKind>,
    /// The days of the report.
    pub span: Span,
    /// The group, by its code; the whole table's total where there is none.
    pub group: Option<String>,
    /// The number, where it was told.
    pub count: Option<usize>,
}

/// A table that is about to be told: one row a group.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) kinds: Vec<ResultKind>,
    pub(super) counts: Vec<usize>,
    pub(super) told: Vec<bool>,
}

/// Everything that a reader knows of one dimension: the unknown numbers are results by kinds, group and days between two of the
/// boundaries of all reports.
struct Reader<'a> {
    dimension: Dimension,
    groups: &'a [String],
    /// First days of the parts of time, and the day after the last.
    days: Vec<Day>,
    /// Kinds that always stand together.
    kinds: Vec<Vec<ResultKind>>,
}

type Equation = Vec<f64>;

impl Reader<'_> {
    fn parts(&self) -> usize {
        self.days.len().saturating_sub(1)
    }

    fn unknowns(&self) -> usize {
        self.kinds.len() * self.groups.len() * self.parts()
    }

    fn at(&self, kind: usize, group: usize, part: usize) -> usize {
        (kind * self.groups.len() + group) * self.parts() + part
    }

    /// The numbers that a cell adds up.
    fn equation(&self, kinds: &[ResultKind], span: &Span, group: Option<usize>) -> Equation {
        let mut equation = vec![0.0; self.unknowns()];
        for (kind, together) in self.kinds.iter().enumerate() {
            if !together.first().is_some_and(|first| kinds.contains(first)) {
                continue;
            }
            for part in (0..self.parts()).filter(|part| span.holds(self.days[*part])) {
                for one in (0..self.groups.len()).filter(|one| group.is_none_or(|group| group == *one)) {
                    equation[self.at(kind, one, part)] = 1.0;
                }
            }
        }
        equation
    }

    /// What a told number says: the sum itself, and of nobody that each part of it is nobody.
    fn says(&self, kinds: &[ResultKind], span: &Span, group: Option<usize>, count: usize) -> Vec<Equation> {
        let sum = self.equation(kinds, span, group);
        if count > 0 {
            return vec![sum];
        }
        let one = |at: usize| {
            let mut part = vec![0.0; sum.len()];
            part[at] = 1.0;
            part
        };
        (0..sum.len()).filter(|at| sum[*at] > 0.5).map(one).collect()
    }

    /// Every unknown number itself.
    fn numbers(&self, items: &[Item<'_>]) -> Vec<usize> {
        let mut numbers = vec![0; self.unknowns()];
        for item in items {
            let group = item.group(self.dimension).0;
            let group = self.groups.iter().position(|one| *one == group);
            let kind = item.kind.and_then(|kind| self.kinds.iter().position(|together| together.contains(&kind)));
            let part = (0..self.parts()).find(|part| self.days[*part] <= item.day && item.day < self.days[part + 1]);
            if let (Some(kind), Some(group), Some(part)) = (kind, group, part) {
                numbers[self.at(kind, group, part)] += 1;
            }
        }
        numbers
    }
}

/// Row-reduced equations: what can be worked out from them.
struct Known(Vec<(usize, Equation)>);

impl Known {
    fn of(equations: impl IntoIterator<Item = Equation>) -> Self {
        let mut known = Self(Vec::new());
        for equation in equations {
            let rest = known.rest(equation);
            let Some(pivot) = rest.iter().position(|value| value.abs() > NOTHING) else { continue };
            let by = rest[pivot];
            let rest: Equation = rest.into_iter().map(|value| value / by).collect();
            for (_, row) in &mut known.0 {
                let times = row[pivot];
                if times.abs() > NOTHING {
                    row.iter_mut().zip(&rest).for_each(|(value, other)| *value -= times * other);
                }
            }
            known.0.push((pivot, rest));
        }
        known
    }

    fn rest(&self, mut equation: Equation) -> Equation {
        for (pivot, row) in &self.0 {
            let times = equation[*pivot];
            if times.abs() > NOTHING {
                equation.iter_mut().zip(row).for_each(|(value, other)| *value -= times * other);
            }
        }
        equation
    }

    fn tells(&self, equation: Equation) -> bool {
        self.rest(equation).iter().all(|value| value.abs() <= NOTHING)
    }
}

/// Decides which cells of `tables`, all of one `dimension` over the `groups` and the days of `span`, are told, after what `earlier`
/// reports told. `items` are all results of any day.
pub(super) fn suppress(
    dimension: Dimension,
    groups: &[String],
    span: &Span,
    tables: &mut [Table],
    earlier: &[Told],
    items: &[Item<'_>],
) {
    for table in tables.iter_mut() {
        table.told = table.counts.iter().map(|count| *count == 0 || *count >= LEAST_TOLD).collect();
        widen(table);
    }
    let earlier = beside(span, earlier.iter().filter(|one| one.dimension == dimension).collect());
    for table in tables.iter_mut() {
        hide_what_came_since(table, groups, span, &earlier);
    }
    let reader = Reader {
        dimension,
        groups,
        days: boundaries(earlier.iter().map(|one| one.span).chain([*span])),
        kinds: together(
            earlier.iter().map(|one| one.kinds.as_slice()).chain(tables.iter().map(|t| t.kinds.as_slice())),
        ),
    };
    if reader.parts() > MOST_PARTS {
        tables.iter_mut().for_each(|table| table.told.fill(false));
        return;
    }
    let told_before = earlier.iter().filter_map(|one| {
        let group = match &one.group {
            None => None,
            Some(code) => Some(groups.iter().position(|group| group == code)?),
        };
        Some(reader.says(&one.kinds, &one.span, group, one.count?))
    });
    let before: Vec<Equation> = told_before.flatten().collect();
    let secrets = secrets(&reader, tables, &earlier, items);
    loop {
        let told = told(&reader, span, tables);
        let known = Known::of(before.iter().cloned().chain(told));
        let Some((group, _)) = secrets.iter().find(|(_, secret)| known.tells(secret.clone())) else { return };
        if !hide_one(tables, *group) {
            return;
        }
    }
}

/// Of `earlier` reports those whose days overlap with these, or with those of another that does.
fn beside<'a>(span: &Span, mut earlier: Vec<&'a Told>) -> Vec<&'a Told> {
    let (mut found, mut spans) = (Vec::new(), vec![*span]);
    while let Some(reached) = spans.pop() {
        let overlaps = |one: &&Told| one.span.from <= reached.to && reached.from <= one.span.to;
        let (near, far): (Vec<&Told>, Vec<&Told>) = earlier.into_iter().partition(overlaps);
        spans.extend(near.iter().map(|one| one.span));
        found.extend(near);
        earlier = far;
    }
    found
}

/// Hides a cell that a report over the same days told before by a number that is now another one by few people: what came since, or was
/// corrected, is somebody.
fn hide_what_came_since(table: &mut Table, groups: &[String], span: &Span, earlier: &[&Told]) {
    for (at, group) in groups.iter().enumerate() {
        let same = |one: &&&Told| one.kinds == table.kinds && one.span == *span && one.group.as_ref() == Some(group);
        let changed =
            |one: &Told| one.count.is_some_and(|before| (1..LEAST_TOLD).contains(&before.abs_diff(table.counts[at])));
        if earlier.iter().filter(same).any(|one| changed(one)) {
            table.told[at] = false;
        }
    }
    widen(table);
}

/// Hides further cells of a table in which what is hidden could be worked out from its total, the smallest first.
fn widen(table: &mut Table) {
    loop {
        let hidden: Vec<usize> = (0..table.counts.len()).filter(|at| !table.told[*at]).collect();
        let people: usize = hidden.iter().map(|at| table.counts[*at]).sum();
        if hidden.is_empty() || (hidden.len() > 1 && people >= LEAST_TOLD) {
            return;
        }
        let next = (0..table.counts.len()).filter(|at| table.told[*at]);
        // A group without anybody hides nobody: it is taken last.
        let Some(next) = next.min_by_key(|at| (table.counts[*at] == 0, table.counts[*at])) else { return };
        table.told[next] = false;
    }
}

/// Hides one more cell: of the group itself, the smallest; else the smallest of all. Whether there was one.
fn hide_one(tables: &mut [Table], group: usize) -> bool {
    let cells = tables.iter().enumerate().flat_map(|(table, t)| (0..t.counts.len()).map(move |at| (table, at)));
    let open: Vec<(usize, usize)> = cells.filter(|(table, at)| tables[*table].told[*at]).collect();
    let key = |(table, at): &(usize, usize)| (*at != group, tables[*table].counts[*at]);
    let Some((table, at)) = open.into_iter().min_by_key(key) else { return false };
    tables[table].told[at] = false;
    widen(&mut tables[table]);
    true
}

fn told(reader: &Reader<'_>, span: &Span, tables: &[Table]) -> Vec<Equation> {
    let mut told = Vec::new();
    for table in tables {
        told.extend(reader.says(&table.kinds, span, None, table.counts.iter().sum()));
        let open = (0..table.counts.len()).filter(|at| table.told[*at]);
        told.extend(open.flat_map(|at| reader.says(&table.kinds, span, Some(at), table.counts[at])));
    }
    told
}

/// Every group of few people within one or two stretches of time, for kinds that some table counts.
fn secrets(reader: &Reader<'_>, tables: &[Table], earlier: &[&Told], items: &[Item<'_>]) -> Vec<(usize, Equation)> {
    let mut kinds: Vec<&[ResultKind]> = reader.kinds.iter().map(Vec::as_slice).collect();
    kinds.extend(tables.iter().map(|table| table.kinds.as_slice()));
    kinds.extend(earlier.iter().map(|one| one.kinds.as_slice()));
    kinds.sort();
    kinds.dedup();
    let parts = reader.parts();
    let mut stretches: Vec<Vec<bool>> = Vec::new();
    let within = |from: usize, to: usize, part: usize| from <= part && part <= to;
    for from in 0..parts {
        for to in from..parts {
            stretches.push((0..parts).map(|part| within(from, to, part)).collect());
            for again in (to + 2..parts).filter(|_| parts <= FEW_PARTS) {
                for end in again..parts {
                    let two = |part| within(from, to, part) || within(again, end, part);
                    stretches.push((0..parts).map(two).collect());
                }
            }
        }
    }
    let numbers = reader.numbers(items);
    let mut secrets = Vec::new();
    for kinds in kinds {
        let counted = |together: &[ResultKind]| together.first().is_some_and(|first| kinds.contains(first));
        let counted: Vec<usize> = (0..reader.kinds.len()).filter(|kind| counted(&reader.kinds[*kind])).collect();
        for group in 0..reader.groups.len() {
            for stretch in &stretches {
                let within = (0..parts).filter(|part| stretch[*part]);
                let cells: Vec<usize> =
                    within.flat_map(|part| counted.iter().map(move |kind| reader.at(*kind, group, part))).collect();
                if (1..LEAST_TOLD).contains(&cells.iter().map(|cell| numbers[*cell]).sum()) {
                    let mut equation = vec![0.0; reader.unknowns()];
                    cells.into_iter().for_each(|cell| equation[cell] = 1.0);
                    secrets.push((group, equation));
                }
            }
        }
    }
    secrets
}

/// First days of the parts into which the days of all reports fall, and the day after the last.
fn boundaries(spans: impl Iterator<Item = Span>) -> Vec<Day> {
    let mut days: Vec<Day> =
        spans.flat_map(|span| [Some(span.from), span.to.0.tomorrow().ok().map(Day)]).flatten().collect();
    days.sort();
    days.dedup();
    days
}

/// Kinds that stand together in every table, so that no reader can tell them apart.
fn together<'a>(tables: impl Iterator<Item = &'a [ResultKind]>) -> Vec<Vec<ResultKind>> {
    let tables: Vec<&[ResultKind]> = tables.collect();
    let mut found: Vec<(Vec<bool>, Vec<ResultKind>)> = Vec::new();
    for kind in ResultKind::ALL {
        let stands: Vec<bool> = tables.iter().map(|table| table.contains(&kind)).collect();
        if !stands.contains(&true) {
            continue;
        }
        match found.iter_mut().find(|(known, _)| *known == stands) {
            Some((_, kinds)) => kinds.push(kind),
            None => found.push((stands, vec![kind])),
        }
    }
    found.into_iter().map(|(_, kinds)| kinds).collect()
}
