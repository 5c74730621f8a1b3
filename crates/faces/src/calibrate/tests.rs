use super::pairs::{Curve, People, bin, score, step};
use super::*;
use crate::Template;

const DIM: usize = 12;

/// People as directions, photographs as directions near them; a worse probe lies further off.
fn people(count: usize, seed: u64) -> (Vec<Enrolled>, Vec<Probe>) {
    let mut random = fastrand::Rng::with_seed(seed);
    // A sum of twelve is nearly normal.
    let mut normal = move || (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
    let template = |values: Vec<f32>| Template::normalised("m", &values).expect("it has a direction").0;
    let (mut enrolled, mut probes) = (Vec::new(), Vec::new());
    for person in 0..count {
        let centre: Vec<f32> = (0..DIM).map(|_| normal()).collect();
        for _ in 0..3 {
            let of = enrolled.len();
            let seen: Vec<f32> = centre.iter().map(|c| c + 0.4 * normal()).collect();
            let worse: Vec<f32> = seen.iter().map(|c| c + 0.7 * normal()).collect();
            probes.push(Probe { of, template: template(seen.clone()), quality: 80 });
            probes.push(Probe { of, template: template(worse), quality: 30 });
            enrolled.push(Enrolled { subject: format!("{person:04}"), template: template(seen) });
        }
    }
    (enrolled, probes)
}

#[test]
fn ratios_are_right_on_people_who_had_no_part_in_them() {
    let (enrolled, probes) = people(160, 3);
    let (c, doubtful) = Calibration::fit(("m", false, "drawn vectors"), &enrolled, &probes).expect("enough people");
    assert_eq!(c.bins.iter().map(|b| (b.from, b.to)).collect::<Vec<_>>(), [(25, 49), (75, 100)]);
    let v = &c.validity;
    assert!(v.cllr_min <= v.cllr && v.cllr < v.cllr_min + 0.05 && v.cllr < 0.5, "{} {}", v.cllr, v.cllr_min);
    assert!(v.cllr_interval[0] < v.cllr && v.cllr < v.cllr_interval[1], "{:?}", v.cllr_interval);
    assert!(v.presence_error.expect("enough searches") < 0.15, "{:?}", v.presence_error);
    // The same score is worth more from the better probe only where its kinds lie further apart; at either it rises.
    for quality in [30, 80] {
        let at = |score| c.strength("m", false, quality, score).expect("measured");
        assert!(at(0.9).ratio > 10.0 && at(0.0).ratio < 0.1, "{:?}", at(0.9));
        assert!(at(0.99).false_above < 1e-3);
        assert!(at(-0.5).false_above > 0.5 && !at(-0.5).beyond, "many score above");
        let falling = (-100..=100).map(|hundredth| at(hundredth as f32 / 100.0).false_above);
        assert!(falling.is_sorted_by(|a, b| a >= b), "a higher score is never more usual by chance");
        assert!(at(1.0).beyond && at(1.0).false_above > 0.0, "none above is not never");
    }
    let most = c.bins[1].most.exp();
    assert!(
        c.strength("m", false, 80, 1.0).expect("measured").ratio <= most + 1e-6,
        "no more than so many people can show"
    );
    assert!(doubtful.iter().all(|d| d.a != d.b));
    let (sure, hopeless) = (c.presence("m", false, 80, &[0.97], 40), c.presence("m", false, 80, &[0.3, 0.2], 40));
    assert!(sure.expect("measured") > 0.9 && hopeless.expect("measured") < 0.2, "{sure:?} {hopeless:?}");
    let many = c.presence("m", false, 80, &[0.9], 1_000_000).expect("measured");
    assert!(
        many < c.presence("m", false, 80, &[0.9], 40).expect("measured"),
        "the same score says less in a larger gallery"
    );
}

#[test]
fn what_was_not_measured_has_no_strength() {
    let (enrolled, probes) = people(40, 5);
    let (c, _) = Calibration::fit(("m", false, "drawn vectors"), &enrolled, &probes).expect("enough people");
    assert!(c.strength("m", false, 80, 0.5).is_some());
    assert_eq!(c.strength("other", false, 80, 0.5), None, "another model");
    assert_eq!(c.strength("m", true, 80, 0.5), None, "another way of encoding");
    assert_eq!(c.strength("m", false, 60, 0.5), None, "no probe had that quality");
    assert_eq!(c.strength("m", false, 80, f32::NAN), None);
    let written = serde_json::to_string(&c).expect("it can be written");
    assert_eq!(written.parse::<Calibration>().expect("and read"), c);
    let (few, probes) = people(3, 5);
    assert_eq!(Calibration::fit(("m", false, "three"), &few, &probes).expect_err("three people"), TooFew::People(3));
    let (once, _) = people(40, 5);
    let once: Vec<Enrolled> = once.into_iter().step_by(3).collect();
    assert_eq!(Calibration::fit(("m", false, "once"), &once, &[]).expect_err("no pairs"), TooFew::Pairs);
}

#[test]
fn one_person_in_two_folders_and_a_stranger_in_one_are_named() {
    let (mut enrolled, mut probes) = people(40, 7);
    // Person 5 stands in a folder of its own a second time; one photograph of person 9 shows somebody else.
    enrolled[15].subject = "0005 again".to_owned();
    let (stranger, _) = people(1, 99);
    enrolled[27].template = stranger[0].template.clone();
    for probe in probes.iter_mut().filter(|p| p.of == 27) {
        probe.template = stranger[0].template.clone();
    }
    let (_, doubtful) = Calibration::fit(("m", false, "mislabelled"), &enrolled, &probes).expect("enough people");
    assert!(
        doubtful.iter().any(|d| !d.same && [d.a, d.b].contains(&15) && [16, 17].iter().any(|x| [d.a, d.b].contains(x)))
    );
    assert!(doubtful.iter().any(|d| d.same && d.a == 27), "{doubtful:?}");
}

#[test]
fn a_file_that_says_what_nobody_measured_is_refused_by_what_it_says() {
    let (enrolled, probes) = people(40, 5);
    let (c, _) = Calibration::fit(("m", false, "drawn vectors"), &enrolled, &probes).expect("enough people");
    let written = serde_json::to_value(&c).expect("it can be written");
    let refused = |place: &str, value: serde_json::Value| {
        let mut changed = written.clone();
        *changed.pointer_mut(place).expect("it is there") = value;
        changed.to_string().parse::<Calibration>().expect_err("refused").to_string()
    };
    for (place, value, says) in [
        ("/bins/0/most", 50.0.into(), "most"),
        ("/bins/0/people", 4000.into(), "people"),
        ("/bins/0/slope", (-3.0).into(), "slope"),
        ("/bins/0/to", 90.into(), "bins"),
        ("/bins", serde_json::json!([]), "bins"),
        ("/bins/0/false_above", serde_json::json!([[0.5, 0.2], [0.6, 0.3]]), "false_above"),
        ("/bins/0/false_above", serde_json::json!([[0.5, 1.2]]), "false_above"),
        ("/measured_on", " ".into(), "measured_on"),
        ("/validity/cllr", (-1.0).into(), "cllr"),
        ("/model", serde_json::Value::Null, "null"),
    ] {
        let refusal = refused(place, value);
        assert!(refusal.contains(says), "{place}: {refusal}");
    }
}

#[test]
fn nothing_mislabelled_is_left_out() {
    let (enrolled, probes) = people(40, 7);
    let (whole, _) = Calibration::fit(("m", false, "right"), &enrolled, &probes).expect("enough people");
    let mut wrong = enrolled.clone();
    wrong[15].subject = "0005 again".to_owned();
    let (told, doubtful) = Calibration::fit(("m", false, "wrong"), &wrong, &probes).expect("enough people");
    assert!(!doubtful.is_empty());
    assert_eq!((told.people, told.photographs), (whole.people + 1, whole.photographs));
    let pairs = |c: &Calibration| c.bins.iter().map(|b| b.mated + b.non_mated).sum::<u64>();
    assert_eq!(pairs(&told), pairs(&whole), "every pair counts, as it is labelled");
}

/// Both kinds of error and their intervals, slowly: for each draw every pair is gone through and counted at every threshold.
#[test]
fn errors_at_each_threshold_are_those_of_a_plain_count() {
    let (enrolled, probes) = people(34, 9);
    let of = People::of(&enrolled);
    let curve = |slope: f64| Some(Curve { slope, offset: -4.0, most: 5.0 });
    // No curve for the worst probes of one half: they are in no figure.
    let curves = [[None, None], [curve(8.0), None], [None, None], [curve(9.0), curve(10.0)]];
    let (cllr, det) = intervals::drawn(&enrolled, &probes, &of, &curves);
    let mut all = Vec::new();
    for probe in &probes {
        for (at, other) in enrolled.iter().enumerate().filter(|(at, _)| *at != probe.of) {
            let (a, b) = (probe.of / 3, at / 3);
            let curve = if a % 2 == b % 2 { curves[bin(probe.quality)][a % 2] } else { None };
            let Some(curve) = curve else { continue };
            let shown = probe.template.score(&other.template).expect("one model");
            all.push((a, b, curve.ratio(score(step(shown)))));
        }
    }
    let counted = |times: &[u32], ratio: f64| {
        let (mut kinds, mut cost) = ([(0.0, 0.0); 2], [0.0; 2]);
        for (a, b, of) in &all {
            let weight = f64::from(times[*a]) * if a == b { 1.0 } else { f64::from(times[*b]) };
            let kind = &mut kinds[usize::from(a == b)];
            *kind = (kind.0 + if of / std::f64::consts::LN_10 > ratio { weight } else { 0.0 }, kind.1 + weight);
            cost[usize::from(a == b)] += weight * (1.0 + if a == b { -of } else { *of }.exp()).log2();
        }
        let cllr = (cost[0] / kinds[0].1 + cost[1] / kinds[1].1) / 2.0;
        (kinds[0].0 / kinds[0].1, 1.0 - kinds[1].0 / kinds[1].1, cllr)
    };
    let draws: Vec<Vec<u32>> = crate::interval::draws(34).collect();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let of_cllr = crate::interval::interval(draws.iter().map(|times| counted(times, 0.0).2).collect());
    assert!(near(of_cllr[0], cllr[0]) && near(of_cllr[1], cllr[1]), "{of_cllr:?} {cllr:?}");
    assert!(det.len() > 5, "{det:?}");
    for trade in det {
        let (accepted, rejected, _) = counted(&[1; 34], trade.ratio);
        assert!(near(accepted, trade.false_accept) && near(rejected, trade.false_reject), "{trade:?}");
        let drawn: Vec<(f64, f64, f64)> = draws.iter().map(|times| counted(times, trade.ratio)).collect();
        let accepts = crate::interval::interval(drawn.iter().map(|d| d.0).collect());
        let rejects = crate::interval::interval(drawn.iter().map(|d| d.1).collect());
        assert!(accepts.iter().zip(trade.false_accept_interval).all(|(a, b)| near(*a, b)), "{trade:?} {accepts:?}");
        let upper = if rejected <= 0.0 { 3.0 / 34.0 } else { rejects[1] };
        assert!(near(rejects[0], trade.false_reject_interval[0]) && near(upper, trade.false_reject_interval[1]));
    }
}

#[test]
fn its_plots_show_what_was_measured() {
    let (enrolled, probes) = people(40, 5);
    let (c, _) = Calibration::fit(("m", false, "drawn vectors"), &enrolled, &probes).expect("enough people");
    for (trade, tippett) in
        c.validity.det.iter().flat_map(|d| Some((d, c.validity.tippett.iter().find(|t| t.ratio == d.ratio)?)))
    {
        assert!(
            (trade.false_accept - tippett.non_mated).abs() < 1e-9
                && (1.0 - trade.false_reject - tippett.mated).abs() < 1e-9
        );
    }
    let drawings = c.drawings();
    assert_eq!(drawings.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["det", "entropy", "tippett"]);
    for drawing in &drawings {
        let svg = drawing.plot.svg();
        assert!(svg.contains("<polyline") && !svg.contains("NaN"), "{svg}");
        assert!(drawing.plot.series.iter().all(|s| !s.line.is_empty() && !s.name.is_empty()));
    }
    // What was never seen is no line at the foot of the plot.
    let mut sure = c.clone();
    sure.validity.det.iter_mut().for_each(|t| (t.false_reject, t.false_reject_interval) = (0.0, [0.0, 0.075]));
    let det = &sure.drawings()[0].plot;
    assert!(det.series[0].line.is_empty() && det.series[0].band.len() == c.validity.det.len() && det.y.from < 0.05);
    assert!(drawings[0].plot.series[0].band.iter().any(|(_, low, high)| low < high), "with its interval");
}
