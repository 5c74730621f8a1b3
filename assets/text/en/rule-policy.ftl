### Said about the policy.

rule-policy-file-says-but-laxest-allowed = the policy file says { $field } = { $found }, but { $bound } is the laxest allowed: correct the file, nothing was changed
rule-policy-offence-code-shipped-table-none = offence (a code that the shipped table has, or that is none)
rule-policy-case-number-format-places-digits = case_number_format (places for digits and letters)
rule-policy-time-zone-unknown-time-zone = time_zone (unknown to the time zone database)
rule-policy-provider-issuer = session.provider.issuer (an https address as the provider names itself, without a query)
rule-policy-provider-empty = session.provider (names of client, claims, scopes, acr and amr that are not blank)
rule-policy-provider-one-factor = session.provider (acr or amr that stand for more than one factor)
