### Said about the policy.

rule-policy-file-says-but-laxest-allowed = the policy file says { $field } = { $found }, but { $bound } is the laxest allowed: correct the file, nothing was changed
rule-policy-offence-code-shipped-table-none = offence (a code that the shipped table has, or that is none)
rule-policy-case-number-format-places-digits = case_number_format (places for digits and letters)
rule-policy-time-zone-unknown-time-zone = time_zone (unknown to the time zone database)
rule-policy-provider-issuer = session.provider.issuer (an https address as the provider names itself, without a query)
rule-policy-provider-empty = session.provider (names of client, claims, scopes, acr and amr that are not blank)
rule-policy-provider-one-factor = session.provider (acr or amr that stand for more than one factor)
# Which number, by its place in the policy (a point is a hyphen).
rule-policy-loosened-number = { $number ->
    [basis_minimum_characters] Characters of a basis, at least
    [search-candidates] Candidates of a list
    [corroboration-sought_attempts] Attempts before a category counts as sought
    [corroboration-independent_supports] Independent supports
    [corroboration-stale_after_days] Days after which an entry is stale
    [corroboration-attachment_megabytes] Megabytes of an attachment
    [examination-minimum_concluded] Candidates to conclude on, at least
    [examination-verification_fillers] Others beside the lead for the second examiner
    [session-lock_after_minutes] Minutes until the window locks
    [session-wrong_passphrases] Wrong passphrases before a wait
    [session-wait_minutes] Minutes of that wait
    [session-passphrase_characters] Characters of a passphrase, at least
    [session-second_factor_hours] Hours for which a second factor counts
    [session-provider-clock_skew_seconds] Seconds by which the identity provider’s clock may differ
    [session-provider-max_age_minutes] Minutes since a sign-in at the identity provider
    [session-provider-offline_hours] Hours without the identity provider
    [training-valid_months] Months for which training is valid
    [training-minimum_proficiency] Proficiency result, at least
    [quality-floor] Quality below which nobody searches
    [quality-target] Quality below which a reason is asked
    [retention-lead_days] Days for which a lead is kept
    [retention-nothing_days] Days for which a search that gave nothing is kept
    [retention-draft_days] Days for which a draft is kept
    [retention-notice_days] Days of notice before a case goes
    [oversight-note_after_days] Days after which a search should have a note
    [oversight-searches_a_case] Searches of a case that are many
    [oversight-same_basis_cases] Cases with one basis that are many
    [oversight-near_floor_points] Points above the quality floor that are near it
    [oversight-seconds_a_candidate] Seconds a conclusion that are too few
    [oversight-fewest] Times before a pattern is spoken of
    [oversight-chance_one_in] How rare a pattern by chance must be
    [oversight-usual_from_hour] Hour at which work usually begins
    [oversight-usual_until_hour] Hour at which work usually ends
    [oversight-exports_a_month] Exports a month that are many
    [oversight-failed_sign_ins_a_day] Failed sign-ins a day that are many
    [oversight-clock_minutes] Minutes by which clocks may differ
    [oversight-silent_days] Days without an event of a workstation
   *[other] { $field }
} ({ $field }): { $is } in place of { $was }
rule-policy-loosened-allowed = Not forbidden any more: { $kind } ({ $law })
rule-policy-loosened-form = Case numbers have another form: { $is } in place of { $was }
rule-policy-loosened-agency = Searches may be limited to agencies
rule-policy-loosened-years = Searches may be limited to years
rule-policy-loosened-no-provider = Nobody signs in with the identity provider { $was } any more
rule-policy-loosened-provider = People sign in with an identity provider by other rules: { $is }
rule-policy-retention-default = the strictest that the program knows; the department's policy names none
rule-policy-retention-sooner = Cases go sooner: { $field } = { $is } in place of { $was }
