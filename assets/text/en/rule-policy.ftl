### Said about the policy.

rule-policy-file-says-but-laxest-allowed = the policy file says { $field } = { $found }, but { $bound } is the laxest allowed: correct the file, nothing was changed
rule-policy-offence-code-shipped-table-none = offence (a code that the shipped table has, or that is none)
rule-policy-case-number-format-places-digits = case_number_format (places for digits and letters)
rule-policy-time-zone-unknown-time-zone = time_zone (unknown to the time zone database)
rule-policy-provider-issuer = session.provider.issuer (an https address as the provider names itself, without a query)
rule-policy-provider-empty = session.provider (names of client, claims, scopes, acr and amr that are not blank)
rule-policy-provider-one-factor = session.provider (acr or amr that stand for more than one factor)
rule-policy-loosened-number = { $field }: { $is } in place of { $was }
rule-policy-loosened-allowed = Not forbidden any more: { $kind } ({ $law })
rule-policy-loosened-form = Case numbers have another form: { $is } in place of { $was }
rule-policy-loosened-agency = Searches may be limited to agencies
rule-policy-loosened-years = Searches may be limited to years
rule-policy-loosened-no-provider = Nobody signs in with the identity provider { $was } any more
rule-policy-loosened-provider = People sign in with an identity provider by other rules: { $is }
rule-policy-retention-default = the strictest that the program knows; the department's policy names none
rule-policy-retention-sooner = Cases go sooner: { $field } = { $is } in place of { $was }
