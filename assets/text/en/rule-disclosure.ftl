### Said in disclosures.

rule-disclosure-no-such-case-here = There is no such case for you here.
rule-disclosure-face-recognition-search-made-case = A face recognition search was made in this case. Its candidates are investigative leads, not identifications.

# Said of a list's scores on the screen once it is unveiled, and in the disclosure. Nothing here is a probability that somebody
# is the person.
rule-disclosure-worth-not-measured = What these scores are worth: not measured. { $because }
rule-disclosure-worth-not-kept = This search was made before the program kept what that needs.
rule-disclosure-worth-several-photographs = The template was made of several photographs.
rule-disclosure-worth-prepared = The probe was prepared before it was encoded.
rule-disclosure-worth-model = There is no calibration for this model and this way of encoding.
rule-disclosure-worth-quality = Too few labelled photographs of this quality were at hand.
rule-disclosure-worth-measured = Measured on { $people } people ({ $measured_on }); this search compared { $compared } photographs. Other photographs may behave otherwise. None of these figures says how likely it is that a candidate is the person: that depends on everything else that is known.
rule-disclosure-worth-present = If every second such probe showed somebody who is in this gallery, then of 100 lists like this one about { $lists } would hold the person.
rule-disclosure-worth-present-hardly = If every second such probe showed somebody who is in this gallery, then of 100 lists like this one fewer than 1 would hold the person.
rule-disclosure-worth-present-mostly = If every second such probe showed somebody who is in this gallery, then of 100 lists like this one more than 99 would hold the person.
rule-disclosure-worth-present-off = Tried on people who had no part in making it, such numbers were off by about { $off } lists of 100 on average.
rule-disclosure-worth-present-beyond = That was measured with galleries of up to { $largest } people and is carried on from there.
rule-disclosure-worth-one-person = about { $times } times more usual among photographs of one person than of two
rule-disclosure-worth-two-people = about { $times } times more usual among photographs of two people than of one
rule-disclosure-worth-at-least-one-person = at least { $times } times more usual among photographs of one person than of two
rule-disclosure-worth-at-least-two-people = at least { $times } times more usual among photographs of two people than of one
rule-disclosure-worth-either = about as usual among photographs of two people as of one
rule-disclosure-chance-many =
    { $count ->
        [one] about { $count } other person’s photograph is expected to score so high
       *[other] about { $count } other people’s photographs are expected to score so high
    }
rule-disclosure-chance-many-at-most =
    { $count ->
        [one] at most about { $count } other person’s photograph is expected to score so high
       *[other] at most about { $count } other people’s photographs are expected to score so high
    }
rule-disclosure-chance-seldom = another person’s photograph is expected to score so high in about 1 of { $searches } such searches
rule-disclosure-chance-seldom-at-most = another person’s photograph is expected to score so high in at most 1 of { $searches } such searches
rule-disclosure-words-are-others = The statement or the schema of the disclosure is not one that the program writes.
rule-disclosure-tells-otherwise = The disclosure tells of a list what its examination does not allow, or withholds what was unveiled.
rule-disclosure-computed-otherwise = What the entries are worth, or which of them contradict, is not what the record gives.
rule-disclosure-dated-later = Something in the disclosure is dated after it was made, or out of order.
