//! JSON that can be read in one way only: no name twice, no number that loses digits, and written as RFC 8785 writes it.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, Serialize};
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

use crate::Refusal;

/// The largest whole number that every reader of JSON keeps (RFC 8785, appendix D).
const MOST: u64 = (1 << 53) - 1;

/// How an error of this module's own says that a name stands twice; serde carries errors as text alone.
const TWICE: &str = "\u{1}twice:";

/// The canonical text of `value`.
///
/// # Errors
/// [`Refusal::Malformed`] where a number would not be read back as it was, or something is no JSON.
pub(crate) fn canonical(value: &impl Serialize) -> Result<String, Refusal> {
    let value = serde_json::to_value(value).map_err(|e| Refusal::Malformed { what: e.to_string() })?;
    whole(&value)?;
    serde_json_canonicalizer::to_string(&value).map_err(|e| Refusal::Malformed { what: e.to_string() })
}

fn whole(value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Number(number) => {
            let far =
                number.as_u64().is_some_and(|n| n > MOST) || number.as_i64().is_some_and(|n| n.unsigned_abs() > MOST);
            if far { Err(Refusal::Malformed { what: number.to_string() }) } else { Ok(()) }
        }
        Value::Array(all) => all.iter().try_for_each(whole),
        Value::Object(all) => all.values().try_for_each(whole),
        _ => Ok(()),
    }
}

/// Reads canonical JSON (RFC 8785) of at most `most` bytes: the text, and what it says. No object has a name twice.
///
/// # Errors
/// [`Refusal::TooLarge`], [`Refusal::NotText`], [`Refusal::DuplicateName`], [`Refusal::NotCanonical`].
pub fn read(bytes: &[u8], most: usize) -> Result<(&str, Value), Refusal> {
    if bytes.len() > most {
        return Err(Refusal::TooLarge { bytes: bytes.len(), most });
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Refusal::NotText { what: e.to_string() })?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Once.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|e| {
        let said = e.to_string();
        match said.split_once(TWICE).and_then(|(_, rest)| rest.split_once(TWICE)) {
            Some((name, _)) => Refusal::DuplicateName { name: name.to_owned() },
            None => Refusal::NotText { what: said },
        }
    })?;
    let canonical = serde_json_canonicalizer::to_string(&value).map_err(|_| Refusal::NotCanonical)?;
    if canonical != text { Err(Refusal::NotCanonical) } else { Ok((text, value)) }
}

/// What a value says as a `T` that has no other fields.
///
/// # Errors
/// [`Refusal::UnknownField`] or [`Refusal::Malformed`].
pub(crate) fn fields<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|e| {
        let what = e.to_string();
        // As serde begins it; tests/chain.rs notices if it begins otherwise.
        match what.strip_prefix(concat!("unknown", " field `")).and_then(|rest| rest.split_once('`')) {
            Some((name, _)) => Refusal::UnknownField { name: name.to_owned() },
            None => Refusal::Malformed { what },
        }
    })
}

pub(crate) fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Builds a [`Value`] and refuses a name that an object has already.
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = seq.next_element_seed(Once)? {
            all.push(value);
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if all.contains_key(&name) {
                return Err(A::Error::custom(format_args!("{TWICE}{name}{TWICE}")));
            }
            let value = map.next_value_seed(Once)?;
            all.insert(name, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_one_reading_or_none() {
        let reason = |text: &str| read(text.as_bytes(), 200).expect_err(text).reason();
        assert!(read(br#"{"a":[1,null,true,"x",{}],"b":-0.5}"#, 200).is_ok());
        assert_eq!(reason(r#"{"a":1,"a":1}"#), "duplicate-name");
        assert_eq!(reason(r#"{"a":{"b":[{"c":1,"\u0063":2}]}}"#), "duplicate-name");
        for other in [
            r#"{"b":1,"a":1}"#,
            r#"{"a": 1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e0}"#,
            r#"{"a":"\u0061"}"#,
            r#"{"a":-0}"#,
            r#"{"a":9007199254740993}"#,
            " {}",
            "{}\n",
        ] {
            assert_eq!(reason(other), "not-canonical", "{other}");
        }
        for none in ["", "{", r#"{"a":1}x"#, r#""\ud800""#, "NaN", "{\"a\":1,}", "\u{feff}{}"] {
            assert_eq!(reason(none), "not-text", "{none}");
        }
        assert_eq!(read(&[b'"', 0xff, b'"'], 200).expect_err("no UTF-8").reason(), "not-text");
        assert_eq!(reason(&format!("\"{}\"", "a".repeat(200))), "too-large");
        assert_eq!(reason(&"[".repeat(190)), "not-text");
    }

    #[test]
    fn a_number_that_would_lose_digits_is_not_written() {
        assert_eq!(canonical(&(1u64 << 53)).expect_err("too far").reason(), "malformed");
        assert_eq!(canonical(&i64::MIN).expect_err("too far").reason(), "malformed");
        assert_eq!(canonical(&[MOST]).as_deref(), Ok("[9007199254740991]"));
    }
}
