//! The sources say what the catalogue has, and nothing beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use catalogue::{FILES, say};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Programs for developers, and people who don't exist, say what nobody else reads.
const SILENT: [&str; 4] = ["catalogue", "convnet", "personae", "xtask"];

/// The production sources, with their paths from the root.
fn sources() -> anyhow::Result<Vec<(String, TokenStream)>> {
    let mut folders = vec![root().join("src-tauri/src")];
    for room in std::fs::read_dir(root().join("crates"))? {
        let room = room?.path();
        let name = room.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !SILENT.contains(&name.as_str()) {
            folders.push(room.join("src"));
        }
    }
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "samples" {
                folders.push(path);
            } else if name.ends_with(".rs") && !["tests.rs", "samples.rs"].contains(&name.as_str()) {
                let text = std::fs::read_to_string(&path)?;
                let tokens = text.parse().map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
                found.push((path.strip_prefix(root())?.display().to_string(), tokens));
            }
        }
    }
    anyhow::ensure!(found.len() > 150, "only {} sources were found", found.len());
    Ok(found)
}

fn names_in(pattern: &Pattern<String>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression: Expression::Inline(inline) } => name_in(inline, names),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                name_in(selector, names);
                for variant in variants {
                    names_in(&variant.value, names);
                }
            }
        }
    }
}

fn name_in(inline: &InlineExpression<String>, names: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            names.insert(id.name.clone());
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inner) = expression.as_ref() {
                name_in(inner, names);
            }
        }
        _ => {}
    }
}

/// Each code with what it is given.
fn catalogue() -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let mut all = BTreeMap::new();
    for (name, text) in FILES {
        let resource = fluent_syntax::parser::parse((*text).to_owned())
            .map_err(|(_, errors)| anyhow::anyhow!("{name}.ftl: {errors:?}"))?;
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let code = message.id.name;
                let mut names = BTreeSet::new();
                names_in(&message.value.with_context(|| format!("{code} has no words"))?, &mut names);
                anyhow::ensure!(code.starts_with(&format!("{name}-")), "{code} stands in {name}.ftl");
                anyhow::ensure!(all.insert(code.clone(), names).is_none(), "{code} stands there twice");
            }
        }
    }
    Ok(all)
}

fn text(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    let written = literal.to_string();
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.replace("\\\"", "\"").replace("\\n", "\n"))
}

fn is(token: Option<&TokenTree>, word: &str) -> bool {
    token.is_some_and(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Punct(punct) => word.len() == 1 && word.starts_with(punct.as_char()),
        _ => false,
    })
}

/// What is said: `say!` with its code and the names of what it is given.
fn said(tokens: &TokenStream, found: &mut Vec<(String, BTreeSet<String>)>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        said(&group.stream(), found);
        if at < 2 || !is(tokens.get(at - 1), "!") || !is(tokens.get(at - 2), "say") {
            continue;
        }
        let inside: Vec<TokenTree> = group.stream().into_iter().collect();
        let code = inside.first().and_then(text).unwrap_or_else(|| "?".to_owned());
        let given = inside.iter().enumerate().filter(|(at, _)| *at > 0 && is(inside.get(at - 1), ","));
        let names = given.filter_map(|(at, token)| {
            let ends = matches!(inside.get(at + 1), None | Some(TokenTree::Punct(_)));
            ends.then(|| token.to_string())
        });
        found.push((code, names.collect()));
    }
}

/// Whoever reads what these hold looks into a log, a database or the program.
const UNSEEN: [&str; 23] = [
    "assert",
    "assert_eq",
    "concat",
    "debug",
    "debug_assert",
    "debug_span",
    "env",
    "error",
    "event",
    "include_str",
    "info",
    "info_span",
    "matches",
    "offer",
    "panic",
    "regex",
    "say",
    "stringify",
    "todo",
    "trace",
    "unreachable",
    "warn",
    "with_template",
];

/// What reads like a sentence.
fn sentence(text: &str) -> bool {
    let words = |text: &str| {
        let mut words = text.split(' ').filter(|w| !w.is_empty());
        let plain = |w: &str| {
            let bare = w.trim_matches(|c: char| ".,;:()“”!?".contains(c));
            bare.chars().count() > 1 && bare.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
        };
        let all: Vec<&str> = words.by_ref().collect();
        all.windows(2).any(|pair| matches!(pair, [a, b] if plain(a) && plain(b)))
    };
    let sql = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "PRAGMA", "BEGIN", "FROM ", "VACUUM", "ATTACH", "ALTER",
        "DROP", "COMMIT", "ROLLBACK", "WITH ", "LOCK ", "SET ", "TRUNCATE",
    ];
    let shape = text.trim_start().trim_start_matches('(');
    words(text) && !sql.iter().any(|word| shape.starts_with(word)) && !text.contains("*, ") && !text.starts_with('<')
}

