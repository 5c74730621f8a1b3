//! The vectors of `docs/formats/key.md`: what they hold is what the program says, and what the test makes is what they hold.
//! `CORROBORATE_WRITE_VECTORS=1` writes them anew.

use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use relay::keyfile::{KeyFile, KeyFileError};
use serde_json::{Value, json};

const ABOUT: &str =
    "Keys, salts and nonces of these vectors are made from small numbers. Trust nothing that they sign.";

fn path() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../docs/formats/vectors/key.json"].iter().collect()
}

/// What a reader says of a file and a passphrase.
fn said(file: &str, passphrase: &str) -> (&'static str, Option<&'static str>, Option<String>) {
    match KeyFile::read(file).and_then(|read| read.unwrap(passphrase)) {
        Ok(secret) => ("accepted", None, Some(hex::encode(secret.to_bytes()))),
        Err(KeyFileError::Closed) => ("refused", Some("closed"), None),
        Err(KeyFileError::Malformed(_)) => ("refused", Some("malformed"), None),
        Err(other) => panic!("{other}"),
    }
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn wrapped(n: u8, passphrase: &str) -> String {
    KeyFile::wrapped(&key(n), passphrase, [n; 16], [n.wrapping_add(1); 24]).unwrap().text().unwrap()
}

fn made() -> Vec<(String, String, String, &'static str)> {
    let mut all = Vec::new();
    let typed = "correct horse battery";
    let base = wrapped(7, typed);
    let mut put = |name: &str, file: String, passphrase: &str, wanted: &'static str| {
        all.push((name.to_owned(), file, passphrase.to_owned(), wanted));
    };
    put("as it is written", base.clone(), typed, "accepted");
    put("a line feed ends it", format!("{base}\n"), typed, "accepted");
    for (n, passphrase) in [
        (8, "a"),
        (9, "  blanks around  "),
        (10, "contraseña número uno"),
        (11, "пароль из слов"),
        (12, "パスワード四つ"),
        (13, "🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑"),
        (255, "tab\tand \u{a0} and \u{2003}"),
    ] {
        put(&format!("passphrase {n}"), wrapped(n, passphrase), passphrase, "accepted");
    }
    let long = "long ".repeat(400);
    put("a long passphrase", wrapped(14, &long), &long, "accepted");
    put("composed and typed decomposed", wrapped(15, "caf\u{e9} au lait noir"), "cafe\u{301} au lait noir", "accepted");
    put("decomposed and typed composed", wrapped(16, "cafe\u{301} au lait noir"), "caf\u{e9} au lait noir", "accepted");
    for wrong in
        ["", "Correct horse battery", "correct horse battery ", "correct  horse battery", "correct horse batterz"]
    {
        put(&format!("another passphrase {wrong:?}"), base.clone(), wrong, "closed");
    }
    put("compatibility forms are not the same", wrapped(17, "ﬁle of four words"), "file of four words", "closed");
    let value: Value = serde_json::from_str(&base).unwrap();
    let with = |field: &str, text: &str| {
        let mut value = value.clone();
        value[field] = json!(text);
        serde_json_canonicalizer::to_string(&value).unwrap()
    };
    let text = |field: &str| value[field].as_str().unwrap().to_owned();
    for (field, places) in
        [("sealed", vec![0, 1, 31, 63, 64, 65, 95]), ("salt", vec![0, 31]), ("nonce", vec![0, 24, 47])]
    {
        for at in places {
            let mut digits: Vec<char> = text(field).chars().collect();
            digits[at] = if digits[at] == '0' { '1' } else { '0' };
            put(&format!("{field}, digit {at}"), with(field, &digits.iter().collect::<String>()), typed, "closed");
        }
    }
    let other: Value = serde_json::from_str(&wrapped(8, typed)).unwrap();
    for field in ["key", "nonce", "salt", "sealed"] {
        put(&format!("another's {field}"), with(field, other[field].as_str().unwrap()), typed, "closed");
    }
    put("key of zeros sealed", with("sealed", &"0".repeat(96)), typed, "closed");
    for field in ["key", "nonce", "salt", "sealed"] {
        let whole = text(field);
        for (how, wrong) in [
            ("empty", String::new()),
            ("one digit short", whole[1..].to_owned()),
            ("a byte short", whole[2..].to_owned()),
            ("a byte long", format!("{whole}00")),
            ("a blank before", format!(" {whole}")),
            ("no digit", format!("g{}", &whole[1..])),
            ("another alphabet", format!("{}١", &whole[1..])),
            ("capital letters", format!("A{}", &whole[1..])),
        ] {
            put(&format!("{field}, {how}"), with(field, &wrong), typed, "malformed");
        }
        let mut none = value.clone();
        none.as_object_mut().unwrap().remove(field);
        put(&format!("no {field}"), serde_json_canonicalizer::to_string(&none).unwrap(), typed, "malformed");
        for (how, of) in [("null", Value::Null), ("a number", json!(7)), ("a list", json!([7]))] {
            let mut wrong = value.clone();
            wrong[field] = of;
            put(&format!("{field} is {how}"), serde_json_canonicalizer::to_string(&wrong).unwrap(), typed, "malformed");
        }
        let twice = base.replacen('{', &format!("{{\"{field}\":\"{whole}\","), 1);
        put(&format!("{field} twice"), twice, typed, "malformed");
    }
    put("key of small order", with("key", &("01".to_owned() + &"00".repeat(31))), typed, "malformed");
    put("key that is no point", with("key", &("02".to_owned() + &"00".repeat(31))), typed, "malformed");
    for schema in ["corroborate/key/v0", "corroborate/key/v2", "corroborate/roster/v1", "", "Corroborate/key/v1"] {
        put(&format!("schema {schema:?}"), with("schema", schema), typed, "malformed");
    }
    put("a field more", base.replacen('{', "{\"about\":\"x\",", 1), typed, "malformed");
    put("laid out", serde_json::to_string_pretty(&value).unwrap(), typed, "malformed");
    put(
        "another order",
        format!(
            "{{{},{}}}",
            "\"schema\":\"corroborate/key/v1\"",
            base.trim_matches(['{', '}']).replace(",\"schema\":\"corroborate/key/v1\"", "")
        ),
        typed,
        "malformed",
    );
    put("escaped", base.replacen("corroborate", "\\u0063orroborate", 1), typed, "malformed");
    for (name, wrong) in [
        ("two line feeds", format!("{base}\n\n")),
        ("a carriage return", format!("{base}\r\n")),
        ("a blank before", format!(" {base}")),
        ("a mark of byte order", format!("\u{feff}{base}")),
        ("cut off", base[..base.len() - 1].to_owned()),
        ("something after", format!("{base}x")),
        ("nothing", String::new()),
        ("null", "null".to_owned()),
        ("a list", "[]".to_owned()),
        ("an object", "{}".to_owned()),
        ("longer than any", format!("{base}{}", " ".repeat(4096))),
    ] {
        put(name, wrong, typed, "malformed");
    }
    all
}

#[test]
fn key_files() {
    let vectors: Vec<Value> = made()
        .into_iter()
        .map(|(name, file, passphrase, wanted)| {
            let (result, reason, secret) = said(&file, &passphrase);
            assert_eq!(reason.unwrap_or("accepted"), wanted, "{name}");
            json!({ "name": name, "file": file, "passphrase": passphrase, "result": result, "reason": reason, "secret": secret })
        })
        .collect();
    assert!(vectors.len() >= 100, "{} vectors", vectors.len());
    let text = serde_json::to_string_pretty(&json!({ "about": ABOUT, "vectors": vectors })).unwrap() + "\n";
    if std::env::var_os("CORROBORATE_WRITE_VECTORS").is_some() {
        std::fs::write(path(), &text).unwrap();
    }
    assert!(std::fs::read_to_string(path()).unwrap() == text, "the test makes other vectors than are kept");
}
