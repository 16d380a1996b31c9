"""Specific reasons, one sentence per person, as an investigator would write them (R-19).

- Four parts combine to sixty thousand sentences that stay apart without names, digits and places.
- None of them speaks of removing or finding a person; the sentences that do stand apart, to be refused.
"""

import random

_MATTERS = (
    "The subject is charged with a willful failure to depart",
    "The office investigates a willful refusal to leave after a final order",
    "A grand jury weighs an indictment for failure to depart",
    "The prosecutor prepares an information for failure to comply with an order",
    "The open case asks if the failure to depart was willful",
    "The subject is suspected of obstructing travel documents",
    "The file alleges a knowing refusal to apply for a passport",
    "An indictment for a willful failure to depart is drafted",
    "The case tests whether the subject knew of the final order",
    "The inquiry concerns false statements about departure made to an officer",
    "The subject claimed under oath to have left the country",
    "The matter is a criminal referral after a missed departure date",
    "The office builds a trial record on notice and intent",
    "The complaint rests on a refusal to depart within the statutory time",
    "The investigation covers a staged departure recorded at a port",
    "The assigned attorney must prove willfulness beyond a reasonable doubt",
)
_EVIDENCE = (
    "a refunded airline ticket suggests that the trip was never taken",
    "a travel agency's ledger contradicts the sworn statement",
    "a notary recalls the subject signing papers after the claimed departure",
    "bank tellers describe visits during the claimed absence",
    "a consulate reports that no passport was requested",
    "the interview notes mention a lease renewed after the order",
    "a utility contract was signed after the deadline had passed",
    "payroll stubs seized with consent continue past the deadline",
    "a school form names the subject as present guardian",
    "a vehicle title was transferred in person after the deadline",
    "a medical appointment was kept after the claimed departure",
    "a boarding pass in evidence appears to be altered",
    "the port's log shows no exit under this identity",
    "a cooperating witness saw the order being read aloud",
    "the hearing transcript shows that warnings were given",
    "an insurance claim was filed after the deadline",
    "a union roster lists attendance after the deadline",
    "a pharmacy log shows prescriptions collected in person",
    "a money transfer form carries the subject's own hand",
    "a voicemail in evidence refers to the order by its date",
)
_RELEVANCE = (
    "the mailing address on file shows if notices were received",
    "the address given to the custodian tests the claim of absence",
    "a filed address would corroborate or refute the witness",
    "the address on file bears on knowledge of the order",
    "the address of the taxable year fixes the time of residence as an element",
    "the filed address may exculpate the subject",
    "the address is needed to compare with the sworn declaration",
    "the address in that year is evidence of willfulness",
    "the filed address ties the seized mail to the subject",
    "the address tests the authenticity of the lease in evidence",
    "the address shows whether the warning letter was properly addressed",
    "the address on file is offered as proof of continued presence",
    "the filed address decides if the statement was false when made",
    "the address supports or defeats the defense of impossibility",
    "the address separates the subject from another person of like name",
    "the address establishes the court's venue",
)
_ENDINGS = (
    "the draft complaint is due soon",
    "the grand jury sits this quarter",
    "the assigned attorney asked for it in writing",
    "the supervising attorney approved the inquiry",
    "no other source holds this evidence",
    "other sources were exhausted first",
    "the statement will be used at trial only",
    "the exhibit list names this item",
    "the discovery schedule requires it",
    "the charging decision depends on it",
    "the witness will be examined on it",
    "the pretrial motion relies on it",
)
# Legitimate words that only a careless filter takes for a removal purpose: they tell of the offense.
TELLING = (
    "The subject was served with the final order of removal in person.",
    "The subject was ordered removed by the court and knew it.",
    "The offense is a failure to depart within ninety days of the order of removal.",
)
REMOVAL = (
    "Locate for removal",
    "Needed so that the subject can be removed from the country",
    "Civil removal of the subject is planned",
    "To execute the order of removal and deport the subject",
    "Address required for deportation by the field team",
    "For use in civil immigration enforcement and removal",
)
LOCATION = (
    "Current whereabouts, serve warrant",
    "To locate the subject",
    "The present location of the subject is unknown and wanted",
    "Need whereabouts to apprehend the subject",
    "To find out where the subject can be arrested",
    "Locate the fugitive for the task force",
)
COUNT = len(_MATTERS) * len(_EVIDENCE) * len(_RELEVANCE) * len(_ENDINGS)


def sentence(place: int) -> str:
    """The sentence at a place of the list of `COUNT`; places beyond it begin again."""
    place, matter = divmod(place % COUNT, len(_MATTERS))
    place, evidence = divmod(place, len(_EVIDENCE))
    ending, relevance = divmod(place, len(_RELEVANCE))
    return f"{_MATTERS[matter]}: {_EVIDENCE[evidence]}; {_RELEVANCE[relevance]}, and {_ENDINGS[ending]}."


def draw_order(rng: random.Random, size: int) -> list[str]:
    """`size` sentences, all different as long as there are enough of them."""
    order = rng.sample(range(COUNT), min(size, COUNT))
    return [sentence(order[place % len(order)]) for place in range(size)]
