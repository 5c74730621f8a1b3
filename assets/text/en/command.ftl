### Said by the window and the commands of `corroborate`.

command-choose-file-belongs-entry = Choose the file that belongs to this entry
command-choose-groups = Choose a report by group
command-choose-gallery-audit = Choose the file of the gallery’s audit
command-choose-case-package = Choose the case package
command-no-such-picture = There is no such picture.
command-choose-photograph-unknown-person = Choose the photograph of the unknown person
command-process-cannot-protected-nothing-opened = this process cannot be protected ({ $e }). Nothing was opened.
command-program-does-not-know-where = the program does not know where it is: { $e }
command-program-cannot-started-without-remote = the program cannot be started without remote control: { $exec }
command-program-cannot-started-without-remote-control = the program cannot be started without remote control: { $e }
command-corroborate = corroborate: { $message }
command-note-case-sealed-unchanged = note { $id } of case { $number }, sealed { $sealed_at }, unchanged
command-sealed-badge-key = sealed by { $name }, badge { $badge }, with the key { $sealed_by }
command-reviewed-key = reviewed { $at } by { $name }: { $decision }, with the key { $key }
command-not-reviewed = not reviewed
command-addenda-all-whole = { $addenda } addenda, all whole
command-name-vault-folder-data = name the vault's folder with --data
command-cannot-read-token-from-stdin = cannot read the token from stdin: { $e }
command-cannot-start = cannot start: { $e }
command-sent-taken-known-already-refused = { $sent } sent, { $taken } taken in, { $again } known already, { $refused } refused
command-window-cannot-opened = the window cannot be opened: { $e }
command-validity-no-such-file = { $path } is no file that faces wrote for this: { $e }. Nothing was printed
command-validity-not-written = { $path } could not be written: { $e }
command-signed = Signed: { $what }, by { $name }, badge { $badge }, { $ori }, at { $at }, by version { $version } of the department.
command-signers-none = Not checked: who signed. The file was made without a department and shows nobody's own signature.
command-signers-not-checked = Not checked: whether that is your department. Its root key is { $root }; name yours with --department.
command-times-are-claims = Each moment is the signer's word; nothing outside the department held these records then.
command-signer-missing = Not checked: { $missing }.
command-backup-made = { $path }: { $bytes } bytes, of them { $fresh } new; read back whole.
command-restore-needs-keys = Bring the recovery kit (--kit) or keys of the escrow (--key). Nothing was restored.
command-restored = Restored as of { $made_at }. With their passphrase and telephone can sign in: { $names }.
command-restored-lost =
    { $rows ->
        [one] The department’s log has one event of this workstation more than the backup, the last of { $at }. It is lost here; auditors have what was sent to them. The audit goes on after it and says so.
       *[other] The department’s log has { $rows } events of this workstation more than the backup, the last of { $at }. They are lost here; auditors have what was sent to them. The audit goes on after them and says so.
    }
command-backup-tried = The backup of { $made_at } can be restored: { $cases } cases, { $notes } sealed notes, { $events } events of the audit, each following from the one before. Nothing was touched.
command-report-name-badge = Name who makes the report with --badge: this workstation has several people.
