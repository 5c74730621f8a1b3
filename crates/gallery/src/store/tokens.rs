//! Who may do what: tokens, certificates, agencies' rules.

use catalogue::say;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::agencies::{AgencyRule, agency_no, agency_rule};
use super::audit::append_audit;
use super::error::StoreError;
use super::forms::{moment, now, sha256};
use super::sql::{Row, one, with, write};
use super::whole::Store;

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Searches and photographs.
    Search,
    /// Enrolment, suppression and expungement.
    Enrol,
    /// The audit.
    Audit,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::Search, Scope::Enrol, Scope::Audit];

    /// Its name in the store and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Search => "search",
            Scope::Enrol => "enrol",
            Scope::Audit => "audit",
        }
    }
}

/// Who a valid token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHolder {
    /// Identity of the token.
    pub id: String,
    /// Agency (ORI).
    pub agency: String,
    /// User.
    pub user: String,
    /// The key that must sign its searches, in hexadecimal, where it names one.
    pub signing_key: Option<String>,
    scopes: String,
}

impl TokenHolder {
    /// Whether the token allows `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.split(',').any(|s| s == scope.code())
    }
}

/// A token that was just issued. The secret is shown once and stored nowhere.
#[derive(Debug)]
pub struct IssuedToken {
    /// Identity, for revocation.
    pub id: String,
    /// The bearer token.
    pub secret: String,
}

/// Who changes records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority<'a> {
    /// Whoever operates the gallery, on its own machine: any records.
    Operator(&'a str),
    /// Somebody of an agency: its own records.
    Agency {
        /// Agency (ORI).
        ori: &'a str,
        /// Who.
        user: &'a str,
    },
}

impl<'a> Authority<'a> {
    pub(super) fn actor(self) -> &'a str {
        match self {
            Authority::Operator(user) | Authority::Agency { user, .. } => user,
        }
    }

    pub(super) fn agency(self) -> &'a str {
        self.own().unwrap_or_default()
    }

    /// The agency whose records it may change; all where there is none.
    pub(super) fn own(self) -> Option<&'a str> {
        match self {
            Authority::Operator(_) => None,
            Authority::Agency { ori, .. } => Some(ori),
        }
    }
}

impl Store {
    /// Issues a bearer token, good for `days` days or until it is revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn issue_token(
        &mut self,
        agency: &str,
        user: &str,
        scopes: &[Scope],
        days: Option<u32>,
    ) -> Result<IssuedToken, StoreError> {
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(StoreError::Random)?;
        let secret = format!("cgt_{}", hex::encode(random));
        let id = Uuid::new_v4().to_string();
        let scopes = scopes.iter().map(|s| s.code()).collect::<Vec<_>>().join(",");
        let expires = days.map(|days| moment(Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days))));
        write(&mut *self.db, |db| {
            db.execute(
                "INSERT INTO token (token_id, secret_sha256, agency, holder, scopes, issued_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                with![&id, sha256(secret.as_bytes()), agency, user, &scopes, now(), expires.clone()],
            )?;
            let detail = json!({ "token_id": id, "scopes": scopes, "expires_at": expires });
            append_audit(db, user, agency, "token-issued", &detail)
        })?;
        Ok(IssuedToken { id, secret })
    }

    /// Binds a token to the key that must sign its searches.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn bind_token(&mut self, id: &str, public_key: &str) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            db.execute("UPDATE token SET signing_key = $1 WHERE token_id = $2", with![public_key, id])?;
            append_audit(db, "administrator", "", "token-bound", &json!({ "token_id": id, "public_key": public_key }))
        })
    }

    /// Revokes a token by its identity or its secret.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when no valid token is meant.
    pub fn revoke_token(&mut self, id_or_secret: &str) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            let id: Option<String> = one(
                db,
                "UPDATE token SET revoked_at = $1 WHERE revoked_at IS NULL AND (token_id = $2 OR secret_sha256 = $3)
                 RETURNING token_id",
                with![now(), id_or_secret, sha256(id_or_secret.as_bytes())],
                Row::next,
            )?;
            let id = id.ok_or_else(|| StoreError::Unknown(say!("gallery-valid-token-identity").to_owned()))?;
            append_audit(db, "administrator", "", "token-revoked", &json!({ "token_id": id }))
        })
    }

    /// Who holds `secret`, if it is valid.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holder(&mut self, secret: &str) -> Result<Option<TokenHolder>, StoreError> {
        self.holder_of(&sha256(secret.as_bytes()))
    }

    fn holder_of(&mut self, kept: &str) -> Result<Option<TokenHolder>, StoreError> {
        one(
            &mut *self.db,
            "SELECT token_id, agency, holder, signing_key, scopes FROM token
             WHERE secret_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
            with![kept, now()],
            |r| {
                Ok(TokenHolder {
                    id: r.next()?,
                    agency: r.next()?,
                    user: r.next()?,
                    signing_key: r.next()?,
                    scopes: r.next()?,
                })
            },
        )
    }

    /// Admits the holder of a client certificate, named by its SHA-256, like the holder of a token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admit_certificate(
        &mut self,
        sha256: &str,
        agency: &str,
        user: &str,
        scopes: &[Scope],
        expires: &str,
    ) -> Result<(), StoreError> {
        let scopes = scopes.iter().map(|s| s.code()).collect::<Vec<_>>().join(",");
        let id = format!("certificate:{sha256}");
        write(&mut *self.db, |db| {
            db.execute(
                "INSERT INTO token (token_id, secret_sha256, agency, holder, scopes, issued_at, expires_at)
                 VALUES ($1, $1, $2, $3, $4, $5, $6)",
                with![&id, agency, user, &scopes, now(), expires],
            )?;
            append_audit(db, user, agency, "certificate-admitted", &json!({ "token_id": id, "scopes": scopes }))
        })
    }

    /// Who holds the client certificate of this SHA-256, if it is admitted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn certificate_holder(&mut self, sha256: &str) -> Result<Option<TokenHolder>, StoreError> {
        self.holder_of(&format!("certificate:{sha256}"))
    }

    /// Sets what an agency may do.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_agency_rule(&mut self, ori: &str, rule: &AgencyRule) -> Result<(), StoreError> {
        write(&mut *self.db, |db| {
            agency_no(db, ori)?;
            let number = |n: Option<u32>| n.map(i64::from);
            db.execute(
                "UPDATE agency SET purposes = $1, searches_a_day = $2, minimum_seconds = $3, searches_together = $4,
                     photographs_a_day = $5, photographs_together = $6 WHERE ori = $7",
                with![
                    rule.purposes.as_ref().map(|p| p.join(",")),
                    number(rule.searches_a_day),
                    number(rule.minimum_seconds),
                    number(rule.searches_together),
                    number(rule.photographs_a_day),
                    number(rule.photographs_together),
                    ori
                ],
            )?;
            let detail = json!({ "agency": ori, "purposes": rule.purposes, "searches_a_day": rule.searches_a_day,
                "minimum_seconds": rule.minimum_seconds, "searches_together": rule.searches_together,
                "photographs_a_day": rule.photographs_a_day, "photographs_together": rule.photographs_together });
            append_audit(db, "administrator", ori, "agency-rule", &detail)
        })
    }

    /// What an agency may do.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agency_rule(&mut self, ori: &str) -> Result<AgencyRule, StoreError> {
        agency_rule(&mut *self.db, ori)
    }
}
