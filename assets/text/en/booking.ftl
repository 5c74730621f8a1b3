### Said about booking files.

booking-malformed-byte = malformed at byte { $position }: { $reason }
booking-should-number = { $what } should be a number
booking-record-type = a record's type
booking-field-tag-should-like-10 = a field's tag should be like 10.020:
booking-field-number = a field's number
booking-field-tag-should-end-colon = a field's tag should end with a colon
booking-record-should-begin-length-field = a record should begin with its length, field 001
booking-record-length = a record's length
booking-record-should-bytes-file-ends = the record should have { $length } bytes, the file ends before
booking-record-should-end-here-file = the record should end here with a file separator
booking-group-separator-should-stand-between = a group separator should stand between two fields
booking-field-type-stands-record-type = a field of type { $own } stands in a record of type { $kind }
booking-file-separator-stands-within-record = a file separator stands within a record
booking-field-stands-twice-record = field { $kind }.{ $number } stands twice in a record
booking-record-longer-than-fields = the record is longer than its fields
booking-field-1-003-does-not = field 1.003 does not list the records that follow
booking-transaction-should-begin-type-1 = a transaction should begin with a Type-1 record
booking-field-1-003-lists-records = field 1.003 lists { $listed } records, { $records } are there
booking-binary-record-type-not-supported = a binary record of type { $kind } is not supported
booking-field-1-003-lists-record = field 1.003 lists a record of type { $kind } here, this one is of type { $kind2 }
booking-field-002-should-number-record = field 002 should number the record (IDC), 0 to 99
booking-more-than-records = more than { $most_records } records
booking-bytes-stand-behind-last-record = bytes stand behind the last record
