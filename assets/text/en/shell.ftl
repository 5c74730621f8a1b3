### Seen in the head and foot of the window, on every screen.

shell-name = Corroborate
shell-case = case { $number }
shell-case-without-number = case without number
shell-case-new = new case
shell-purpose = purpose: { $purpose }
shell-bench = second examination, blind
shell-signed-in = signed in: { $name }
shell-cases-button = Cases
shell-settings-button = Settings
shell-lock-button = Lock
shell-lock-title = Locks the window; you or a colleague signs in again
# Shown while the program's own statement is not there yet.
shell-statement = INVESTIGATIVE LEAD ONLY. Not an identification. Not probable cause. Must not be the sole basis of an arrest or detention.
shell-provider-away = You signed in with a code while the department’s identity provider could not be reached. It is on record.
shell-audit-button = Audit
shell-policy-unsigned = The department has not signed this policy yet. An administrator does so in Settings; nobody searches here until then.
