### Said in disclosures.

rule-disclosure-no-such-case-here = There is no such case for you here.
rule-disclosure-face-recognition-search-made-case = A face recognition search was made in this case. Its candidates are investigative leads, not identifications.