/// Lists of words that are looked for, what is written into generated sources, names of ways out that tests try, and what
/// is kept, digested or read by programs: those would not be found again under other words.
const NOT_SAID: [(&str, &str); 14] = [
    ("probe/says.rs", "capture one"),
    ("probe/says.rs", "stable diffusion"),
    ("case/basis.rs", "a an the"),
    ("results/rested.rs", "face recognition"),
    ("case/basis.rs", "march union"),
    ("case/basis.rs", "st street"),
    ("case/basis.rs", "credit western"),
    ("src-tauri/src/bindings.rs", ""),
    ("faces/src/sandbox.rs", ""),
    ("store/limits.rs", "agency = $1"),
    ("store/expunge.rs", "subject of {agency}"),
    ("service/src/serving.rs", "listening on {}"),
    // Read by programs, as their formats fix them.
    ("server/search.rs", "signed by key"),
    ("server/search.rs", "signature refused"),
];

/// What reads like words for a person and stands outside of the catalogue.
fn left(tokens: &TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if is(Some(token), "#") {
            let inner = if is(tokens.get(at), "!") { at + 1 } else { at };
            if let Some(TokenTree::Group(attribute)) = tokens.get(inner)
                && attribute.delimiter() == Delimiter::Bracket
            {
                let inside = attribute.stream().to_string().replace(' ', "");
                at = inner + 1;
                if inside.starts_with("error(") {
                    left(&attribute.stream(), found);
                } else if inside == "cfg(test)" {
                    // Whatever it stands before is a test's.
                    while let Some(token) = tokens.get(at) {
                        at += 1;
                        let brace = matches!(token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
                        if brace || is(Some(token), ";") {
                            break;
                        }
                    }
                }
                continue;
            }
        }
        match token {
            TokenTree::Group(group) => {
                let unseen =
                    at >= 3 && is(tokens.get(at - 2), "!") && UNSEEN.iter().any(|name| is(tokens.get(at - 3), name));
                let expected = at >= 2 && is(tokens.get(at - 2), "expect");
                if !unseen && !expected {
                    left(&group.stream(), found);
                }
            }
            TokenTree::Literal(_) => found.extend(text(token).filter(|text| sentence(text))),
            _ => {}
        }
    }
}

#[test]
fn every_code_that_is_said_has_a_text_and_no_other_is_there() -> anyhow::Result<()> {
    let known = catalogue()?;
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (path, tokens) in sources()? {
        let mut found = Vec::new();
        said(&tokens, &mut found);
        for (code, given) in found {
            match known.get(&code) {
                None => wrong.push(format!("{path}: {code} has no text")),
                Some(names) if *names != given => {
                    wrong.push(format!("{path}: {code} takes {names:?} and is given {given:?}"));
                }
                Some(_) => {}
            }
            used.insert(code);
        }
    }
    wrong.extend(known.keys().filter(|code| !used.contains(*code)).map(|code| format!("nobody says {code}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn every_sentence_of_the_program_stands_in_the_catalogue() -> anyhow::Result<()> {
    let mut outside = Vec::new();
    for (path, tokens) in sources()? {
        let mut found = Vec::new();
        left(&tokens, &mut found);
        found.retain(|text| !NOT_SAID.iter().any(|(file, begins)| path.ends_with(file) && text.starts_with(begins)));
        outside.extend(found.into_iter().map(|text| format!("{path}: {text}")));
    }
    assert!(outside.is_empty(), "{} sentences\n{}", outside.len(), outside.join("\n"));
    Ok(())
}

#[test]
fn a_text_is_filled_in_and_nothing_is_around_it() {
    let name = "⟨{ $name }⟩";
    assert_eq!(say!("people-confirmed-badge", name, badge = "007"), "Confirmed by ⟨{ $name }⟩, badge 007.");
    assert_eq!(say!("service-longer-than-bytes", limit = 1_234_567_usize), "it is longer than 1234567 bytes");
    assert_eq!(say!("service-longer-than-bytes", limit = u64::MAX), format!("it is longer than {} bytes", u64::MAX));
    assert_eq!(say!("people-access-follows-role"), "Access follows the role.");
    assert_eq!(catalogue::words("no-such-code"), "no-such-code");
}

#[test]
fn what_looks_for_sentences_finds_them() -> anyhow::Result<()> {
    let found = |text: &str| -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        left(&text.parse().map_err(|e| anyhow::anyhow!("{e}"))?, &mut found);
        Ok(found)
    };
    assert_eq!(found(r#"fn a() -> &str { "Read this first" }"#)?, ["Read this first"]);
    assert_eq!(found(r##"#[error("it broke off {0}")] struct A; /// A comment that is long."##)?, ["it broke off {0}"]);
    assert_eq!(
        found(r#"#[cfg(test)] mod tests { fn a() { b("Not this one") } } fn c() { d!("But this one") }"#)?,
        ["But this one"]
    );
    assert!(
        found(r#"fn a() { say!("a-code"); tracing::info!("a connection ended"); "SELECT a thing FROM it" }"#)?
            .is_empty()
    );
    Ok(())
}
