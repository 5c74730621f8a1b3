//! What the figures rest on: seen and printed by an administrator, and by nobody who only compares faces.

use std::collections::BTreeMap;

use faces::Template;
use faces::evaluate::{Report, Sample};
use serde_json::{Value, json};
use whole_product::detective::{self, SECOND};
use whole_product::station::Station;
use whole_product::window::Window;

const AUDITOR: (&str, &str) = ("A. Auditor", "nine slow barges pass");

/// A report by group as `faces evaluate --out` writes it, of directions instead of faces. Those of group `b` lie nearer to each
/// other, so that more of them are listed for each other; `c` are too few.
fn report() -> String {
    let mut state = 5u64;
    let mut even = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1u64 << 24) as f32
    };
    let mut normal = || (0..12).map(|_| even()).sum::<f32>() - 6.0;
    let (mut samples, mut groups) = (Vec::new(), BTreeMap::new());
    for person in 0..240 {
        let (subject, crowded) = (format!("{person:03}"), person % 2 == 0);
        let mut centre: Vec<f32> = (0..16).map(|_| normal()).collect();
        centre[0] += if crowded { 3.0 } else { 0.0 };
        for _ in 0..3 {
            let values: Vec<f32> = centre.iter().map(|c| c + 0.6 * normal()).collect();
            let length = values.iter().map(|v| v * v).sum::<f32>().sqrt();
            let values = values.iter().map(|v| v / length).collect();
            let template = Template { model: "sface-2021dec".to_owned(), dim: 16, values };
            samples.push(Sample { subject: subject.clone(), template });
        }
        let group = if person < 10 { "c" } else { ["b", "a"][person % 2] };
        groups.insert(subject, vec![("group".to_owned(), group.to_owned())]);
    }
    let report =
        Report { made_on: Some("2026-03-02".to_owned()), ..Report::of_samples("sface-2021dec", &samples, &groups) };
    serde_json::to_string_pretty(&report).unwrap()
}

#[tokio::test]
async fn an_administrator_sees_who_pays_for_which_setting_and_an_examiner_does_not() {
    let station = Station::start().unwrap();
    let (exports, groups) = (station.home().join("exports"), station.home().join("groups"));
    std::fs::create_dir(&exports).unwrap();
    std::fs::write(station.policy(), include_str!("../../assets/policy.toml")).unwrap();
    let w = Window::open(&station, &[]).await.unwrap();
    detective::name_yourself(&w).await.unwrap();

    // Nothing was measured: how it is done stands there.
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=to-validity]").await.unwrap();
    w.wait_text("[data-test=no-report]", "Not measured here").await.unwrap();
    let asked = w.text("[data-test=groups]").await.unwrap();
    assert!(asked.contains("faces evaluate") && asked.contains(&groups.display().to_string()), "{asked}");
    let in_force = w.text("[data-test=calibrations]").await.unwrap();
    for told in
        ["sface-2021dec-thorough.json", "0 to 100", "Labeled Faces in the Wild", "3951 photographs of 1640 people"]
    {
        assert!(in_force.contains(told), "{told}: {in_force}");
    }
    assert_eq!(w.count("[data-test=calibrations] [data-plot]").await.unwrap(), 3);
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());

    // A report, and a file that says what nobody measures.
    std::fs::create_dir(&groups).unwrap();
    std::fs::write(groups.join("spring.json"), report()).unwrap();
    let mut boastful: Value = serde_json::from_str(&report()).unwrap();
    boastful["costs"]["enrolled"] = 2.into();
    std::fs::write(groups.join("boastful.json"), boastful.to_string()).unwrap();
    w.click("[data-test=back]").await.unwrap();
    w.click("[data-test=to-validity]").await.unwrap();
    w.wait_text("[data-test=unread]", "boastful.json").await.unwrap();
    let pays = w.wait_text("[data-test=who-pays]", "times as many").await.unwrap();
    for told in [
        "Today a search has no threshold",
        "list holds 20",
        "other people are listed for “b”",
        "If the threshold were lowered",
    ] {
        assert!(pays.contains(told), "{told}: {pays}");
    }
    assert_eq!(w.count("[data-plot^=groups]").await.unwrap(), 2);
    assert!(w.text("[data-group=c]").await.unwrap().contains("too few people; 30 are needed"));
    assert!(w.violations().await.unwrap().is_empty(), "{:#?}", w.violations().await.unwrap());
    w.choose("[data-test=threshold]", "0").await.unwrap();
    w.wait_text("[data-test=who-pays]", "every list is full").await.unwrap();
    w.click("[data-choice=list]").await.unwrap();
    w.click("[data-test=print-validity]").await.unwrap();
    w.wait_text("[data-test=validity-printed]", "validity.pdf").await.unwrap();
    let paper = exports.join("validity.pdf");
    assert!(std::fs::read(&paper).unwrap().starts_with(b"%PDF-"));
    std::fs::remove_file(&paper).unwrap();
    let view = w.invoke("validity", json!({})).await.unwrap();
    // What was printed is of thorough searches: they stand first.
    let calibrations = view["ok"]["calibrations"].as_array().unwrap();
    let thorough = calibrations.iter().find(|one| one["thorough"] == true).unwrap();
    let calibration = thorough["sha256"].as_str().unwrap().to_owned();
    let unknown = json!({ "calibration": calibration, "groups": "ab".repeat(32) });
    assert_eq!(w.invoke("print_validity", unknown).await.unwrap()["refused"]["code"], "unknown");

    // An auditor may; who only compares faces may not, nor may nobody.
    detective::add_second_examiner(&w).await.unwrap();
    detective::add_person(&w, AUDITOR.0, "7001", "auditor").await.unwrap();
    detective::lock(&w).await.unwrap();
    detective::first_sign_in(&w, AUDITOR).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=to-validity]").await.unwrap();
    w.wait("[data-test=who-pays]").await.unwrap();
    detective::lock(&w).await.unwrap();
    let calls = [
        ("validity", json!({})),
        ("choose_groups", json!({})),
        ("print_validity", json!({ "calibration": calibration, "groups": null })),
    ];
    for (command, arguments) in &calls {
        let refused = w.invoke(command, arguments.clone()).await.unwrap();
        assert_eq!(refused["refused"]["code"], "signed-out", "{command}: {refused}");
    }
    detective::first_sign_in(&w, SECOND).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.wait("[data-test=save-settings]").await.unwrap();
    assert!(!w.has("[data-test=to-validity]").await.unwrap());
    for (command, arguments) in calls {
        let refused = w.invoke(command, arguments).await.unwrap();
        assert_eq!(refused["refused"]["gaps"][0]["place"], "person.roles", "{command}: {refused}");
    }
    assert!(!paper.exists(), "what was refused left a file");
    // What was printed is on record.
    detective::lock(&w).await.unwrap();
    detective::sign_in(&w, AUDITOR.0, AUDITOR.1).await.unwrap();
    w.click("[data-test=to-settings]").await.unwrap();
    w.click("[data-test=export-audit]").await.unwrap();
    w.wait_text("[data-test=audit-exported]", "audit.jsonl").await.unwrap();
    let audit = std::fs::read_to_string(exports.join("audit.jsonl")).unwrap();
    let printed: Vec<&str> = audit.lines().filter(|line| line.contains("validity-printed")).collect();
    assert!(printed.len() == 1 && printed[0].contains(&calibration), "{printed:?}");
    w.kill();
}
